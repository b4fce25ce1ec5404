import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { it } from "mocha";
import { Job, type Run, type StepInput } from "../../estate/documents";
import { PowerShellHost } from "../../hosts/powershell/host";
import { loadingLine } from "../../hosts/powershell/bundle";
import { editFile } from "../../lab/commands";
import { openLabHost } from "../../lab/host";
import { serveLab, type Simulator } from "../../lab/powershell/simulator";
import { writeStubs } from "../../lab/powershell/stubs";
import { BACKUP, configuration, FE01, labWithJob, setsOf } from "../lab/fixture";
import { describeWithPowerShell, inModule, labModuleText, PWSH, scratch, simulatorText } from "./pwsh";

/** The same documents through both interpreters: the lab's own, and the module, line by line, on top of the lab. */

const DATA = String.raw`C:\ProgramData\LyncBackup`;

async function serving<T>(
  folder: string,
  work: (env: NodeJS.ProcessEnv, simulator: Simulator) => Promise<T>,
): Promise<T> {
  const actor = { host: FE01, account: BACKUP, logon: "batch" } as const;
  const simulator = await serveLab(folder, actor, randomBytes(16).toString("hex"));
  const stubs = scratch();
  writeStubs(stubs, simulatorText());
  const env = {
    LYNC_BACKUP_SIMULATOR_PORT: String(simulator.port),
    LYNC_BACKUP_SIMULATOR_KEY: simulator.key,
    PSModulePath: [stubs, process.env["PSModulePath"] ?? ""].join(path.delimiter),
  };
  try {
    return await work(env, simulator);
  } finally {
    await simulator.close();
  }
}

async function runInPowerShell(folder: string, job: Job): Promise<Run> {
  await editFile(folder, FE01, `${DATA}\\inbox\\${job.name}.job`, Job.write(job));
  const request = JSON.stringify({ trigger: "command", token: "aaaaaaaa", attended: false });
  await editFile(folder, FE01, `${DATA}\\inbox\\${job.name}.request`, request);
  return serving(folder, async (env) => {
    const lines = "    $run = Invoke-LyncBackupJob -Name $In -OneOff\n    $Out = $run['id']";
    const id = await inModule(lines, job.name, { text: labModuleText(), env });
    const [newest] = await (await openLabHost(folder, FE01)).results({ job: job.name, last: 1 });
    assert.ok(newest);
    assert.equal(newest.id, id);
    return newest;
  });
}

const RUN = /\d{8}T\d{6}Z-[0-9a-f]{8}/g;
const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g;
const plain = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value).replaceAll(RUN, "RUN").replaceAll(TIME, "TIME")) as unknown;

/** What two runs of one document must have in common: all but names and times. */
const essence = ({ outcome, trigger, steps, error, facts }: Run): unknown =>
  plain({ outcome, trigger, steps, error, facts });

async function manifestsOf(folder: string): Promise<unknown[]> {
  const sealed = (await setsOf(folder)).filter((one) => one.sealed);
  return sealed.map(({ real }) => {
    const manifest = JSON.parse(fs.readFileSync(path.join(real, "manifest.json"), "utf8")) as Record<string, unknown>;
    return plain({
      ...manifest,
      artefacts: (manifest["artefacts"] as object[]).map((one) => ({ ...one, sha256: "" })),
    });
  });
}

const guard = (id: string, more: Partial<StepInput> = {}): StepInput =>
  ({
    ...{ kind: "guard", id, title: id, condition: { value: 1, is: "present" }, otherwise: "fail", because: "it must" },
    ...more,
  }) as StepInput;
const POOLS = { kind: "cmdlet" as const, cmdlet: "Get-CsPool", parameters: {}, select: ["Identity"] };
const CALL = { ...POOLS, id: "call", title: "Call" };

