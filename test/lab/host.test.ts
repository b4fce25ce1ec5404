import assert from "node:assert/strict";
import fs from "node:fs";
import { describe, it } from "mocha";
import { agentPackage } from "../../hosts/agent/package";
import { hostLayout, HostState, type ChangeAction } from "../../estate/documents";
import { HostError, type HostErrorCode } from "../../hosts/host";
import {
  createLab,
  cutHost,
  editFile,
  editJobFile,
  editShare,
  editTargetMark,
  labStatus,
  makeForeignFolder,
  makeForeignShare,
  makeForeignTask,
  mendHost,
  realFile,
  removeFolder,
  removeTargetMark,
  resetLab,
  slowHost,
} from "../../lab/commands";
import { openLabHost } from "../../lab/host";
import { joinWindows } from "../../lab/paths";
import {
  apply,
  BK01,
  configuration,
  emptyLab,
  FE01,
  JOB,
  labWithJob,
  run,
  setJob,
  setsOf,
  sha256,
  STRANGER,
  TARGET,
  temporaryFolder,
  vault,
} from "./fixture";

const setTarget: ChangeAction = { kind: "set-target", target: vault };
const setAgent: ChangeAction = { kind: "set-agent", agent: agentPackage() };

const isHostError =
  (code: HostErrorCode, says: RegExp) =>
  (error: unknown): boolean => {
    assert.ok(error instanceof HostError, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, says);
    return true;
  };

describe("A change on a lab host", () => {
  it("changes nothing the second time", async () => {
    const folder = await labWithJob();
    for (const [host, action] of [
      [BK01, setTarget],
      [FE01, setAgent],
      [FE01, setJob(configuration())],
    ] as const) {
      const before = await (await openLabHost(folder, host)).state();
      await apply(folder, host, action);
      assert.deepEqual(await (await openLabHost(folder, host)).state(), before, action.kind);
    }
  });

  it("answers with a state that is a valid document, on every host", async () => {
    const folder = await labWithJob();
    for (const { host } of (await labStatus(folder)).hosts) {
      const state = await (await openLabHost(folder, host)).state();
      assert.deepEqual(HostState.read(JSON.parse(HostState.write(state))), state);
    }
  });

  it("shows the target with its share, its access by identifier, and what was declared", async () => {
    const folder = await labWithJob();
    const [target] = (await (await openLabHost(folder, BK01)).state()).targets;
    assert.ok(target?.share);
    assert.deepEqual(target.declaration, vault);
    assert.equal(target.encryption, "bitlocker");
    assert.deepEqual(
      target.share.access.map(({ account, right }) => [account.split("\\")[1], right]),
      [
        ["Administrators", "full"],
        ["SYSTEM", "full"],
        ["lync-backup$", "change"],
        ["restore-admins", "read"],
      ],
    );
    for (const { account, sid } of target.access.slice(2)) assert.equal(target.accounts[account], sid);
    await removeTargetMark(folder, BK01, "vault");
    const [unmarked] = (await (await openLabHost(folder, BK01)).state()).targets;
    assert.deepEqual([unmarked?.owner, unmarked?.declaration, unmarked?.folder], [null, null, true]);
    await apply(folder, BK01, setTarget, { adopt: true });
  });

  it("tells the next run in UTC, by the zone of the host", async () => {
    const folder = await labWithJob();
    const [task] = (await (await openLabHost(folder, FE01)).state()).tasks;
    assert.equal(task?.nextRunAt, "2026-03-03T01:00:00.000Z");
  });

  it("leaves folder, mark and sets when a target is removed, and a job's results when a job is", async () => {
    const folder = await labWithJob();
    await run(folder);
    await apply(folder, BK01, { kind: "remove-target", name: "vault" });
    await apply(folder, BK01, { kind: "remove-target", name: "vault" });
    const state = await (await openLabHost(folder, BK01)).state();
    assert.deepEqual(state.targets, []);
    assert.ok((await setsOf(folder))[0]?.sealed);
    assert.ok(fs.existsSync(await realFile(folder, BK01, String.raw`${TARGET}\target.json`)));
    await apply(folder, FE01, { kind: "remove-job", name: JOB });
    await apply(folder, FE01, { kind: "remove-job", name: JOB });
    const host = await openLabHost(folder, FE01);
    assert.deepEqual([(await host.state()).jobs, (await host.state()).tasks], [[], []]);
    assert.equal((await host.results({ job: JOB, last: 9 })).length, 1);
    await apply(folder, FE01, { kind: "remove-agent" });
    await apply(folder, FE01, { kind: "remove-agent" });
    assert.equal((await host.state()).agent, null);
  });
});

