import assert from "node:assert/strict";
import { Job, RESERVED_ROOTS, seriesOf, type StepInput } from "../../estate/documents";
import { problemsIn } from "./support";

type JobInput = Parameters<typeof Job.make>[0];

const step = (more: Record<string, unknown>): StepInput => ({ title: "A step", ...more }) as StepInput;
const look = step({ kind: "cmdlet", id: "look", cmdlet: "Get-CsPool", select: ["Fqdn"] });
const exported = step({
  kind: "cmdlet",
  id: "export",
  cmdlet: "Export-CsConfiguration",
  parameters: { FileName: { $work: "Config.zip" } },
  produces: [{ file: { $work: "Config.zip" }, datum: "configuration", scope: { of: "deployment" }, format: "zip" }],
});
const check = step({ kind: "check", id: "check" });
const hash = step({ kind: "hash", id: "hash" });
const publish = step({ kind: "publish", id: "publish" });
const seal = step({ kind: "seal", id: "seal" });
const retain = step({ kind: "retain", id: "retain", policy: { last: 3 } });
const TAIL = [check, hash, publish, seal, retain];
const target = { name: "vault", host: "backup01.contoso.com", path: "D:\\LyncBackup" };

function job(steps: readonly StepInput[], more: Partial<JobInput> = {}): JobInput {
  return {
    name: "configuration",
    owner: { project: "lync", stack: "test", name: "configuration" },
    purpose: "backup",
    title: "Configuration",
    product: "lync2013",
    deployment: "contoso",
    placement: [{ host: "fe01.contoso.com" }],
    account: "CONTOSO\\lync-backup$",
    timeLimitMinutes: 60,
    target,
    steps: [...steps],
    ...more,
  };
}
const probe = (steps: readonly StepInput[], more: Partial<JobInput> = {}): JobInput =>
  job(steps, { purpose: "probe", ...more });

const refused = (input: JobInput, ...expected: RegExp[]): void => {
  const problems = problemsIn(() => Job.make(input));
  for (const pattern of expected)
    assert.ok(
      problems.some((text) => pattern.test(text)),
      problems.join("\n"),
    );
  assert.equal(problems.length, expected.length, problems.join("\n"));
};
const ref = (text: string): { $ref: string } => ({ $ref: text });

