import assert from "node:assert/strict";
import fc from "fast-check";
import { bindingOf, checkCalls, CMDLETS, fits, syntaxOf } from "../../estate/cmdlets";
import { CORRECTIONS, ENUMERATIONS } from "../../estate/cmdlets/corrections";
import { CmdletName, Job, Product, type Value } from "../../estate/documents";
import { readExamples } from "../../docs/pages/examples";

const problems = (cmdlet: string, parameters: Record<string, Value>, product: Product = "lync2013"): string[] => {
  const step = { kind: "cmdlet", id: "call", title: "Call", cmdlet, parameters } as const;
  return checkCalls(Job.make({ ...ONE_OFF, product, steps: [step] }));
};
const ONE_OFF = {
  name: "one-off",
  owner: { project: "lync", stack: "test", name: "one-off" },
  purpose: "restore" as const,
  title: "One call",
  deployment: "contoso",
  placement: [{ host: "admin01.contoso.com" }],
  account: "CONTOSO\\lync-backup$",
  timeLimitMinutes: 5,
};
const POOL = { PoolFqdn: "pool01.contoso.com" };
const FILE = { FileName: "C:\\Export.zip" };
const INSTANCE = { DBInstance: "sql01.contoso.com\\rtc" };

describe("the cmdlet table", () => {
  it("names cmdlets as documents can, each with products that there are", () => {
    for (const [name, { products, parameters }] of Object.entries(CMDLETS)) {
      assert.ok(CmdletName.safeParse(name).success, name);
      assert.ok(products.length > 0, name);
      for (const product of products) assert.ok(Product.safeParse(product).success, name);
      for (const parameter of Object.keys(parameters)) assert.match(parameter, /^[A-Z][A-Za-z0-9]*$/, name);
    }
  });

  it("has no two cmdlets and no two parameters that differ in case only", () => {
    for (const names of [Object.keys(CMDLETS), ...Object.values(CMDLETS).map((one) => Object.keys(one.parameters))]) {
      assert.equal(new Set(names.map((name) => name.toLowerCase())).size, names.length);
    }
  });

  it("puts each parameter into parameter sets and products of its cmdlet", () => {
    for (const [name, cmdlet] of Object.entries(CMDLETS)) {
      for (const [parameter, { sets = [], required, products = [] }] of Object.entries(cmdlet.parameters)) {
        const where = `${name} -${parameter}`;
        for (const set of sets) assert.ok(cmdlet.sets?.includes(set), where);
        if (required !== undefined && required !== true)
          for (const set of required) assert.ok(cmdlet.sets?.includes(set), where);
        for (const product of products) assert.ok(cmdlet.products.includes(product), where);
      }
    }
  });

  it("can be called in every product that it names: some parameter set is whole", () => {
    for (const [name, { products }] of Object.entries(CMDLETS)) {
      for (const product of products) {
        const syntax = syntaxOf(name, product);
        assert.ok(syntax && syntax.sets.length > 0, `${name} in ${product}`);
        for (const { required, takes } of syntax.sets) for (const one of required) assert.ok(takes.has(one), name);
      }
    }
  });

  it("has a use for each correction and each enumeration", () => {
    for (const { cmdlets, parameter, change, because } of CORRECTIONS) {
      assert.match(because, /\.$/);
      for (const name of cmdlets) {
        const found = parameter === undefined ? CMDLETS[name] : CMDLETS[name]?.parameters[parameter];
        for (const [key, value] of Object.entries(change)) {
          assert.deepEqual((found as Record<string, unknown> | undefined)?.[key], value, `${name}: ${because}`);
        }
      }
    }
    const types = new Set(Object.values(CMDLETS).flatMap((one) => Object.values(one.parameters).map((p) => p.type)));
    for (const type of Object.keys(ENUMERATIONS)) assert.ok(types.has(type), type);
  });

  it("goes by 2019 for Subscription Edition", () => {
    for (const name of Object.keys(CMDLETS)) {
      assert.deepEqual(syntaxOf(name, "sfbse"), syntaxOf(name, "sfb2019"), name);
    }
  });

  it("has no Persistent Chat and no mirroring from 2019 on", () => {
    const gone = Object.keys(CMDLETS).filter((name) => /PersistentChat|Mirror|CsDatabaseFailover/.test(name));
    assert.equal(gone.length, 9);
    for (const name of gone) {
      for (const product of Product.options) {
        assert.equal(syntaxOf(name, product) === undefined, product === "sfb2019" || product === "sfbse", name);
      }
    }
  });

  it("has what came with 2015 and 2019 from then on only", () => {
    for (const [cmdlet, parameter] of [
      ["Export-CsUserData", "UserFileFilter"],
      ["Update-CsUserData", "TargetPoolFqdn"],
      ["Update-CsUserData", "TestMode"],
      ["Invoke-CsPoolFailOver", "SkipDataVerification"],
      ["Invoke-CsPoolFailBack", "SkipDataVerification"],
      ["Get-CsPoolFabricState", "ShowAll"],
      ["Get-CsPoolFabricState", "QueryTimeout"],
    ] as const) {
      assert.equal(syntaxOf(cmdlet, "lync2013")?.parameters.has(parameter), false, parameter);
      for (const product of ["sfb2015", "sfb2019", "sfbse"] as const) {
        assert.equal(syntaxOf(cmdlet, product)?.parameters.has(parameter), true, parameter);
      }
    }
    assert.equal(syntaxOf("constructor", "lync2013"), undefined);
    assert.equal(syntaxOf("Start-CsPool", "lync2013"), undefined);
    assert.equal(syntaxOf("Invoke-CsRgsStoreReplicateData", "sfb2015"), undefined);
    assert.ok(syntaxOf("Set-CsBackupServiceConfiguration", "sfb2019")?.parameters.has("EnableRgsBackupService"));
  });

  it("goes by the cmdlet where a topic says otherwise", () => {
    for (const [cmdlet, right, wrong] of [
      ["Import-CsRgsConfiguration", "ReplaceExistingRgsSettings", "ReplaceExistingSettings"],
      ["Invoke-CsManagementServerFailover", "BackupMirrorSqlServerFqdn", "MirrorSQLServerFqdn"],
      ["Set-CsSite", "XmppFederationRoute", "XmppExternalFederationRoute"],
      ["Get-CsBackupServiceStatus", "Category", "BackupModule"],
      ["Install-CsDatabase", "ConfiguredDatabases", "ConfigureDatabases"],
      ["Move-CsManagementServer", "LisConfigurationFileName", "LisFileName"],
    ] as const) {
      assert.ok(syntaxOf(cmdlet, "lync2013")?.parameters.has(right), right);
      assert.ok(!syntaxOf(cmdlet, "lync2013")?.parameters.has(wrong), wrong);
    }
  });
});