const job = configuration();
const withTarget = (patch: Partial<typeof vault>): ChangeAction => ({
  kind: "set-target",
  target: { ...vault, ...patch },
});

/** What a host refuses: the lab before, the change, and what it says. */
const REFUSALS: {
  when: string;
  lab?: () => Promise<string>;
  before?: (folder: string) => Promise<unknown>;
  host?: string;
  action: ChangeAction;
  code: HostErrorCode;
  says: RegExp;
}[] = [
  { when: "there is no module for a job", lab: emptyLab, action: setJob(job), code: "refused", says: /HostAgent/ },
  { when: "a job is needed the module for", action: { kind: "remove-agent" }, code: "refused", says: /configuration/ },
  {
    when: "the bytes of a job are not those that were sent",
    action: { ...setJob(job), sha256: "0".repeat(64) },
    code: "refused",
    says: /another hash/,
  },
  {
    when: "the directory does not know the account of a job",
    action: setJob(configuration({ account: String.raw`CONTOSO\nobody$` })),
    code: "refused",
    says: /nobody\$/,
  },
  {
    when: "the managed account of a job is not installed there",
    action: setJob(configuration({ account: String.raw`CONTOSO\lync-courier$` })),
    code: "refused",
    says: /Install-ADServiceAccount/,
  },
  {
    when: "the directory does not know a writer",
    host: BK01,
    action: withTarget({ writers: [String.raw`CONTOSO\nobody`] }),
    code: "refused",
    says: /nobody/,
  },
  {
    when: "there is no such volume",
    host: BK01,
    action: withTarget({ path: String.raw`Q:\x` }),
    code: "refused",
    says: /Q:/,
  },
  {
    when: "the folder is somebody's",
    lab: emptyLab,
    before: (folder) => makeForeignFolder(folder, BK01, TARGET),
    host: BK01,
    action: setTarget,
    code: "foreign",
    says: /nobody's mark/,
  },
  {
    when: "the folder bears another mark",
    before: (folder) => editTargetMark(folder, BK01, "vault", { owner: STRANGER }),
    host: BK01,
    action: setTarget,
    code: "foreign",
    says: /other\/prod\/theirs/,
  },
  {
    when: "the share is somebody's",
    lab: emptyLab,
    before: (folder) => makeForeignShare(folder, BK01, "lyncbackup$", String.raw`D:\Other`),
    host: BK01,
    action: setTarget,
    code: "foreign",
    says: /share/,
  },
  {
    when: "the task was made by hand",
    lab: async () => {
      const folder = await emptyLab();
      await apply(folder, FE01, setAgent);
      return folder;
    },
    before: (folder) => makeForeignTask(folder, FE01, JOB),
    action: setJob(job),
    code: "foreign",
    says: /nobody's mark/,
  },
];