describe("job rules", () => {
  it("accept an export that is checked, hashed, published, sealed and retained", () => {
    assert.doesNotThrow(() => Job.make(job([look, exported, ...TAIL])));
    assert.doesNotThrow(() => Job.make(job([exported, check, hash, publish, seal])));
  });

  describe("order", () => {
    const out = /kind: \w+ stands out of order/;
    it("refuses each two neighbours that change places", () => {
      for (let index = 0; index < TAIL.length - 1; index++) {
        const swapped = [...TAIL];
        swapped.splice(index, 2, TAIL[index + 1] ?? look, TAIL[index] ?? look);
        assert.ok(problemsIn(() => Job.make(job([exported, ...swapped]))).some((text) => out.test(text)));
      }
    });
    it("refuses a backup that leaves out a stage before the seal", () => {
      for (const left of [check, hash, publish, seal]) {
        const steps = TAIL.filter((stage) => stage !== left);
        assert.ok(problemsIn(() => Job.make(job([exported, ...steps]))).length > 0, left.id);
      }
      refused(job([exported]), /^steps: a backup must check, hash, publish and seal/);
    });
    it("refuses a stage that stands twice", () => {
      refused(job([exported, check, { ...check, id: "again" }, hash, publish, seal]), out);
    });
    it("refuses what is produced after the check", () => {
      refused(job([check, { ...exported }, hash, publish, seal]), /^steps\[1\]: produces an artefact after/);
    });
    it("refuses to seal or remove after a failure", () => {
      for (const stage of TAIL) {
        const steps = TAIL.map((other) => (other === stage ? { ...other, runs: "always" as const } : other));
        refused(job([exported, ...steps]), /runs: would seal or remove/);
      }
    });
    it("binds backups only", () => {
      assert.doesNotThrow(() => Job.make(probe([look])));
    });
  });

  describe("references", () => {
    const using = (id: string, value: string, more: Record<string, unknown> = {}): StepInput =>
      step({ kind: "cmdlet", id, cmdlet: "Get-CsPool", parameters: { Identity: ref(value) }, ...more });
    const unknown = /refers to what no earlier step provides$/;

    it("point backwards", () => {
      assert.doesNotThrow(() => Job.make(probe([look, using("b", "look.items.0.Fqdn")])));
      refused(probe([using("b", "look.items.0.Fqdn"), look]), /^steps\[0\]\.parameters\.Identity: refers to/);
      refused(probe([using("b", "nowhere.items")]), unknown);
      refused(probe([using("b", "b.items")]), unknown);
    });
    it("may name the reserved roots", () => {
      for (const root of RESERVED_ROOTS.filter((name) => name !== "item")) {
        assert.doesNotThrow(() => Job.make(probe([using("b", `${root}.x`)])), root);
      }
    });
    it("name the item inside a loop only, and not as what the loop goes over", () => {
      refused(probe([using("b", "item.name")]), unknown);
      assert.doesNotThrow(() => Job.make(probe([look, using("b", "item.name", { forEach: ref("look.items") })])));
      refused(probe([using("b", "job.name", { forEach: ref("item.x") })]), /^steps\[0\]\.forEach: refers to/);
    });
    it("are found wherever they stand", () => {
      const places: Record<string, unknown>[] = [
        { when: { value: ref("no.x"), is: "present" } },
        { where: [{ property: "Fqdn", is: "one-of", of: [ref("no.x")] }] },
        { parameters: { A: { $text: ["a", ref("no.x")] } } },
        { parameters: { A: { $map: { b: [ref("no.x")].map(() => "x"), c: ref("no.x") } } } },
        { parameters: { A: [ref("no.x")] } },
        { parameters: { A: { $work: [ref("no.x")] } } },
        { saveAs: { file: { $work: [ref("no.x")] }, as: "text" } },
      ];
      for (const place of places) refused(probe([{ ...look, ...place }]), unknown);
    });
    it("of a wait to itself stand in its until", () => {
      const wait = (more: Record<string, unknown>): StepInput =>
        step({ kind: "wait", id: "up", look: { kind: "cmdlet", cmdlet: "Get-CsPool" }, ...more });
      assert.doesNotThrow(() => Job.make(probe([wait({ until: { value: ref("up.items"), is: "present" } })])));
      refused(probe([wait({ when: { value: ref("up.items"), is: "present" } })]), unknown);
      const itself = { kind: "cmdlet", cmdlet: "Get-CsPool", parameters: { Identity: ref("up.items.0.x") } };
      refused(probe([wait({ look: itself })]), unknown);
    });
    it("of an artefact's facts may name the step that makes it; nothing else of it may", () => {
      const [made] = "produces" in exported ? (exported.produces ?? []) : [];
      const making = (more: Record<string, unknown>): StepInput =>
        ({ ...exported, produces: [{ ...made, ...more }] }) as StepInput;
      assert.doesNotThrow(() => Job.make(job([making({ facts: { found: ref("export.count") } }), ...TAIL])));
      refused(job([making({ facts: { found: ref("check.artefacts") } }), ...TAIL]), unknown);
      refused(job([making({ datum: ref("export.items.0.datum") }), ...TAIL]), unknown);
      refused(job([making({ file: { $work: [ref("export.count")] } }), ...TAIL]), unknown);
    });
    it("may go over items that are written down, with fields of their own", () => {
      const forEach = [{ name: "LcsCDR", datum: "cdr" }];
      assert.doesNotThrow(() => Job.make(probe([using("b", "item.name", { forEach })])));
    });
    it("in what a job returns name a step", () => {
      assert.doesNotThrow(() =>
        Job.make(probe([look], { returns: { pools: ref("look.items"), host: ref("host.fqdn") } })),
      );
      refused(probe([look], { returns: { pools: ref("nowhere.items") } }), /^returns\.pools: refers to what no step/);
      refused(probe([look], { returns: { pools: ref("item.x") } }), /^returns\.pools: refers to/);
    });
    it("to an inventory name one that is earlier", () => {
      const inventory = step({
        kind: "inventory",
        id: "files",
        root: "D:\\Share",
        listing: { $work: "listing.jsonl" },
      });
      const completing = { ...hash, completes: "files" } as StepInput;
      assert.doesNotThrow(() => Job.make(job([inventory, exported, check, completing, publish, seal])));
      refused(job([exported, check, completing, publish, seal]), /^steps\[2\]\.completes: names no earlier inventory/);
      refused(job([look, exported, check, { ...hash, completes: "look" } as StepInput, publish, seal]), /completes/);
    });
  });

  describe("ids", () => {
    it("are used once", () => {
      refused(probe([look, look]), /^steps\[1\]\.id: is used by another step or reserved/);
    });
    for (const id of RESERVED_ROOTS) {
      it(`are not ${id}, which is reserved`, () => {
        refused(probe([{ ...look, id }]), /^steps\[0\]\.id: is used by another step or reserved/);
      });
    }
  });

  describe("what runs unattended only reads", () => {
    const call = (cmdlet: string, parameters: Record<string, unknown> = {}): StepInput =>
      step({ kind: "cmdlet", id: "call", cmdlet, parameters });
    const waiting = (inner: StepInput): StepInput => {
      const { cmdlet, parameters } = inner as { cmdlet?: string; parameters?: unknown };
      return step({ kind: "wait", id: "wait", look: { kind: "cmdlet", cmdlet, parameters } });
    };
    for (const cmdlet of [
      "Import-CsUserData",
      "Set-CsSite",
      "Remove-CsUser",
      "Invoke-CsPoolFailOver",
      "Stop-CsWindowsService",
    ]) {
      it(`refuses ${cmdlet}, also inside a wait`, () => {
        refused(probe([call(cmdlet)]), /^steps\[0\]\.cmdlet: changes the deployment, and a probe must not/);
        refused(probe([waiting(call(cmdlet))]), /^steps\[0\]\.look\.cmdlet: changes/);
        assert.doesNotThrow(() => Job.make(probe([call(cmdlet)], { purpose: "restore" })));
      });
    }
    it("refuses the switches that change what is exported or compared, in any case and shortened", () => {
      for (const name of [
        "RemoveExportedConfiguration",
        "removeexportedconfiguration",
        "RemoveExp",
        "Purge",
        "pur",
        "DisableExportedNodes",
        "ResyncSignatureMismatchItems",
      ]) {
        refused(probe([call("Export-CsRgsConfiguration", { [name]: true })]), /^steps\[0\]\.parameters\.\w+: changes/);
        refused(probe([waiting(call("Export-CsRgsConfiguration", { [name]: true }))]), /^steps\[0\]\.look\.parameters/);
      }
      assert.doesNotThrow(() =>
        Job.make(probe([call("Export-CsUserData", { PoolFqdn: "pool01.contoso.com", Force: true })])),
      );
    });
    it("refuses to stop services and to wait for a person", () => {
      const stop = step({ kind: "service", id: "stop", action: "stop", computers: ["fe01.contoso.com"] });
      const confirm = step({ kind: "confirm", id: "confirm", ask: "Go on?" });
      for (const purpose of ["backup", "offsite", "probe"] as const) {
        assert.ok(
          problemsIn(() => Job.make(job([stop], { purpose }))).some((text) => /^steps\[0\]\.kind: service/.test(text)),
        );
        assert.ok(
          problemsIn(() => Job.make(job([confirm], { purpose }))).some((text) =>
            /^steps\[0\]\.kind: confirm/.test(text),
          ),
        );
      }
      assert.doesNotThrow(() => Job.make(job([stop, confirm], { purpose: "failover" })));
    });
  });

  it("a mirror deletes only in a mirror folder", () => {
    const copy = (destination: unknown): StepInput =>
      step({ kind: "robocopy", id: "copy", source: "\\\\fs01\\share", destination, mirror: true });
    assert.doesNotThrow(() => Job.make(probe([copy({ $mirror: "share" })])));
    for (const destination of ["D:\\Share", { $set: "files" }, { $work: "files" }, ref("host.fqdn")]) {
      refused(probe([copy(destination)]), /^steps\[0\]\.mirror: deletes in its destination/);
    }
  });

  it("a parameter is named once, whatever its case", () => {
    refused(
      probe([{ ...look, parameters: { Identity: "a", IDENTITY: "b" } } as StepInput]),
      /^steps\[0\]\.parameters: names/,
    );
    const sql = { kind: "sql", id: "sql", instance: "sql01", statement: "x", text: "SELECT 1" };
    refused(probe([step({ ...sql, parameters: { a: 1, A: 2 } })]), /^steps\[0\]\.parameters: names/);
    refused(probe([step({ ...sql, identifiers: { a: 1, A: 2 } })]), /^steps\[0\]\.identifiers: names/);
  });

  it("what publishes needs a target", () => {
    refused(job([exported, ...TAIL], { target: undefined }), /^target: is required/);
    assert.doesNotThrow(() => Job.make(probe([look], { target: undefined })));
  });

  it("a job adds to its own series, where it names none", () => {
    assert.equal(seriesOf({ name: "a" }), "a");
    assert.equal(seriesOf({ name: "a", series: "b" }), "b");
  });
});
