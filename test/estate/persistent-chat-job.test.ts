import assert from "node:assert/strict";
import { persistentChatCovers, persistentChatJob, type PersistentChatExport } from "../../estate/jobs";
import { declared } from "./jobs";
import { problemsIn } from "./support";
import { walk } from "./walk";

const POOL = "chat01.contoso.com";
const [PRIMARY, MIRROR, BACKUP] = ["sql01", "sql02", "sql11"].map((name) => `${name}.contoso.com\\chat`) as [
  string,
  string,
  string,
];
const chat: PersistentChatExport = { ...declared, pool: POOL, instance: PRIMARY };
const state = (PoolState: string) => ({ state: [{ PoolState }] });
const NORMAL = state("Normal");
const AWAY = state("FailedOver");
const exported = (input: PersistentChatExport, finds: Parameters<typeof walk>[1]): unknown =>
  walk(persistentChatJob(input), finds).artefacts.map(({ facts }) => facts["exported-from"]);

describe("Persistent Chat job", () => {
  it("exports all of the database, under the documented name with the pool's", () => {
    const job = persistentChatJob(chat);
    const step = job.steps.find(({ id }) => id === "export");
    assert.ok(step?.kind === "cmdlet");
    assert.deepEqual(step.parameters, {
      DBInstance: PRIMARY,
      DBName: "mgc",
      FileName: { $work: `PersistentChatData.${POOL}.zip` },
      Level: "All",
    });
    const { facts } = walk(job, NORMAL);
    assert.deepEqual(facts, { "active-pool": POOL, "failed-over": false, level: "All" });
    assert.deepEqual(persistentChatCovers({ instance: PRIMARY, database: "mgc", level: "All" }), [
      { datum: "persistent-chat", scope: { of: "database", instance: PRIMARY, database: "mgc" } },
    ]);
  });

  it("exports from the mirror where that has become the principal, and covers the same database", () => {
    const mirrored = { ...chat, mirror: MIRROR };
    assert.deepEqual(exported(mirrored, { ...NORMAL, principal: [{ DatabaseName: "mgc" }], mirror: [] }), [PRIMARY]);
    assert.deepEqual(exported(mirrored, { ...NORMAL, principal: [], mirror: [{ DatabaseName: "mgc" }] }), [MIRROR]);
    const scopes = persistentChatJob(mirrored).steps.flatMap((step) => ("produces" in step ? step.produces : []));
    for (const { scope } of scopes) assert.deepEqual(scope, { of: "database", instance: PRIMARY, database: "mgc" });
  });

  it("exports a stretched pool that is failed over from its backup database, and says so", () => {
    const stretched = { ...chat, mirror: MIRROR, backup: BACKUP };
    assert.deepEqual(exported(stretched, AWAY), [BACKUP]);
    assert.deepEqual(exported({ ...chat, backup: BACKUP }, AWAY), [BACKUP]);
    assert.deepEqual(exported({ ...chat, backup: BACKUP }, NORMAL), [PRIMARY]);
    assert.equal(walk(persistentChatJob(stretched), AWAY).facts["failed-over"], true);
  });

  it("fails where the pool is failed over and its backup database is not declared", () => {
    assert.deepEqual(walk(persistentChatJob(chat), AWAY).ended, { by: "at-home", outcome: "fail" });
  });

  it("covers nothing where it exports less than all", () => {
    const extract = { ...chat, level: "RoomDirectory" as const, startDate: "2026-01-31" };
    const [artefact] = persistentChatJob(extract).steps.flatMap((step) => ("produces" in step ? step.produces : []));
    assert.deepEqual(artefact?.covers, []);
    assert.deepEqual(persistentChatCovers({ instance: PRIMARY, database: "mgc", level: "RoomDirectory" }), []);
  });

  it("is refused for products without Persistent Chat, and with a start date for any other level", () => {
    for (const product of ["sfb2019", "sfbse"] as const) {
      const [problem] = problemsIn(() => persistentChatJob({ ...chat, product }));
      assert.match(problem ?? "", /^product: has no Persistent Chat: Skype for Business Server/);
    }
    for (const level of ["All", "User", "Category", "Content"] as const) {
      assert.deepEqual(
        problemsIn(() => persistentChatJob({ ...chat, level, startDate: "2026-01-31" })),
        ["startDate: is for the level RoomDirectory only"],
      );
    }
    assert.doesNotThrow(() => persistentChatJob({ ...chat, level: "RoomDirectory", startDate: "2026-01-31" }));
    assert.deepEqual(
      problemsIn(() => persistentChatJob({ ...chat, mirror: PRIMARY, backup: PRIMARY })),
      ["mirror: is the principal's own instance", "backup: is the instance of another database of this pool"],
    );
    assert.match(
      problemsIn(() => persistentChatJob({ ...chat, database: "mgc; DROP" }))[0] ?? "",
      /^database: expected/,
    );
  });
});
