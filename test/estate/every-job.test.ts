import assert from "node:assert/strict";
import fc from "fast-check";
import { checkCalls, syntaxOf } from "../../estate/cmdlets";
import { coverKey, DocumentError, Job, targetLayout, type Step, type StepOf } from "../../estate/documents";
import { HOSTILE_NAMES } from "./support";
import { declared, JOBS, type JobFunction } from "./jobs";

/** What holds for the document of every export and copy, whatever was declared. */

type Call = StepOf<"cmdlet">;
const callsIn = (job: Job): Call[] => job.steps.flatMap((step) => (step.kind === "cmdlet" ? [step] : []));
const produced = (step: Step) => ("produces" in step ? step.produces : []);
const withCall = (job: Job, at: Call, change: Partial<Call>): Job => ({
  ...job,
  steps: job.steps.map((step) => (step === at ? { ...at, ...change } : step)),
});
const each = (check: (job: Job, input: JobFunction) => void): void => {
  for (const input of JOBS) {
    const made = fc.property(input.all, (all) => {
      check(input.make(all), input);
    });
    fc.assert(made, { numRuns: 30 });
  }
};

const CHANGING = [
  "RemoveExportedConfiguration",
  "Purge",
  "DisableExportedNodes",
  "ResyncSignatureMismatchItems",
  "Force",
];

/** All that any of them ever calls, and with what. */
const CALLED: Readonly<Record<string, readonly string[]>> = {
  "Export-CsConfiguration": ["FileName"],
  "Export-CsLisConfiguration": ["FileName"],
  "Export-CsPersistentChatData": ["DBInstance", "DBName", "FileName", "Level", "StartDate"],
  "Export-CsRgsConfiguration": ["Source", "Owner", "FileName"],
  "Export-CsUserData": ["PoolFqdn", "FileName"],
  "Get-CsDatabaseMirrorState": ["PoolFqdn", "DatabaseType"],
  "Get-CsManagementStoreReplicationStatus": ["CentralManagementStoreStatus"],
  "Get-CsPersistentChatState": ["Filter"],
  "Get-CsRegistrarConfiguration": ["Filter"],
  "Get-CsRgsAgentGroup": ["Identity", "Owner"],
  "Get-CsRgsQueue": ["Identity", "Owner"],
  "Get-CsRgsWorkflow": ["Identity", "Owner"],
  "Get-CsService": ["UserServer", "ApplicationServer", "PoolFqdn"],
  "Get-CsUser": ["Filter"],
  "Get-CsUserServicesPolicy": [],
};
const isCalled = ({ cmdlet, parameters }: Call): boolean =>
  cmdlet in CALLED && Object.keys(parameters).every((name) => CALLED[cmdlet]?.includes(name));

describe("every job", () => {
  it("calls cmdlets of its product with parameters that they have", () => {
    each((job) => {
      assert.deepEqual(checkCalls(job), []);
    });
  });

  it("covers what its companion says, no more and no less", () => {
    for (const input of JOBS) {
      fc.assert(
        fc.property(input.all, (all) => {
          const artefacts = input.make(all).steps.flatMap(produced);
          const made = artefacts.flatMap(({ covers, datum, scope }) => covers ?? [{ datum, scope }]);
          const keys = (list: readonly object[]): string[] =>
            [...new Set(list.map((one) => coverKey(one as Parameters<typeof coverKey>[0])))].sort();
          assert.deepEqual(keys(made), keys(input.covers(all)));
        }),
        { numRuns: 30 },
      );
    }
  });

  it("only reads: no verb and no switch that changes anything", () => {
    each((job) => {
      for (const call of callsIn(job)) {
        assert.ok(isCalled(call), call.cmdlet);
        for (const name of CHANGING) assert.ok(!(name in call.parameters), `${call.cmdlet} -${name}`);
      }
      for (const step of job.steps) {
        assert.ok(
          ["guard", "cmdlet", "inventory", "robocopy", "check", "hash", "publish", "seal", "retain"].includes(
            step.kind,
          ),
        );
        if (step.kind === "robocopy" && step.mirror) assert.deepEqual(step.destination, { $mirror: "files" });
      }
    });
  });

  it("looks before it exports, seals what it has checked, and removes old sets only then", () => {
    each(({ steps }) => {
      const at = (kind: Step["kind"]): number => steps.findIndex((step) => step.kind === kind);
      const exported = steps.findIndex((step) => produced(step).length > 0);
      for (const [index, step] of steps.entries()) {
        if (step.kind === "guard") assert.ok(index < exported, step.id);
        if (produced(step).length > 0) assert.ok(index < at("check"), step.id);
        assert.equal(step.runs, "on-success");
        assert.equal(step.onFailure, "stop");
      }
      const stages = ["check", "hash", "publish", "seal", "retain"] as const;
      assert.deepEqual(
        stages.map(at),
        stages.map((_, index) => at("check") + index),
      );
    });
  });

  it("gives no step less time than the run has", () => {
    each(({ steps, timeLimitMinutes }) => {
      for (const step of steps) assert.equal(step.timeLimitMinutes, timeLimitMinutes);
    });
  });

  it("is the same text for the same declaration, and survives being written and read", () => {
    for (const { all, make } of JOBS) {
      fc.assert(
        fc.property(all, (input) => {
          const job = make(input);
          assert.equal(Job.write(make(structuredClone(input))), Job.write(job));
          assert.deepEqual(Job.parse(Job.write(job)), job);
        }),
        { numRuns: 20 },
      );
    }
  });

  it("carries what was declared", () => {
    for (const { all, make } of JOBS) {
      fc.assert(
        fc.property(all, (input) => {
          const job = make(input);
          for (const key of ["owner", "name", "product", "deployment", "account", "target"] as const) {
            assert.deepEqual(job[key], input[key]);
          }
          const [publish] = job.steps.flatMap((step) => (step.kind === "publish" ? [step] : []));
          const [retain] = job.steps.flatMap((step) => (step.kind === "retain" ? [step] : []));
          assert.equal(publish?.keepFreeBytes, input.keepFreeBytes);
          assert.deepEqual([retain?.policy, retain?.awaits], [input.retention, input.awaits ?? []]);
        }),
        { numRuns: 20 },
      );
    }
  });

  it("acts on one of its hosts: a single one, or the one beside the Central Management store", () => {
    each((job) => {
      const guards = job.steps.flatMap((step) => (step.kind === "guard" ? [step.id] : []));
      assert.equal(guards.includes("placed") && guards.includes("here"), job.placement.length > 1);
    });
  });

  it("makes no file whose name Windows could not hold in the deepest set", () => {
    // A share of a hundred characters, a job of 64; and a file is first written beside its place, under a longer name.
    const room =
      259 - ".new".length - 101 - targetLayout.artefact("j".repeat(64), "20260301T020000Z-0a1b2c3d", "").length;
    each((job) => {
      for (const { file } of job.steps.flatMap(produced)) {
        const name = "$work" in file ? file.$work : file.$set;
        assert.ok(typeof name === "string" && name.length <= room, JSON.stringify(name));
      }
    });
  });

  it("names its files apart by pool, also where long names begin alike", () => {
    const name = (pool: string): unknown => {
      const [, userData] = JOBS;
      return userData?.make({ ...declared, pool }).steps.flatMap(produced)[0]?.file;
    };
    assert.deepEqual(name("pool01.contoso.com"), { $work: "ExportedUserData.pool01.contoso.com.zip" });
    const long = ["a", "b"].map((last) => `${"front-end-pool-".repeat(3)}${last}.contoso.com`);
    assert.notDeepEqual(name(long[0] ?? ""), name(long[1] ?? ""));
  });
});

