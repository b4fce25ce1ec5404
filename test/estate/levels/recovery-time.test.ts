import assert from "node:assert/strict";
import fc from "fast-check";
import type { Cover } from "../../../estate/documents";
import { criticalPath, type RestoreStep, type RestorePath } from "../../../estate/levels";
import { enterpriseUnmirrored } from "../topologies";
import { drill, external, job, told, verdictsOn } from "./support";

const USERS: Cover = { datum: "user-data", scope: { of: "pool", pool: "pool1.contoso.com" } };
const KEY = "user-data pool pool1.contoso.com";

const step = (id: string, minutes: number, ...after: string[]): RestoreStep => ({ id, minutes, after });
const restore = (scenario: string, ...steps: RestoreStep[]): RestorePath => ({ scenario, restores: [KEY], steps });

/** Steps that wait for some of those before them, in any order. */
const runbooks = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 90 }), fc.array(fc.nat(9), { maxLength: 3 })), { maxLength: 10 })
  .map((list) =>
    list.map(([minutes, after], index) =>
      step(`s${String(index)}`, minutes, ...(index === 0 ? [] : after.map((nth) => `s${String(nth % index)}`))),
    ),
  )
  .chain((steps) => fc.shuffledSubarray(steps, { minLength: steps.length }));

/** The longest way to the end of a step, looked for along every way. */
function slowest(steps: readonly RestoreStep[], id: string): number {
  const found = steps.find((one) => one.id === id);
  if (!found) return 0;
  return found.minutes + Math.max(0, ...found.after.map((before) => slowest(steps, before)));
}

describe("The critical path of a runbook", () => {
  it("is the longest of all ways", () => {
    fc.assert(
      fc.property(runbooks, (steps) => {
        const { minutes, steps: path } = criticalPath(steps);
        assert.equal(minutes, Math.max(0, ...steps.map(({ id }) => slowest(steps, id))));
        assert.equal(
          path.reduce((sum, one) => sum + one.minutes, 0),
          minutes,
        );
        for (const [index, { after }] of path.entries()) {
          const before = path[index - 1];
          assert.ok(before ? after.includes(before.id) : after.length === 0 || minutes >= 0);
        }
      }),
    );
  });

  it("never gets shorter by a longer step", () => {
    fc.assert(
      fc.property(runbooks, fc.nat(), fc.nat(60), (steps, nth, more) => {
        const longer = steps.map((one, index) =>
          index === nth % Math.max(1, steps.length) ? { ...one, minutes: one.minutes + more } : one,
        );
        assert.ok(criticalPath(longer).minutes >= criticalPath(steps).minutes);
      }),
    );
  });

  it("takes what does not wait for each other at the same time", () => {
    const path = criticalPath([
      step("fetch", 20),
      step("stop", 5),
      step("import", 45, "fetch", "stop"),
      step("start", 10, "import"),
    ]);
    assert.deepEqual([path.minutes, path.steps.map(({ id }) => id)], [75, ["fetch", "import", "start"]]);
  });

  it("is refused for a graph that cannot be executed", () => {
    assert.throws(() => criticalPath([step("a", 1, "b"), step("b", 1, "a")]), /waits for itself, through others/);
    assert.throws(() => criticalPath([step("a", 1, "b")]), /a of the restore waits for b, which is not among them/);
    assert.throws(() => criticalPath([step("a", 1), step("a", 2)]), /the same id/);
  });
});

describe("The recovery time", () => {
  const users = job("users", [USERS]);
  const rto = (hours: number, more: Parameters<typeof verdictsOn>[4], protections = [users]): string =>
    told(verdictsOn(enterpriseUnmirrored, USERS, protections, { rtoHours: hours }, more).rto);
  const pool = restore("pool", step("fetch", 20), {
    id: "import",
    title: "import and restart",
    minutes: 45,
    after: ["fetch"],
  });

  it("is that of the critical path, of the slowest scenario", () => {
    assert.equal(
      rto(1, { restores: [pool] }),
      "missed: 20 min fetch + 45 min import and restart = 1 h 5 min > RTO 1 h",
    );
    const site = restore("back-end", step("rebuild", 240));
    assert.equal(rto(4, { restores: [pool, site] }), "met: 4 h rebuild <= RTO 4 h");
  });

  it("is that of the last drill, where it is fresh", () => {
    const measured = drill("users", { minutes: 90 });
    assert.equal(
      rto(2, { restores: [pool], drills: [measured] }),
      "met: 1 h 30 min measured, the drill of 2026-02-01 (pool) passed <= RTO 2 h",
    );
    const older = drill("users", { minutes: 600, at: "2026-01-01T00:00:00.000Z" });
    assert.match(rto(2, { drills: [older, measured] }), /^met: 1 h 30 min/);
  });

  it("does not count a stale drill, and says so", () => {
    const stale = drill("users", { minutes: 30, goodForDays: 7 });
    assert.equal(
      rto(2, { restores: [pool], drills: [stale] }),
      "met: 20 min fetch + 45 min import and restart = 1 h 5 min <= RTO 2 h (estimated: the drill of 2026-02-01 (pool) went stale on 2026-02-08)",
    );
    assert.equal(
      rto(2, { drills: [stale] }),
      "unknown: not known: how long its runbook takes, and the drill of 2026-02-01 (pool) went stale on 2026-02-08",
    );
    const future = drill("users", { at: "2036-01-01T00:00:00.000Z" });
    assert.match(rto(2, { drills: [future] }), /^unknown: not known: .* no drill has measured it$/);
  });

  it("is missed where the last drill failed, whatever the runbook estimates", () => {
    const failed = drill("users", { verdict: "failed", minutes: 10 });
    assert.match(rto(9, { restores: [pool], drills: [failed] }), /^missed: the drill of 2026-02-01 \(pool\) failed/);
  });

  it("is not there without anything to restore from", () => {
    assert.equal(rto(9, { restores: [pool] }, []), "missed: nothing protects it");
    const { lastSuccess: _, ...never } = external("snapshots", USERS.datum);
    assert.match(
      told(verdictsOn(enterpriseUnmirrored, USERS, [never], { rtoHours: 9 }, { restores: [pool] }).rto),
      /^unknown: not known: whether it still works/,
    );
  });
});
