import assert from "node:assert/strict";
import { CATALOGUE, DATABASES, SCENARIOS, SOURCES, ASSUMPTIONS, rowOf } from "../../estate/catalogue";
import { Datum, type Topology } from "../../estate/documents";
import { dutiesOf } from "../../estate/obligations";
import { RULES } from "../../estate/rules";
import * as known from "./topologies";

/** What the deployment as a whole depends on, wherever it runs. */
const EVERYWHERE = [
  "active-directory deployment",
  "certificate-authority deployment",
  "configuration deployment",
  "dhcp deployment",
  "dns deployment",
  "firewall deployment",
  "iis deployment",
  "installation-media deployment",
  "locations deployment",
  "network deployment",
  "pstn-gateways deployment",
];
const SEVERAL_SERVERS = "load-balancer deployment";
const RECORDINGS = "response-group-audio deployment";

/** What every Front End pool of the golden deployments has. */
const pool = (fqdn: string, store: string): string[] => [
  `certificates pool ${fqdn}`,
  `file-store store ${store}`,
  `user-data pool ${fqdn}`,
  `user-settings pool ${fqdn}`,
];
const enterprise = (number: number): string[] =>
  pool(`pool${String(number)}.contoso.com`, `\\\\fs${String(number)}.contoso.com\\lync`);
const responseGroups = (number: number): string => `response-groups pool pool${String(number)}.contoso.com`;
/** The logs of a Back End in full recovery; the Central Management store adds its own. */
const logs = (instance: string, central: boolean): string[] => [
  ...["cpsdyn", "rgsdyn", "rtcab"].map((name) => `transient-log database ${instance} ${name}`),
  `response-group-log database ${instance} rgsconfig`,
  ...["rtcshared", "rtcxds"].map((name) => `user-store-log database ${instance} ${name}`),
  ...(central ? ["lis", "xds"].map((name) => `central-management-log database ${instance} ${name}`) : []),
];

const SQL1 = String.raw`sql1.contoso.com\rtc`;
const MIR1 = String.raw`mir1.contoso.com\rtc`;

const GOLDEN: [string, Topology, string[]][] = [
  [
    "a Standard Edition server alone",
    known.standardAlone,
    [
      ...pool("se.contoso.com", String.raw`\\se.contoso.com\share`),
      String.raw`sql-instance instance se.contoso.com\rtc`,
    ],
  ],
  [
    "an Enterprise pool, unmirrored",
    known.enterpriseUnmirrored,
    [...enterprise(1), responseGroups(1), `sql-instance instance ${SQL1}`, SEVERAL_SERVERS, RECORDINGS],
  ],
  [
    "an Enterprise pool, mirrored: every log must be backed up, the transient ones too",
    known.enterpriseMirrored,
    [
      ...enterprise(1),
      responseGroups(1),
      ...logs(SQL1, true),
      `sql-instance instance ${SQL1}`,
      `sql-instance instance ${MIR1}`,
      SEVERAL_SERVERS,
      RECORDINGS,
    ],
  ],
  [
    "an Enterprise pool in an availability group, known by its listener",
    known.enterpriseAlwaysOn,
    [
      ...enterprise(1),
      responseGroups(1),
      ...logs("ag.contoso.com", true),
      "sql-instance instance sql1.contoso.com",
      "sql-instance instance sql2.contoso.com",
      SEVERAL_SERVERS,
      RECORDINGS,
    ],
  ],
  [
    "paired pools with the Central Management store: the standby has its databases too",
    known.pairedWithCentralManagement,
    [
      ...[1, 2].flatMap((number) => [
        ...enterprise(number),
        responseGroups(number),
        ...logs(`sql${String(number)}.contoso.com\\rtc`, true),
        `sql-instance instance sql${String(number)}.contoso.com\\rtc`,
        `sql-instance instance mir${String(number)}.contoso.com\\rtc`,
      ]),
      SEVERAL_SERVERS,
      RECORDINGS,
    ],
  ],
  [
    "Persistent Chat: its compliance store is kept where no adapter drains it",
    known.withPersistentChat,
    [
      ...enterprise(1),
      responseGroups(1),
      `sql-instance instance ${SQL1}`,
      "certificates pool chat.contoso.com",
      "persistent-chat database chatsql.contoso.com mgc",
      "persistent-chat-compliance database chatsql.contoso.com mgccomp",
      "persistent-chat-log database chatsql.contoso.com mgc",
      "sql-instance instance chatsql.contoso.com",
      "sql-instance instance chatmir.contoso.com",
      SEVERAL_SERVERS,
      RECORDINGS,
    ],
  ],
  [
    "no Response Groups, but Call Park with its music",
    known.withoutResponseGroups,
    [...enterprise(1), "call-park-music pool pool1.contoso.com", `sql-instance instance ${SQL1}`, SEVERAL_SERVERS],
  ],
  [
    "Archiving and Monitoring in the Back End itself",
    known.collocatedArchiving,
    [
      ...enterprise(1),
      "announcement-audio pool pool1.contoso.com",
      `archiving database ${SQL1} lcslog`,
      `cdr database ${SQL1} lcscdr`,
      `qoe database ${SQL1} qoemetrics`,
      `sql-instance instance ${SQL1}`,
      SEVERAL_SERVERS,
    ],
  ],
  [
    "Edge servers, which store certificates only, and contacts in Exchange",
    known.withEdge,
    [
      ...enterprise(1),
      responseGroups(1),
      `sql-instance instance ${SQL1}`,
      "certificates pool edge.contoso.com",
      "exchange deployment",
      SEVERAL_SERVERS,
      RECORDINGS,
    ],
  ],
  [
    "Skype for Business Server 2019, which has no Persistent Chat",
    known.withoutPersistentChat,
    [
      ...enterprise(1),
      responseGroups(1),
      ...logs("ag.contoso.com", true),
      "sql-instance instance sql1.contoso.com",
      SEVERAL_SERVERS,
      RECORDINGS,
    ],
  ],
];