REFUSALS.push(
  {
    when: "the folder of the module has files of somebody else",
    lab: emptyLab,
    before: (folder) => editFile(folder, FE01, joinWindows(hostLayout.agent, "tools\\old.ps1"), "# ours since 2014"),
    action: setAgent,
    code: "foreign",
    says: /nobody's mark/,
  },
  {
    when: "somebody shares the folder under another name",
    lab: emptyLab,
    before: (folder) => makeForeignShare(folder, BK01, "Films", TARGET),
    host: BK01,
    action: setTarget,
    code: "foreign",
    says: /the share Films/,
  },
  {
    when: "somebody shares the empty folder under this name, to others",
    lab: emptyLab,
    before: (folder) => makeForeignShare(folder, BK01, "LyncBackup$", TARGET),
    host: BK01,
    action: setTarget,
    code: "foreign",
    says: /the share LyncBackup\$/,
  },
  {
    when: "somebody shares something else under the name that a target is to be shared by from now on",
    before: (folder) => makeForeignShare(folder, BK01, "Films$", String.raw`D:\Films`),
    host: BK01,
    action: withTarget({ share: "Films$" }),
    code: "foreign",
    says: /the share Films\$ of D:\\Films/,
  },
  {
    when: "a job comes without a document",
    action: { ...setJob(job), base64: "", sha256: sha256("") },
    code: "refused",
    says: /no job document/,
  },
);

describe("A lab host refuses, and changes nothing, when", () => {
  for (const { when, lab = labWithJob, before, host = FE01, action, code, says } of REFUSALS) {
    it(when, async () => {
      const folder = await lab();
      await before?.(folder);
      const opened = await openLabHost(folder, host);
      const state = await opened.state();
      await assert.rejects(apply(folder, host, action), isHostError(code, says));
      assert.deepEqual(await opened.state(), state);
      if (code !== "foreign") return;
      await apply(folder, host, action, { adopt: true });
      await apply(folder, host, action);
    });
  }

  for (const action of [setJob(job), { kind: "remove-job", name: JOB } as const]) {
    it(`${action.kind} comes from another owner, who may adopt it`, async () => {
      const folder = await labWithJob();
      await assert.rejects(
        apply(folder, FE01, action, { owner: STRANGER }),
        isHostError("foreign", /test\/lab\/subject/),
      );
      await apply(folder, FE01, action, { owner: STRANGER, adopt: true });
    });
  }
});