describe("a mistake in any call of any job", () => {
  const withCalls = JOBS.filter(({ name }) => name !== "file store");
  const mistakes: Record<string, (job: Job, call: Call, at: number) => Job | undefined> = {
    "a misspelt cmdlet": (job, call) => withCall(job, call, { cmdlet: `${call.cmdlet}s` }),
    "a foreign parameter": (job, call) => withCall(job, call, { parameters: { ...call.parameters, Recurse: true } }),
    "a shortened parameter": (job, call, at) => {
      const names = Object.keys(call.parameters);
      const name = names[at % names.length];
      if (name === undefined) return undefined;
      const { [name]: value, ...others } = call.parameters;
      return withCall(job, call, { parameters: { ...others, [name.slice(0, -1)]: value ?? null } });
    },
    "a missing parameter": (job, call, at) => {
      const sets = syntaxOf(call.cmdlet, job.product)?.sets ?? [];
      const needed = Object.keys(call.parameters).filter((name) =>
        sets.every(({ required }) => required.includes(name)),
      );
      const name = needed[at % needed.length];
      if (name === undefined) return undefined;
      const { [name]: _missing, ...others } = call.parameters;
      return withCall(job, call, { parameters: others });
    },
    "a number for a text": (job, call, at) => {
      const names = Object.keys(call.parameters);
      const name = names[at % names.length];
      return name === undefined ? undefined : withCall(job, call, { parameters: { ...call.parameters, [name]: 7 } });
    },
  };
  for (const [what, make] of Object.entries(mistakes)) {
    it(`is found: ${what}`, () => {
      let tried = 0;
      for (const { all, make: makeJob } of withCalls) {
        fc.assert(
          fc.property(all, fc.nat(), fc.nat(), (input, which, at) => {
            const job = makeJob(input);
            const calls = callsIn(job);
            const call = calls[which % calls.length];
            const wrong = call ? make(job, call, at) : undefined;
            if (!wrong) return;
            tried++;
            assert.notDeepEqual(checkCalls(wrong), []);
          }),
          { numRuns: 40 },
        );
      }
      assert.ok(tried > 10, String(tried));
    });
  }
});

describe("a hostile text in a declaration", () => {
  const hostile = fc.oneof(
    fc.constantFrom(
      ...HOSTILE_NAMES,
      "x' -or Enabled -eq $true -or '1' -eq '1",
      "a.b' ; Remove-CsUser",
      "-Purge",
      "$ref",
    ),
    fc.string({ unit: "binary", maxLength: 300 }),
    fc.constantFrom(-1, 0, null, true, [], {}, ["x'y"], { $ref: "host.fqdn" }),
  );
  for (const input of JOBS) {
    it(`is refused or stays data: ${input.name}`, () => {
      fc.assert(
        fc.property(input.all, fc.nat(), hostile, (all, at, value) => {
          const fields = Object.keys(all);
          const field = fields[at % fields.length] ?? "";
          let job: Job;
          try {
            job = input.make({ ...all, [field]: value });
          } catch (error) {
            assert.ok(error instanceof DocumentError || error instanceof TypeError, String(error));
            return;
          }
          for (const call of callsIn(job)) {
            assert.ok(isCalled(call), call.cmdlet);
            const { Filter: filter } = call.parameters;
            if (call.cmdlet !== "Get-CsUser") continue;
            assert.ok(typeof filter === "string");
            assert.match(filter, USERS_OF_POOLS);
          }
          assert.deepEqual(checkCalls(job), []);
        }),
        { numRuns: 150 },
      );
    });
  }
});

const USERS_OF_POOLS = /^RegistrarPool -eq '[a-z0-9.-]+'( -or RegistrarPool -eq '[a-z0-9.-]+')*$/;
