import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { it } from "mocha";
import { Job, type Run, type StepInput } from "../../estate/documents";
import { PowerShellHost } from "../../hosts/powershell/host";
import { loadingLine } from "../../hosts/powershell/bundle";
import { advance, editFile, realFile } from "../../lab/commands";
import { openLabHost } from "../../lab/host";
import { serveLab, type Simulator } from "../../lab/powershell/simulator";
import { writeStubs } from "../../lab/powershell/stubs";
import { BACKUP, BK01, configuration, FE01, labWithJob, TARGET } from "../lab/fixture";
import { describeWithPowerShell, inModule, labModuleText, PWSH, scratch, simulatorText } from "./pwsh";
import { ANSWERS, CALL, DOCUMENTS, HISTORIES, ME, oneOff, question } from "./vectors";

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

/** With an answer, somebody is there, who types it when the run asks. */
async function runInPowerShell(folder: string, job: Job, typed?: string): Promise<Run> {
  const inbox = (file: string, content: string): Promise<void> =>
    editFile(folder, FE01, `${DATA}\\inbox\\${file}`, content);
  // A token of its own for each run: the lab's time stands still meanwhile, and makes up the rest of the name.
  const token = randomBytes(4).toString("hex");
  await inbox(`${job.name}.job`, Job.write(job));
  const attended = typed !== undefined;
  await inbox(`${job.name}.request`, JSON.stringify({ trigger: "command", token, attended }));
  const newest = async (): Promise<Run | undefined> =>
    (await (await openLabHost(folder, FE01)).results({ job: job.name, last: 1 }))[0];
  return serving(folder, async (env) => {
    const lines = "    $run = Invoke-LyncBackupJob -Name $In -OneOff\n    $Out = $run['id']";
    const running = inModule(lines, job.name, { text: labModuleText(), env });
    let hasEnded = false;
    const ended = running.finally(() => (hasEnded = true));
    if (attended) await Promise.race([ended, answered(newest, () => hasEnded, typed, inbox)]);
    const id = await ended;
    const run = await newest();
    assert.ok(run);
    assert.equal(run.id, id);
    return run;
  });
}

/** The lab takes a run whose process it does not know for interrupted; what it waits for is known all the same. */
async function answered(
  newest: () => Promise<Run | undefined>,
  hasEnded: () => boolean,
  typed: string,
  inbox: (file: string, content: string) => Promise<void>,
): Promise<void> {
  while (!hasEnded()) {
    const run = await newest();
    const answer = JSON.stringify({ by: ME, typed, at: "2026-03-02T00:00:00.000Z" });
    if (run) return inbox(`${run.id}.c.answer`, answer);
    await sleep(100);
  }
}

const RUN = /\d{8}T\d{6}Z-[0-9a-f]{8}/g;
const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g;
/** Each has a version of PowerShell of its own, and robocopy numbers its errors. */
const OWN = /"powershell":"[\d.]+"|ERROR \d+ \(0x[0-9A-F]{8}\) /g;
const plain = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value)
      .replaceAll(OWN, (own) => (own.startsWith('"') ? '"powershell":""' : ""))
      .replaceAll(RUN, "RUN")
      .replaceAll(TIME, "TIME"),
  ) as unknown;

/** What two runs of one document must have in common: all but names and times. */
const essence = ({ outcome, trigger, steps, error, facts }: Run): unknown =>
  plain({ outcome, trigger, steps, error, facts });

async function manifestsOf(folder: string, series: string): Promise<unknown[]> {
  const sets = await realFile(folder, BK01, `${TARGET}\\series\\${series}\\sets`);
  const files = fs.readdirSync(sets).map((set) => path.join(sets, set, "manifest.json"));
  const sealed = files.filter((file) => fs.existsSync(file)).sort();
  return sealed.map((file) => {
    const manifest = JSON.parse(fs.readFileSync(file, "utf8")) as Record<string, unknown>;
    return plain({
      ...manifest,
      artefacts: (manifest["artefacts"] as object[]).map((one) => ({ ...one, sha256: "" })),
    });
  });
}

describeWithPowerShell("Both interpreters", function () {
  this.timeout(120_000);

  for (const [title, { steps }] of Object.entries(DOCUMENTS)) {
    it(`make the same of ${title}`, async () => {
      const job = oneOff(steps);
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

  for (const { type, typed, confirms } of ANSWERS) {
    it(`take ${JSON.stringify(typed)} for ${confirms ? "a yes" : "no answer"} to ${type ?? "a plain question"}`, async () => {
      const job = question(type);
      const confirm = () => Promise.resolve({ by: ME, typed });
      const inLab = await (await openLabHost(await labWithJob(), FE01)).run({ document: job }, { confirm });
      assert.deepEqual(essence(await runInPowerShell(await labWithJob(), job, typed)), essence(inLab));
    });
  }

  for (const [title, { job, before, between }] of Object.entries(HISTORIES)) {
    it(`make the same of a series where ${title}`, async () => {
      const [lab, other] = [await labWithJob(job), await labWithJob(job)];
      for (const happens of [before, between]) {
        await Promise.all([happens?.(lab), happens?.(other)]);
        const inLab = await (await openLabHost(lab, FE01)).run({ document: job });
        assert.deepEqual(essence(await runInPowerShell(other, job)), essence(inLab));
        await Promise.all([advance(lab, 1), advance(other, 1)]);
      }
      assert.deepEqual(await manifestsOf(other, "files"), await manifestsOf(lab, "files"));
    });
  }

  it("make the same set of the configuration, one after the other", async () => {
    const [lab, other] = [await labWithJob(), await labWithJob()];
    for (let count = 0; count < 2; count++) {
      const inLab = await (await openLabHost(lab, FE01)).run({ document: configuration() });
      assert.deepEqual(essence(await runInPowerShell(other, configuration())), essence(inLab));
      await Promise.all([advance(lab, 1), advance(other, 1)]);
    }
    assert.deepEqual(await manifestsOf(other, "configuration"), await manifestsOf(lab, "configuration"));
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