const DOCUMENTS: Record<string, readonly StepInput[]> = {
  "a guard that holds": [guard("a")],
  "a guard that stands down": [
    guard("a", { condition: { value: "", is: "present" }, otherwise: "stand-down", because: "another" } as object),
    guard("b"),
    guard("tidy", { runs: "always" }),
  ],
  "a cmdlet with its items": [
    CALL,
    guard("b", { condition: { value: { $ref: "call.items.*.Identity" }, is: "present" } } as object),
  ],
  "a cmdlet that does not exist": [{ ...CALL, cmdlet: "Get-CsNothing" }],
  "a parameter that does not exist": [{ ...CALL, parameters: { Nothing: "x" } }],
  "a loop whose failures are noted": [
    guard("a", {
      forEach: ["x", "y"],
      onFailure: "note",
      condition: { value: { $ref: "item" }, is: "one-of", of: ["x"] },
    } as object),
    guard("b"),
  ],
  "a reference to nothing": [{ ...CALL, parameters: { Identity: { $ref: "host.pool" } } }],
  "a condition on a list": [
    CALL,
    guard("b", { condition: { value: { $ref: "call.items.*.Identity" }, is: "none-of", of: ["nowhere"] } } as object),
  ],
  "a look at the computer": [{ kind: "observe", id: "o", title: "Look", what: "computer" }],
  "a question that nobody answers": [{ kind: "confirm", id: "c", title: "Sure", ask: "Go on?" }],
  "a wait that is soon over": [
    { kind: "wait", id: "w", title: "Wait", look: POOLS, until: { value: { $ref: "w.items" }, is: "present" } },
  ],
};

describeWithPowerShell("Both interpreters", function () {
  this.timeout(120_000);

  for (const [title, steps] of Object.entries(DOCUMENTS)) {
    it(`make the same of ${title}`, async () => {
      const { name: _name, steps: _steps, document: _document, version: _version, ...common } = configuration();
      const job = Job.make({ ...common, name: "one-off", purpose: "restore", steps: [...steps] });
      const inLab = await (await openLabHost(await labWithJob(), FE01)).run({ document: job });
      assert.deepEqual(essence(await runInPowerShell(await labWithJob(), job)), essence(inLab));
    });
  }

  it("hand back the same, and say the same of what failed before", async () => {
    const { name: _name, document: _document, version: _version, steps, ...common } = configuration();
    const broken: StepInput = { ...CALL, id: "broken", parameters: { Nothing: "x" }, onFailure: "note" };
    const job = Job.make({
      ...{ ...common, name: "one-off", purpose: "restore", steps: [CALL, broken, ...steps] },
      returns: { pools: { $ref: "call.items.*.Identity" }, nothing: { $ref: "call.items.99" }, literal: 7 },
    });
    const inLab = await (await openLabHost(await labWithJob(), FE01)).run({ document: job });
    assert.deepEqual(Object.keys(inLab.facts), ["pools", "literal"]);
    assert.deepEqual(essence(await runInPowerShell(await labWithJob(), job)), essence(inLab));
  });

  it("make the same set of the configuration, one after the other", async () => {
    const [lab, other] = [await labWithJob(), await labWithJob()];
    for (let count = 0; count < 2; count++) {
      const inLab = await (await openLabHost(lab, FE01)).run({ document: configuration() });
      assert.deepEqual(essence(await runInPowerShell(other, configuration())), essence(inLab));
    }
    assert.deepEqual(await manifestsOf(other), await manifestsOf(lab));
  });

  it("are asked through a session as the lab is", async () => {
    const folder = await labWithJob();
    await (await openLabHost(folder, FE01)).run({ document: configuration() });
    await serving(folder, async (env) => {
      const args = ["-NoLogo", "-NoProfile", "-NonInteractive", "-NoExit", "-Command", "-"];
      const prelude = [loadingLine(labModuleText())];
      const host = new PowerShellHost(FE01, () => ({
        program: PWSH ?? "",
        args,
        env: env as Record<string, string>,
        prelude,
      }));
      try {
        for (let count = 0; count < 3; count++) {
          const [found] = await host.results({ job: "configuration", last: 1 });
          const [expected] = await (await openLabHost(folder, FE01)).results({ job: "configuration", last: 1 });
          assert.deepEqual(found, expected);
        }
      } finally {
        await host.close();
      }
    });
  });
});
