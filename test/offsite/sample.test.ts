import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { drawSample, sampleSize } from "../../offsite/verify/sample";

/** The chance to find one, counted out: every way to draw n of all, with so many of them damaged. */
function counted(all: number, damaged: number, read: number): number {
  let [ways, found] = [0, 0];
  for (let drawn = 0; drawn < 2 ** all; drawn++) {
    const ones = [...drawn.toString(2)].filter((bit) => bit === "1").length;
    if (ones !== read) continue;
    ways++;
    if ((drawn & (2 ** damaged - 1)) !== 0) found++;
  }
  return found / ways;
}

describe("A sample", () => {
  it("is as large as its promise needs, and no larger: counted out for every draw of up to nine objects", () => {
    for (let all = 1; all <= 9; all++) {
      for (const damage of [0.01, 0.2, 0.34, 0.5, 1]) {
        for (const confidence of [0.1, 0.5, 0.8, 0.95, 0.999]) {
          const damaged = Math.max(1, Math.ceil(damage * all));
          const { read, confidence: reached } = sampleSize(all, damage, confidence);
          const about = `${String(read)} of ${String(all)}, ${String(damaged)} damaged, ${String(confidence)}`;
          assert.ok(Math.abs(counted(all, damaged, read) - reached) < 1e-9, about);
          assert.ok(reached >= confidence, about);
          assert.ok(read === 0 || counted(all, damaged, read - 1) < confidence + 1e-9, about);
        }
      }
    }
  });

  it("has the sizes that statisticians' tables have", () => {
    assert.equal(sampleSize(1_000_000, 0.05, 0.95).read, 59);
    assert.equal(sampleSize(1_000_000, 0.01, 0.99).read, 459);
    assert.equal(sampleSize(100, 0.05, 0.95).read, 45);
    assert.equal(sampleSize(0, 0.05, 0.95).read, 0);
    assert.equal(sampleSize(500, 0.001, 1).read, 500, "one damaged object of all is certainly found in all only");
    assert.equal(sampleSize(500, 0.1, 1).read, 451);
    assert.equal(sampleSize(500, 0.1, 0).read, 0);
  });

  it("grows with what it promises, and never beyond all", () => {
    const fraction = fc.double({ min: 0.001, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fraction, fraction, fraction, (all, damage, a, b) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)];
        const [small, large] = [sampleSize(all, damage, less), sampleSize(all, damage, more)];
        assert.ok(small.read <= large.read && large.read <= all && large.confidence >= more);
        assert.ok(sampleSize(all, less, damage).read >= sampleSize(all, more, damage).read);
      }),
    );
  });

  it("is drawn by its seed alone, and finds what it promised to find", () => {
    const keys = Array.from({ length: 200 }, (_, index) => `key-${String(index)}`);
    const plan = { damage: 0.1, confidence: 0.9 };
    assert.deepEqual(drawSample(keys, { ...plan, seed: "a" }), drawSample([...keys].reverse(), { ...plan, seed: "a" }));
    assert.notDeepEqual(drawSample(keys, { ...plan, seed: "a" }), drawSample(keys, { ...plan, seed: "b" }));
    const damaged = new Set(keys.slice(40, 60));
    const seeds = Array.from({ length: 2000 }, (_, index) => String(index));
    const found = seeds.filter((seed) => drawSample(keys, { ...plan, seed }).keys.some((key) => damaged.has(key)));
    // The seeds are fixed, so this number is too.
    assert.ok(found.length >= 1800, String(found.length));
  });

  it("that makes no sense is refused in a sentence", () => {
    for (const [damage, confidence] of [
      [0, 0.9],
      [1.1, 0.9],
      [0.1, 1.1],
      [NaN, 0.9],
      [0.1, NaN],
    ] as const) {
      assert.throws(() => sampleSize(10, damage, confidence), /A sample finds damage of a fraction/);
    }
  });
});