describe("the check of calls", () => {
  it("accepts what is documented", () => {
    const good: [string, Record<string, Value>, Product?][] = [
      ["Export-CsConfiguration", FILE],
      ["Export-CsConfiguration", { AsBytes: true, LocalStore: true }],
      ["Export-CsUserData", { ...POOL, ...FILE }],
      ["Export-CsUserData", { SqlInstanceName: "rtc", ...FILE }, "sfb2015"],
      ["Export-CsPersistentChatData", { ...INSTANCE, ...FILE, Level: "RoomDirectory", StartDate: "2026-01-31" }],
      ["Get-CsService", { FileStore: true, PoolFqdn: "pool01.contoso.com" }],
      ["Get-CsUser", { Filter: { $text: ["RegistrarPool -eq '", { $ref: "host.pool" }, "'"] }, ResultSize: 7 }],
      ["Invoke-CsPoolFailBack", { ...POOL, WaitTime: "00:00:15" }],
      ["Set-CsPersistentChatActiveServer", { Identity: "chat", ActiveServers: { $map: { Add: "a.contoso.com" } } }],
      ["Set-CsPersistentChatActiveServer", { Identity: "chat", ActiveServers: null }],
      ["Invoke-CsManagementServerFailover", { BackupSqlServerFqdn: "sql11.contoso.com", Force: true }],
      ["Invoke-CsManagementServerFailover", { WhatIf: true }],
      ["Backup-CsPool", { ...POOL, FullBackup: true, FailedOverPoolOnly: true, Category: "UserData" }],
      ["Get-CsManagementStoreReplicationStatus", {}],
      ["Stop-CsWindowsService", {}],
    ];
    for (const [cmdlet, parameters, product] of good) assert.deepEqual(problems(cmdlet, parameters, product), []);
  });

  const refused: [string, string, Record<string, Value>, RegExp, Product?][] = [
    [
      "a cmdlet that nobody knows",
      "Export-CsEverything",
      {},
      /^steps\[0\]\.cmdlet: .* is no cmdlet of Lync Server 2013/,
    ],
    ["a cmdlet of another product", "Start-CsPool", POOL, /is no cmdlet of Lync Server 2013/],
    [
      "a parameter that nobody knows",
      "Export-CsUserData",
      { ...POOL, Path: "C:\\x" },
      /parameters\.Path: .*no parameter/,
    ],
    [
      "the beginning of a parameter",
      "Export-CsUserData",
      { ...POOL, File: "C:\\x" },
      /parameters\.File: .*no parameter/,
    ],
    ["another spelling", "Export-CsConfiguration", { Filename: "C:\\x" }, /parameters\.Filename: .*no parameter/],
    ["an alias", "Get-CsUser", { OnLyncServer: true }, /no parameter of this name/, "sfb2015"],
    ["a parameter of another product", "Export-CsUserData", { SqlInstanceName: "rtc", ...FILE }, /SqlInstanceName: /],
    ["a call without what is required", "Export-CsUserData", POOL, /parameters: Export-CsUserData lacks FileName$/],
    ["a call that goes nowhere", "Export-CsPersistentChatData", INSTANCE, /lacks (AsBytes|FileName)$/],
    [
      "disaster mode without force",
      "Invoke-CsManagementServerFailover",
      { BackupSqlServerFqdn: "a.b" },
      /lacks Force$/,
    ],
    ["two ways of calling at once", "Export-CsConfiguration", { ...FILE, AsBytes: true }, /not together$/],
    ["two switches of one kind", "Get-CsService", { FileStore: true, UserServer: true }, /not together$/],
    ["a switch with a text", "Export-CsConfiguration", { ...FILE, Force: "true" }, /Force: takes a SwitchParameter$/],
    ["a switch that is found", "Export-CsConfiguration", { ...FILE, Force: { $ref: "host.x" } }, /takes a Switch/],
    ["a short name of a pool", "Export-CsUserData", { PoolFqdn: "pool01", ...FILE }, /PoolFqdn: takes a Fqdn$/],
    ["a file that is a number", "Export-CsConfiguration", { FileName: 7 }, /FileName: takes a String$/],
    ["a number with a fraction", "Get-CsUser", { ResultSize: 1.5 }, /ResultSize: takes a UInt32$/],
    ["a time that depends on the region", "Invoke-CsPoolFailBack", { ...POOL, WaitTime: "15 s" }, /takes a TimeSpan$/],
    [
      "a date that depends on the region",
      "Export-CsPersistentChatData",
      { ...INSTANCE, ...FILE, Level: "RoomDirectory", StartDate: "1/2/2026" },
      /StartDate: takes a DateTime$/,
    ],
    [
      "a start date with another level",
      "Export-CsPersistentChatData",
      { ...INSTANCE, ...FILE, Level: "All", StartDate: "2026-01-31" },
      /StartDate: is for calls with -Level RoomDirectory only$/,
    ],
    [
      "a value of no enumeration",
      "Export-CsPersistentChatData",
      { ...INSTANCE, ...FILE, Level: "Rooms" },
      /takes one of All, /,
    ],
    ["an object that no document holds", "Get-CsUser", { Credential: "me" }, /Credential: takes a PSCredential$/],
  ];
  for (const [what, cmdlet, parameters, expected, product] of refused) {
    it(`finds ${what}`, () => {
      const found = problems(cmdlet, parameters, product);
      assert.ok(
        found.some((text) => expected.test(text)),
        found.join("\n") || "nothing was found",
      );
    });
  }

  it("looks into what a wait looks at", () => {
    const look = { kind: "cmdlet", cmdlet: "Get-CsPool", parameters: { Nonsense: "x" } } as const;
    const steps = [{ kind: "wait", id: "up", title: "Wait", look }] as const;
    const [found] = checkCalls(Job.make({ ...ONE_OFF, product: "sfb2019", steps: [...steps] }));
    assert.match(found ?? "", /^steps\[0\]\.look\.parameters\.Nonsense: Get-CsPool has no parameter/);
  });

  it("finds nothing in the recorded jobs", () => {
    const jobs = readExamples().filter(({ document }) => document === "job");
    assert.ok(jobs.length > 5);
    for (const { file, text } of jobs) assert.deepEqual(checkCalls(Job.parse(text)), [], file);
  });

  it("finds any name that is not in the table, however it is made", () => {
    const known = fc.constantFrom(...Object.keys(CMDLETS));
    fc.assert(
      fc.property(known, fc.constantFrom(...Product.options), fc.nat(), fc.boolean(), (name, product, at, cut) => {
        const syntax = syntaxOf(name, product);
        if (!syntax) return assert.match(problems(name, {}, product)[0] ?? "", /is no cmdlet of/);
        const [parameter] = [...syntax.parameters.keys()].slice(at % Math.max(1, syntax.parameters.size));
        if (parameter === undefined) return;
        const misspelt = cut ? parameter.slice(0, -1) : `${parameter}x`;
        if (syntax.parameters.has(misspelt)) return;
        assert.match(problems(name, { [misspelt]: "x" }, product).join("\n"), /no parameter of this name/);
      }),
    );
  });
});