describe("obligations", () => {
  for (const [name, topology, expected] of GOLDEN) {
    it(`are exactly these: ${name}`, () => {
      const keys = dutiesOf(topology).obligations.map(({ key }) => key);
      assert.deepEqual(keys.toSorted(), [...EVERYWHERE, ...expected].toSorted());
    });
  }

  it("of 500 pools are those of one pool, 500 times", () => {
    const keys = dutiesOf(known.manyPools(500)).obligations.map(({ key }) => key);
    const instance = String.raw`central.contoso.com\archive`;
    const expected = [
      ...EVERYWHERE,
      SEVERAL_SERVERS,
      RECORDINGS,
      ...["archiving", "archiving-log"].map((datum) => `${datum} database ${instance} lcslog`),
      ...["cdr", "cdr-log"].map((datum) => `${datum} database ${instance} lcscdr`),
      ...["qoe", "qoe-log"].map((datum) => `${datum} database ${instance} qoemetrics`),
      `sql-instance instance ${instance}`,
      String.raw`sql-instance instance central2.contoso.com\archive`,
      ...Array.from({ length: 500 }, (_, index) => index + 1).flatMap((number) => [
        ...enterprise(number),
        responseGroups(number),
        ...logs(`sql${String(number)}.contoso.com\\rtc`, number <= 2),
        `sql-instance instance sql${String(number)}.contoso.com\\rtc`,
        `sql-instance instance mir${String(number)}.contoso.com\\rtc`,
      ]),
    ];
    assert.deepEqual(keys.toSorted(), expected.toSorted());
  });

  it("say whether Lync runs without it: archiving is needed where messages are blocked without it", () => {
    const needed = (topology: Topology): string[] =>
      dutiesOf(topology)
        .obligations.filter(({ datum, neededForService }) => datum === "archiving" && neededForService)
        .map(({ key }) => key);
    assert.equal(needed(known.collocatedArchiving).length, 1);
    assert.equal(needed({ ...known.collocatedArchiving, archiving: undefined }).length, 0);
  });

  it("say why each one is one", () => {
    const because = (topology: Topology, key: string): string | undefined =>
      dutiesOf(topology).obligations.find((obligation) => obligation.key === key)?.because;
    assert.equal(because(known.standardAlone, "user-data pool se.contoso.com"), "it is a pool of kind standard");
    assert.equal(
      because(known.enterpriseMirrored, `transient-log database ${SQL1} rtcab`),
      "it is in full recovery, as every mirrored database",
    );
    assert.equal(because(known.withEdge, "exchange deployment"), "contacts live in Exchange");
  });

  it("name what need not be backed up, and why", () => {
    const { exempt } = dutiesOf(known.enterpriseMirrored);
    assert.deepEqual(
      exempt.map(({ database, because }) => `${database}: ${because}`),
      [
        "rtcab: Rebuilt from Active Directory",
        "rgsdyn: Holds calls in progress only",
        "cpsdyn: Holds parked calls only",
        "xds: Replicated from the Central Management store",
        "rtc: A copy of what the Back End keeps",
        "rtcdyn: Made anew as clients sign in",
        "lyss: Drained in operation; Invoke-CsStorageServiceFlush empties it before a planned failover",
      ],
    );
  });

  it("leave open what no topology tells: the recovery model of databases that are not mirrored", () => {
    const { open } = dutiesOf(known.enterpriseUnmirrored);
    assert.equal(open.length, 1);
    assert.match(open[0] ?? "", /^the recovery model of rtcxds, .* in sql1\.contoso\.com\\rtc is not recorded/);
    assert.deepEqual(dutiesOf(known.enterpriseMirrored).open, []);
  });

  it("leave open which replicas stand behind a listener, where no instance names its group", () => {
    assert.deepEqual(dutiesOf(known.withoutPersistentChat).open, [
      "the replicas behind ag.contoso.com are not recorded, only sql1.contoso.com: each is an installation of its own; add its availability group to `sql`",
    ]);
    assert.deepEqual(dutiesOf(known.enterpriseAlwaysOn).open, []);
  });

  it("take a mirrored database for one in full recovery, whatever was recorded of it", () => {
    const recorded: Topology = {
      ...known.enterpriseMirrored,
      sql: [
        {
          instance: SQL1,
          release: "2012",
          edition: "standard",
          availabilityGroups: [],
          databases: [{ name: "rtcxds", recovery: "simple" }],
        },
      ],
    };
    const keys = dutiesOf(recorded).obligations.map(({ key }) => key);
    assert.ok(keys.includes(`user-store-log database ${SQL1} rtcxds`));
  });

  it("follow what discovery has recorded rather than what was assumed", () => {
    const found = (recovery: "simple" | "full"): string[] =>
      dutiesOf({
        ...known.enterpriseUnmirrored,
        sql: [
          {
            instance: SQL1,
            release: "2012",
            edition: "standard",
            availabilityGroups: [],
            databases: [
              { name: "RTCXDS", recovery },
              { name: "rtcab1", recovery },
            ],
          },
        ],
      })
        .obligations.map(({ key }) => key)
        .filter((key) => key.includes("-log "));
    assert.deepEqual(found("simple"), []);
    assert.deepEqual(found("full"), [
      `user-store-log database ${SQL1} rtcxds`,
      `transient-log database ${SQL1} rtcab1`,
    ]);
  });

  it("include the certificate of backups that a job encrypts", () => {
    const { obligations } = dutiesOf(known.standardAlone, { encryptingInstances: ["sql1.contoso.com"] });
    assert.ok(obligations.some(({ key }) => key === "backup-encryption-certificate instance sql1.contoso.com"));
  });

  it("include Reporting Services where Monitoring Reports live", () => {
    const [pool1] = known.collocatedArchiving.pools;
    assert.ok(pool1);
    const store = { instance: "mon.contoso.com", reports: true };
    const topology = { ...known.collocatedArchiving, pools: [{ ...pool1, monitoringStore: store }] };
    const keys = dutiesOf(topology).obligations.map(({ key }) => key);
    assert.ok(keys.includes("monitoring-reports instance mon.contoso.com"));
  });
});

