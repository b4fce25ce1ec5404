import assert from "node:assert/strict";
import { Fqdn, Reference, Scope, scopeKey, SqlInstanceName, UncPath } from "../../estate/documents";
import { LONG } from "./support";
import { TABLES } from "./texts";

const r = String.raw;

describe("common types", () => {
  for (const [name, { type, good, bad }] of Object.entries(TABLES)) {
    it(`${name} takes what is good`, () => {
      for (const text of good) assert.ok(type.safeParse(text).success, JSON.stringify(text).slice(0, 80));
    });
    it(`${name} refuses what is hostile, at once and without repeating it`, () => {
      for (const text of bad) {
        const began = performance.now();
        const result = type.safeParse(text);
        const shown = JSON.stringify(text).slice(0, 80);
        assert.ok(!result.success, `took ${shown}`);
        // Backtracking over 64 kB would take minutes.
        assert.ok(performance.now() - began < 500, `slow over ${shown}`);
        const said = result.error.issues.map(({ message }) => message).join();
        assert.ok(text.length < 20 || !said.includes(text), `repeated ${shown}`);
      }
    });
    it(`${name} takes texts only`, () => {
      for (const value of [undefined, null, 1, true, [], {}, ["a"]]) assert.ok(!type.safeParse(value).success);
    });
  }

  it("keep names of computers, shares and instances in lower case", () => {
    assert.equal(Fqdn.parse("FE01.Contoso.com"), "fe01.contoso.com");
    assert.equal(UncPath.parse(r`\\FS01\LyncShare`), r`\\fs01\lyncshare`);
    assert.equal(SqlInstanceName.parse(r`SQL01\RTC`), r`sql01\rtc`);
  });

  it("references are a step and a path, and nothing that executes", () => {
    for (const text of ["store", "store.items.0.PoolFqdn", "files.items.*.name", "last.full.set"]) {
      assert.ok(Reference.safeParse({ $ref: text }).success, text);
    }
    for (const text of ["", "A", "a b", "a.", ".a", "a..b", "a.$(x)", "a.*b", "a[0]", "a.b()", LONG + "!"]) {
      assert.ok(!Reference.safeParse({ $ref: text }).success, text.slice(0, 40));
    }
  });

  it("one text per scope, and another for every other scope", () => {
    const scopes: Scope[] = [
      { of: "deployment" },
      { of: "pool", pool: "pool01.contoso.com" },
      { of: "server", server: "pool01.contoso.com" },
      { of: "store", path: r`\\fs01\share` },
      { of: "instance", instance: r`sql01\rtc` },
      { of: "database", instance: r`sql01\rtc`, database: "LcsLog" },
    ];
    const keys = scopes.map((scope) => scopeKey(Scope.parse(scope)));
    assert.equal(new Set(keys).size, scopes.length);
    const shouted = Scope.parse({ of: "database", instance: r`SQL01\RTC`, database: "LCSLOG" });
    assert.equal(scopeKey(shouted), keys.at(-1));
  });
});