describe("a binding", () => {
  it("is whole exactly where some parameter set takes all that is given and misses nothing", () => {
    const cases = fc.constantFrom(...Object.keys(CMDLETS)).chain((name) => {
      const syntax = syntaxOf(name, "sfb2015") ?? syntaxOf(name, "sfb2019") ?? syntaxOf(name, "lync2013");
      assert.ok(syntax, name);
      return fc.tuple(fc.constant(syntax), fc.subarray([...syntax.parameters.keys()]));
    });
    fc.assert(
      fc.property(cases, ([syntax, given]) => {
        const whole = syntax.sets.some(
          ({ takes, required }) => given.every((one) => takes.has(one)) && required.every((one) => given.includes(one)),
        );
        assert.equal(bindingOf(syntax, given).fits, whole);
      }),
    );
  });
});

describe("a literal", () => {
  it("fits its type in the forms that do not depend on a region", () => {
    for (const [type, good, bad] of [
      ["TimeSpan", ["00:00:15", "1.02:03:04", "3:00"], ["24:00:00", "15", "1 day", ""]],
      ["DateTime", ["2026-02-28", "2026-02-28T23:59:00Z"], ["28.02.2026", "2026-13-01", "tomorrow"]],
      ["Guid", ["38aad667-af54-4397-aaa7-e94c79ec2308"], ["38aad667"]],
      ["UInt16", [0, 65535], [-1, 65536, "7"]],
      ["Boolean", [true, false], ["true", 1]],
      ["String[]", [["a", "b"], "a"], [[1], {}]],
      ["RgsIdentity", ["service:ApplicationServer:pool01.contoso.com"], ["", 7, null]],
      ["XElement", [], ["<x/>", {}]],
    ] as [string, unknown[], unknown[]][]) {
      for (const value of good) assert.ok(fits({ type }, value), `${type} ${JSON.stringify(value)}`);
      for (const value of bad) assert.ok(!fits({ type }, value), `${type} ${JSON.stringify(value)}`);
    }
  });
});
