import assert from "node:assert/strict";
import { needsOf, type SealedSet } from "../../estate/chains";
import { Manifest, runId, type SetKind } from "../../estate/documents";

/** What sets need now, where that is no longer what they were built on. Whole histories: sql-chains.test.ts. */

const nameOf = (hour: number): string => runId(`2026-03-01T${String(hour).padStart(2, "0")}:00:00.000Z`, "00000000");

/** A set of one hour; each database with where its backup begins and ends. */
function setOf(
  hour: number,
  kind: SetKind,
  databases: Record<string, readonly [first: number, last: number]>,
  more: { needs?: number[]; good?: boolean; fork?: string; facts?: false } = {},
): SealedSet {
  const { needs = [], good = true, fork = "A" } = more;
  const startedAt = `2026-03-01T${String(hour).padStart(2, "0")}:00:00.000Z`;
  const artefacts = Object.entries(databases).map(([database, [first, last]]) => ({
    path: `${database}.${kind}.bak`,
    datum: "cdr",
    scope: { of: "database" as const, instance: "sql01.contoso.com", database },
    format: "bak" as const,
    bytes: 1,
    sha256: "0".repeat(64),
    facts: more.facts === false ? {} : { "first-lsn": String(first), "last-lsn": String(last), "recovery-fork": fork },
  }));
  const manifest = Manifest.make({
    set: nameOf(hour),
    series: "sql",
    job: `sql-${kind}`,
    jobHash: "0".repeat(64),
    kind,
    owner: { project: "lync", stack: "test", name: "sql" },
    host: "sql01.contoso.com",
    account: String.raw`CONTOSO\lync-backup$`,
    trigger: "schedule",
    startedAt,
    sealedAt: startedAt,
    product: "lync2013",
    deployment: "contoso",
    covers: [],
    artefacts,
    bytes: artefacts.length,
    needs: needs.map(nameOf),
    tool: { name: "test", version: "1.0" },
  });
  return { manifest, good };
}

const needs = (sets: readonly SealedSet[], hour: number): string[] => needsOf(sets).get(nameOf(hour)) ?? [];

describe("What a set needs now", () => {
  const first = setOf(0, "full", { a: [0, 10] });
  const before = setOf(1, "log", { a: [10, 20] }, { needs: [0] });
  /** It ends while the log of two o'clock is running, and is sealed after it. */
  const long = setOf(2, "full", { a: [15, 25] });
  const spanning = setOf(3, "log", { a: [20, 30] }, { needs: [1] });

  it("is the full backup that ends in its log, though that was sealed later, instead of all logs before", () => {
    assert.deepEqual(needs([first, before, long, spanning], 3), [nameOf(2)]);
    assert.deepEqual(needs([first, before, long, spanning], 1), [nameOf(0)]);
  });

  it("is the log before it, where no full backup ends in it", () => {
    const next = setOf(4, "log", { a: [30, 40] }, { needs: [3] });
    assert.deepEqual(needs([first, before, long, spanning, next], 4), [nameOf(3)]);
  });

  it("is what it was built on, where the full backup is damaged, of another restore, a copy, or says nothing", () => {
    for (const other of [
      { ...long, good: false },
      setOf(2, "full", { a: [15, 25] }, { fork: "B" }),
      setOf(2, "copy-only", { a: [15, 25] }),
      setOf(2, "full", { a: [15, 25] }, { facts: false }),
      setOf(2, "full", { a: [15, 31] }),
      setOf(2, "full", { a: [15, 19] }),
      setOf(2, "full", { b: [15, 25] }),
    ]) {
      assert.deepEqual(needs([first, before, other, spanning], 3), [nameOf(1)]);
    }
  });

  it("is a differential that ends in it only where its full backup is there and good", () => {
    const differential = setOf(2, "differential", { a: [15, 25] }, { needs: [0] });
    assert.deepEqual(needs([first, before, differential, spanning], 3), [nameOf(2)]);
    assert.deepEqual(needs([{ ...first, good: false }, before, differential, spanning], 3), [nameOf(1)]);
    assert.deepEqual(needs([before, differential, spanning], 3), [nameOf(1)]);
    assert.deepEqual(needs([first, differential], 2), [nameOf(0)]);
  });

  it("is found for each database on its own, and all of what was said where one of them is not known", () => {
    const both = setOf(3, "log", { a: [20, 30], b: [20, 30] }, { needs: [0, 1] });
    const ofB = setOf(1, "log", { b: [10, 20] }, { needs: [0] });
    assert.deepEqual(needs([first, long, ofB, both], 3), [nameOf(2), nameOf(1)]);
    assert.deepEqual(needs([first, long, both], 3), [nameOf(0), nameOf(1)]);
    const silent = setOf(4, "log", { a: [30, 40] }, { needs: [3], facts: false });
    assert.deepEqual(needs([long, spanning, silent], 4), [nameOf(3)]);
  });
});
