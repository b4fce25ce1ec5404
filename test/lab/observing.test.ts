import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Run, StepInput } from "../../estate/documents";
import { changeGroup, cutHost, editFolderAccess, fillDisk, loseComputer, onComputer } from "../../lab/commands";
import { BACKUP, BK01, FE01, labWithJob, runSteps, TARGET } from "./fixture";

type Observe = Extract<StepInput, { kind: "observe" }>;
const SHARE = String.raw`\\bk01.contoso.com\lyncbackup$`;

const observing = (what: Observe["what"], more: Partial<Observe> = {}): StepInput => ({
  kind: "observe",
  id: "look",
  title: `Look at ${what}`,
  what,
  ...more,
});
const factsOf = ({ outcome, steps, error }: Run): Record<string, unknown> => {
  assert.equal(outcome, "succeeded", error?.message);
  return steps[0]?.data["facts"] as Record<string, unknown>;
};
const facts = async (folder: string, what: Observe["what"], more: Partial<Observe> = {}) =>
  factsOf(await runSteps(folder, [observing(what, more)]));

describe("The step that observes", () => {
  it("tells what the computer is, which module it has and what its services do", async () => {
    const folder = await labWithJob();
    const computer = await facts(folder, "computer");
    assert.deepEqual(
      [computer["fqdn"], computer["domain"], computer["powershell"], computer["product"], computer["pool"]],
      [FE01, "contoso.com", "4.0", "lync2013", "pool01.contoso.com"],
    );
    const module = await facts(folder, "module");
    assert.equal(module["installed"], true);
    assert.ok(Object.keys(module["files"] as object).length > 0);
    const { services } = await facts(folder, "services");
    assert.ok(
      (services as { name: string; state: string }[]).some(
        ({ name, state }) => name === "RTCSRV" && state === "running",
      ),
    );
  });

  it("tells what the token of its own logon holds", async () => {
    const folder = await labWithJob();
    const token = await facts(folder, "token", { against: "RTCUniversalServerAdmins" });
    assert.deepEqual([token["account"], token["has"]], [BACKUP, true]);
    await changeGroup(folder, BACKUP, "RTCUniversalServerAdmins", "remove");
    assert.equal((await facts(folder, "token", { against: "RTCUniversalServerAdmins" }))["has"], false);
  });

  it("tells whether a managed account can be used here", async () => {
    const folder = await labWithJob();
    assert.deepEqual(await facts(folder, "managed-account"), {
      account: BACKUP,
      exists: true,
      managed: true,
      installed: true,
    });
    const other = await facts(folder, "managed-account", { against: String.raw`CONTOSO\lync-courier$` });
    assert.deepEqual([other["managed"], other["installed"]], [true, false]);
  });

  it("tells whether a folder can be read and written, and reads back what it has written there", async () => {
    const folder = await labWithJob();
    assert.deepEqual(await facts(folder, "folder", { path: SHARE }), {
      path: SHARE,
      exists: true,
      readable: true,
      writable: true,
      error: null,
    });
    assert.deepEqual(await facts(folder, "read-back", { path: SHARE }), { path: SHARE, same: true, error: null });
    await fillDisk(folder, BK01, "D", 0);
    const full = await facts(folder, "read-back", { path: SHARE });
    assert.deepEqual([full["same"], full["error"]], [false, `There is not enough space on the disk D: of ${BK01}.`]);
    await editFolderAccess(folder, BK01, TARGET, []);
    const denied = await facts(folder, "folder", { path: SHARE });
    assert.deepEqual([denied["readable"], denied["writable"]], [false, false]);
    assert.match(String(denied["error"]), /^Access to .* is denied to CONTOSO\\lync-backup\$/);
    assert.match(String((await facts(folder, "read-back", { path: SHARE }))["error"]), /^Access to /);
  });

  it("tells how much room there is, and by how much the clocks differ", async () => {
    const folder = await labWithJob();
    const space = await facts(folder, "free-space", { path: SHARE });
    assert.ok(Number(space["freeBytes"]) > 0 && Number(space["capacityBytes"]) > Number(space["freeBytes"]));
    assert.equal((await facts(folder, "clock", { against: BK01 }))["skewSeconds"], 0);
    await cutHost(folder, BK01);
    const run = await runSteps(folder, [observing("clock", { against: BK01 })]);
    assert.match(run.error?.message ?? "", /^The clock of bk01\.contoso\.com cannot be asked\.$/);
  });

  it("tells which certificates the computer has, of which a lost one has none any more", async () => {
    const folder = await labWithJob();
    const { certificates } = await facts(folder, "certificates");
    const [own, ...more] = certificates as Record<string, unknown>[];
    assert.deepEqual([own?.["subject"], own?.["hasPrivateKey"], more], [`CN=${FE01}`, true, []]);
    assert.match(String(own?.["thumbprint"]), /^[0-9A-F]{40}$/);
    assert.ok(String(own?.["notAfter"]) > "2027");
    await loseComputer(folder, FE01);
    await onComputer(folder, FE01, (computer) => {
      assert.equal(computer.certificates, undefined);
    });
  });

  it("says what it needs", async () => {
    const folder = await labWithJob();
    const without = await runSteps(folder, [observing("folder")]);
    assert.equal(without.error?.message, "To look at folder, a path is needed.");
  });
});
