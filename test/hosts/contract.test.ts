import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "mocha";
import { Change, Reach, type Run } from "../../estate/documents";
import { HostError, type Answer, type Host, type Progress } from "../../hosts/host";
import { PowerShellHost } from "../../hosts/powershell/host";
import { launchFor } from "../../hosts/powershell/ways";
import { openLabHost } from "../../lab/host";
import { configuration, FE01, JOB, labWithJob, ownerOf, setJob, STRANGER, temporaryFolder } from "../lab/fixture";
import { HOSTILE } from "../support/hostile";
import { ME, oneOff, question } from "./vectors";

/**
 * What every way to a host promises, held against each of them: the lab in this process, and the sessions of each way,
 * whose program is a stand-in with a computer of the lab behind it. Where PowerShell is, other suites hold the module
 * itself against the lab.
 */

type Open = (lab: string) => Promise<Host> | Host;

const session =
  (reach: unknown, platform: NodeJS.Platform = "linux"): Open =>
  (lab) => {
    const reference = { name: FE01, reach: Reach.parse(reach) };
    const secret = (): string => "hush";
    const launch = launchFor(reference, { platform, secret });
    const bin = path.join(temporaryFolder(), "bin");
    fs.mkdirSync(bin);
    fs.symlinkSync(path.join(__dirname, "lab-powershell.js"), path.join(bin, launch.program));
    fs.chmodSync(path.join(__dirname, "lab-powershell.js"), 0o755);
    const env = {
      PATH: [bin, process.env["PATH"] ?? ""].join(path.delimiter),
      LYNC_BACKUP_STAND_IN_LAB: lab,
      LYNC_BACKUP_STAND_IN_HOST: FE01,
    };
    return new PowerShellHost(FE01, () => ({ ...launch, env }), { pollMs: 10 });
  };

const WAYS: readonly { way: string; open: Open }[] = [
  { way: "the lab, in this process", open: (lab) => openLabHost(lab, FE01) },
  { way: "a local session", open: session({ via: "local" }) },
  { way: "a session by ssh", open: session({ via: "ssh", user: "deploy", port: 2222, identityFile: "/home/me/key" }) },
  { way: "a session by WinRM with Kerberos", open: session({ via: "winrm" }, "win32") },
  {
    way: "a session by WinRM with a password",
    open: session(
      { via: "winrm", logon: { by: "credential", user: String.raw`CONTOSO\me`, credential: "me" } },
      "win32",
    ),
  },
];

const refuses = async (call: Promise<unknown>): Promise<Pick<HostError, "code" | "message" | "advice">> => {
  try {
    await call;
  } catch (error) {
    assert.ok(error instanceof HostError, String(error));
    const { code, message, advice } = error;
    return { code, message, advice };
  }
  assert.fail("nothing was refused");
};

const guard = {
  kind: "guard",
  condition: { value: 1, is: "empty" },
  otherwise: "fail",
  because: "it must not",
} as const;
const NOTED = { ...guard, onFailure: "note" } as const;
const owner = ownerOf("subject");

for (const { way, open } of WAYS) {
  describe(`A host behind ${way}`, function () {
    this.timeout(120_000);
    let host: Host;
    /** The same computer, past the way to it. */
    let lab: Host;
    before(async () => {
      const folder = await labWithJob();
      lab = await openLabHost(folder, FE01);
      host = await open(folder);
    });
    after(() => host.close());

    it("shows its state, which a change answers with too, and which a second time changes nothing", async () => {
      const state = await lab.state();
      assert.deepEqual(await host.state(), state);
      assert.deepEqual(await host.apply(Change.make({ owner, action: setJob(configuration()) })), state);
    });

    it("refuses with a code, a reason and advice", async () => {
      const foreign = Change.make({ owner: STRANGER, action: setJob(configuration()) });
      const refused = await refuses(host.apply(foreign));
      assert.equal(refused.code, "foreign");
      assert.match(String(refused.advice), /adopt/);
      assert.deepEqual(refused, await refuses(lab.apply(foreign)));
      const missing = await refuses(host.run({ job: "nothing" }));
      assert.equal(missing.code, "not-found");
      assert.deepEqual(missing, await refuses(lab.run({ job: "nothing" })));
    });

    it("runs an installed job to its end, tells its steps, and keeps its result", async () => {
      const told: string[] = [];
      const onProgress = (progress: Progress): void => {
        told.push(progress.kind === "step-started" ? `> ${progress.id}` : progress.result.id);
      };
      const run = await host.run({ job: JOB }, { onProgress });
      assert.equal(run.outcome, "succeeded", run.error?.message);
      const ended = told.filter((one) => !one.startsWith(">"));
      assert.deepEqual(
        ended,
        run.steps.map(({ id }) => id),
      );
      // A step that is over before anybody looks is told as one that has ended.
      const begun = told.filter((one) => one.startsWith(">"));
      assert.deepEqual(
        begun.filter((one) => !ended.includes(one.slice(2))),
        [],
      );
      assert.deepEqual((await host.results({ job: JOB, last: 1 }))[0], run);
      assert.deepEqual(await lab.results({ job: JOB, last: 5 }), await host.results({ job: JOB, last: 5 }));
    });

    it("answers with a run that failed, and does not reject for it", async () => {
      const run = await host.run({ document: oneOff([{ ...guard, id: "g", title: "Guard" }]) });
      assert.deepEqual([run.outcome, run.error?.code, run.error?.message], ["failed", "guard", "it must not"]);
      assert.equal(run.job, "one-off");
    });

    it("puts a question to whoever is there, and fails where nobody is", async () => {
      const asked: string[] = [];
      const confirm = ({ ask }: { ask: string }): Promise<Answer> => {
        asked.push(ask);
        return Promise.resolve({ by: ME, typed: "pool01" });
      };
      const run = await host.run({ document: question("pool01") }, { confirm });
      assert.deepEqual([run.outcome, asked], ["succeeded", ["Go on?"]]);
      assert.equal(run.steps[0]?.answer?.typed, "pool01");
      assert.equal((await host.run({ document: question("pool01") })).error?.code, "timed-out");
    });

    it("ends a run that is told to, between two steps", async () => {
      const control = new AbortController();
      const confirm = (): Promise<Answer> => {
        control.abort();
        return Promise.resolve({ by: ME, typed: "yes" });
      };
      const steps = [
        { kind: "confirm", id: "c", title: "Sure", ask: "Go on?" } as const,
        { ...guard, id: "g", title: "Guard" },
      ];
      const run: Run = await host.run({ document: oneOff(steps) }, { confirm, signal: control.signal });
      assert.ok(["cancelled", "failed"].includes(run.outcome), run.outcome);
      assert.ok(run.steps.length <= 2);
    });

    it("hands on every text as it is, and none of it is ever executed", async () => {
      const texts = HOSTILE.filter((one) => one.length > 0 && one.length < 2000);
      const steps = texts.map((because, index) => ({ ...NOTED, because, id: `g${String(index)}`, title: "Guard" }));
      const run = await host.run({ document: oneOff(steps) });
      assert.deepEqual(
        run.steps.map(({ message }) => message),
        texts,
      );
    });
  });
}
