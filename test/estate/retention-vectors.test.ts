import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { repositoryRoot } from "../../docs/pages/examples";
import { decideRetention } from "../../estate/retention";
import { RetentionVector, vectorOf } from "./retention-vectors";

/**
 * What every implementation is held against. They are made from their seeds again and compared, so that a changed
 * decision is a conscious act: RECORD_VECTORS=1 writes the file anew.
 */
const FILE = path.join(repositoryRoot(), "estate", "vectors", "retention.jsonl");
const COUNT = 1000;

function recorded(): RetentionVector[] {
  const lines = fs.readFileSync(FILE, "utf8").trimEnd().split("\n");
  return lines.map((line) => RetentionVector.parse(JSON.parse(line)));
}

describe("The retention vectors", () => {
  before(() => {
    if (process.env["RECORD_VECTORS"] !== "1") return;
    const lines = Array.from({ length: COUNT }, (_, seed) => `${JSON.stringify(vectorOf(seed))}\n`);
    fs.mkdirSync(path.dirname(FILE), { recursive: true });
    fs.writeFileSync(FILE, lines.join(""));
  });

  it("are what their seeds give, and what is decided today", () => {
    const vectors = recorded();
    assert.equal(vectors.length, COUNT);
    for (const [seed, vector] of vectors.entries()) {
      assert.deepEqual(decideRetention(vector.sets, vector.rules), vector.decisions, `seed ${String(seed)}`);
      assert.deepEqual(vector, vectorOf(seed), `seed ${String(seed)}: run this with RECORD_VECTORS=1, and look at the diff`); // prettier-ignore
    }
  });

  it("are lines that every JSON reader takes", () => {
    const lines = fs.readFileSync(FILE, "utf8").trimEnd().split("\n");
    for (const line of lines) assert.ok(line.length < 2_000_000 && !/[^\x20-\x7e]/.test(line));
  });

  it("show every reason, every size and every edge, each many times", () => {
    const vectors = recorded();
    const reasons = vectors.flatMap(({ decisions }) => decisions.flatMap((decision) => decision.reasons));
    const wanted: readonly RegExp[] = [
      ...[/^one of the last 1$/, /^one of the last \d\d?$/, /^daily: /, /^weekly: /, /^monthly: /, /^yearly: /],
      ...[/^within \d+ days$/, /^older than /, /^the newest good set$/, /^the newest good set with \w+$/],
      ...[/^the newest good set with .* and 1 more$/, /^the newest set that is offsite$/],
      ...[/^the newest set that is offsite with /, /^from the future/, /^nothing newer can be restored$/, /^held$/],
      ...[/^locked until /, /^not yet carried by north$/, /^not yet carried by south$/, /^needed by [^ ]+$/],
      ...[/^needed by .* and \d+ more$/, /^no rule wants it$/, /^not a good set$/, /^needs what is damaged/],
    ];
    for (const reason of wanted) {
      const times = reasons.filter((one) => reason.test(one)).length;
      assert.ok(times >= 20, `${String(reason)}: ${String(times)} times`);
    }
    for (const reason of reasons)
      assert.ok(
        wanted.some((one) => one.test(reason)),
        reason,
      );

    const times = (is: (vector: RetentionVector) => boolean): number => vectors.filter(is).length;
    const ageOf = ({ rules }: RetentionVector, startedAt: string): number =>
      Date.parse(rules.now) - Date.parse(startedAt) - (rules.policy.maximumAgeDays ?? 0) * 86_400_000;
    const edges: Record<string, number> = {
      empty: times(({ sets }) => sets.length === 0),
      "hundreds of sets": times(({ sets }) => sets.length >= 150),
      "nothing restorable": times(
        ({ sets, decisions }) =>
          sets.length > 0 && !decisions.some((one) => one.reasons.includes("the newest good set")),
      ),
      "exactly at the maximum age": times((vector) =>
        vector.sets.some(({ startedAt }) => vector.rules.policy.maximumAgeDays && ageOf(vector, startedAt) === 0),
      ),
      "two sets of one moment": times(({ sets }) => new Set(sets.map((set) => set.startedAt)).size < sets.length),
      "a lock that ends now": times(({ sets, rules }) => sets.some((set) => set.lockedUntil === rules.now)),
    };
    for (const [edge, found] of Object.entries(edges)) assert.ok(found >= 5, `${edge}: ${String(found)} times`);
  });
});
