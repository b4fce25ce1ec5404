import assert from "node:assert/strict";
import fc from "fast-check";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { clean, differencesText, differingKeys, equal, UNKNOWN, unknownPaths } from "../../providers/base/wire";

describe("what crosses to the engine", () => {
  const anything = fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withTypedArray: true,
    withSparseArray: true,
    withNullPrototype: true,
  });

  it("always fits the engine's structures, whatever a handler returns", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), anything), (value) => {
        const cleaned = clean(value);
        assert.ok(Struct.fromJavaScript(cleaned));
        assert.deepEqual(JSON.parse(JSON.stringify(cleaned)), cleaned);
      }),
    );
  });

  it("is the same when cleaned twice", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), anything), (value) => {
        assert.deepEqual(clean(clean(value)), clean(value));
      }),
    );
  });

  it("ends where a value holds itself", () => {
    const value: Record<string, unknown> = { a: 1 };
    value["self"] = value;
    assert.deepEqual(clean(value), { a: 1, self: null });
  });

  it("loses undefined members, turns big integers into text and what is no number into null", () => {
    assert.deepEqual(clean({ a: undefined, b: 10n, c: Number.NaN, d: [undefined, -0], e: new Date(0), f: () => 1 }), {
      b: "10",
      c: null,
      d: [null, 0],
      e: "1970-01-01T00:00:00.000Z",
    });
  });
});

describe("comparing what was found with what is declared", () => {
  const json = fc.jsonValue();

  it("finds no difference in a value that went through the engine", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), json), (value) => {
        const keys = Object.keys(value);
        assert.deepEqual(differingKeys(keys, JSON.parse(JSON.stringify(value)) as object, value), []);
        assert.deepEqual(differencesText(value, structuredClone(value)), []);
      }),
    );
  });

  it("ignores the order of keys and tells an absent key from null", () => {
    assert.ok(equal({ a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 }));
    assert.ok(equal({ a: undefined }, {}));
    assert.ok(!equal({ a: null }, {}));
  });

  it("takes what is not known yet for a change", () => {
    assert.deepEqual(differingKeys(["a", "b"], { a: UNKNOWN, b: 1 }, { a: [UNKNOWN], b: 1 }), ["a"]);
  });

  it("names each difference by its path, with both values", () => {
    assert.deepEqual(differencesText({ s: { at: ["03:00"] }, gone: 1 }, { s: { at: ["02:00"] }, added: true }), [
      "added: found nothing, declared true",
      "gone: found 1, declared nothing",
      's.at[0]: found "03:00", declared "02:00"',
    ]);
  });
});

describe("unknown values of a preview", () => {
  it("are found at any depth", () => {
    assert.deepEqual(unknownPaths({ a: UNKNOWN, b: [{ c: UNKNOWN }, 1], d: "x" }), [["a"], ["b", 0, "c"]]);
  });
});