describe("the catalogue", () => {
  it("has one row for every datum, and no other", () => {
    assert.deepEqual(CATALOGUE.map(({ datum }) => datum).toSorted(), [...Datum.options].toSorted());
  });

  it("has one row for every database in every place", () => {
    const names = DATABASES.map(({ name, holder }) => `${name} ${holder}`);
    assert.equal(new Set(names).size, names.length);
  });

  it("lists no source and no assumption that nothing rests on", () => {
    const rows = [...CATALOGUE, ...DATABASES];
    const used = new Set<string>([
      ...rows.flatMap(({ sources, assumptions = [] }) => [...sources, ...assumptions]),
      ...[...Object.values(SCENARIOS), ...RULES].map(({ source }) => source),
    ]);
    assert.deepEqual(
      [...Object.keys(SOURCES), ...Object.keys(ASSUMPTIONS)].filter((id) => !used.has(id)),
      [],
    );
    for (const row of rows) assert.ok(row.sources.length > 0, "a row without a source");
  });

  it("gives every database whose log can fill a disk a datum for that log", () => {
    for (const { log } of DATABASES) if (log !== undefined) assert.equal(rowOf(log).arises.per, "log");
  });

  it("brings back with a pool what it brings back with its Back End", () => {
    for (const { datum, restoredIn } of CATALOGUE) {
      if (restoredIn.includes("back-end")) assert.ok(restoredIn.includes("pool"), datum);
    }
  });

  it("agrees with the database table about what SQL Server restores", () => {
    for (const { data, restoredBy } of DATABASES) {
      if (data === undefined || restoredBy !== "sql") continue;
      assert.equal(rowOf(data).arises.per, "database");
      assert.ok(rowOf(data).protectedBy.includes("sql"));
    }
  });
});