describe("A lab host", () => {
  it("removes nothing that it did not make", async () => {
    const folder = await labWithJob();
    const inModule = joinWindows(hostLayout.agent, "old.ps1");
    await editFile(folder, "fe03.contoso.com", inModule, "# ours since 2014");
    await apply(folder, "fe03.contoso.com", { kind: "remove-agent" });
    assert.ok(fs.existsSync(await realFile(folder, "fe03.contoso.com", inModule)));
    await assert.rejects(
      apply(folder, FE01, { kind: "remove-agent" }, { owner: STRANGER }),
      isHostError("foreign", /test\/lab\/subject/),
    );
    await assert.rejects(
      apply(folder, BK01, { kind: "remove-target", name: "vault" }, { owner: STRANGER }),
      isHostError("foreign", /test\/lab\/subject/),
    );
    await editShare(folder, BK01, "LyncBackup$", { path: String.raw`D:\Films` });
    await apply(folder, BK01, { kind: "remove-target", name: "vault" });
    await apply(folder, BK01, { kind: "set-target", target: { ...vault, share: "Other$" } });
    await assert.rejects(
      apply(folder, BK01, { kind: "set-target", target: { ...vault, name: "films", path: String.raw`D:\New` } }),
      isHostError("foreign", /the share LyncBackup\$ of D:\\Films/),
    );
  });

  it("tells what it cannot read, and all the rest", async () => {
    const folder = await labWithJob();
    await run(folder);
    const product = (name: string): string => joinWindows(hostLayout.data, name);
    const edits: [string, string, string][] = [
      [FE01, product(`runs\\${JOB}\\99990101T000000Z-00000000.json`), "{"],
      [FE01, joinWindows(hostLayout.agent, "agent.json"), "# mine"],
      [BK01, product(hostLayout.targetNote("vault")), "{"],
    ];
    for (const [host, file, text] of edits) await editFile(folder, host, file, text);
    const state = await (await openLabHost(folder, FE01)).state();
    assert.deepEqual([state.agent, state.jobs[0]?.lastRun?.outcome], [null, "succeeded"]);
    const problems = [...state.problems, ...(await (await openLabHost(folder, BK01)).state()).problems];
    assert.deepEqual(problems.map(({ concerns }) => concerns).sort(), ["agent", "sets", "targets"]);
    for (const { message } of problems) assert.match(message, /^[TU].* cannot be read: .*\w\.$/);
    await apply(folder, FE01, setAgent);
    await apply(folder, BK01, setTarget);
    assert.equal((await run(folder)).outcome, "succeeded");
  });

  it("knows the module with all its folders, and takes out what a colleague has put in", async () => {
    const folder = await labWithJob();
    const host = await openLabHost(folder, FE01);
    const { agent } = await host.state();
    await editFile(folder, FE01, joinWindows(hostLayout.agent, "more\\x.ps1"), "# mine");
    assert.deepEqual(
      Object.keys((await host.state()).agent?.files ?? {}).length,
      Object.keys(agent?.files ?? {}).length + 1,
    );
    await apply(folder, FE01, setAgent);
    assert.deepEqual((await host.state()).agent, agent);
  });

  it("runs a job that is called as something that every object has", async () => {
    const named = configuration({ name: "constructor" });
    const folder = await labWithJob(named);
    const host = await openLabHost(folder, FE01);
    assert.equal((await host.run({ job: "constructor" })).outcome, "succeeded");
  });

  it("takes back its own job although a colleague has made the document unreadable", async () => {
    const folder = await labWithJob();
    await editJobFile(folder, FE01, JOB, "not JSON");
    const [found] = (await (await openLabHost(folder, FE01)).state()).jobs;
    assert.deepEqual([found?.owner, found?.text], [null, "not JSON"]);
    await apply(folder, FE01, setJob(job));
    assert.equal((await run(folder)).outcome, "succeeded");
  });

  it("makes a target again whose folder is gone", async () => {
    const folder = await labWithJob();
    await removeFolder(folder, BK01, TARGET);
    const host = await openLabHost(folder, BK01);
    assert.equal((await host.state()).targets[0]?.folder, false);
    await apply(folder, BK01, setTarget);
    assert.equal((await run(folder)).outcome, "succeeded");
  });

  it("says that it does not answer, that it is too slow, that a call was cancelled, that there is no lab", async () => {
    const folder = await emptyLab();
    const host = await openLabHost(folder, FE01);
    await cutHost(folder, FE01);
    await assert.rejects(host.state(), isHostError("unreachable", /does not answer/));
    await mendHost(folder, FE01);
    await slowHost(folder, FE01, 5000);
    await assert.rejects(host.state({ timeoutMs: 30 }), isHostError("timed-out", /30 ms/));
    await assert.rejects(host.state({ signal: AbortSignal.abort() }), isHostError("cancelled", /cancelled/));
    const abort = new AbortController();
    setTimeout(() => {
      abort.abort();
    }, 30);
    await assert.rejects(host.state({ signal: abort.signal }), isHostError("cancelled", /cancelled/));
    const [quick] = await Promise.all([(await openLabHost(folder, BK01)).state(), mendHost(folder, FE01)]);
    assert.equal(quick.host, BK01);
    await assert.rejects(
      (await openLabHost(temporaryFolder(), FE01)).state(),
      isHostError("unreachable", /npm run lync-backup -- lab create/),
    );
    await assert.rejects(
      (await openLabHost(folder, "fe99.contoso.com")).state(),
      isHostError("unreachable", /no such computer/),
    );
  });

  it("stays as it is when its lab is created again, and is as new when the lab is reset", async () => {
    const folder = await labWithJob();
    await run(folder);
    assert.deepEqual(await createLab(folder, {}), { created: false, deployment: "contoso" });
    assert.equal((await setsOf(folder)).length, 1);
    await resetLab(folder);
    assert.deepEqual(await setsOf(folder), []);
    assert.equal((await (await openLabHost(folder, FE01)).state()).agent, null);
  });
});
