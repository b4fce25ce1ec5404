import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { defineEstate, type Estate } from "../../estate/estate";
import { lab } from "../../stacks/lab";
import { staging } from "../../stacks/staging";

type Change = (estate: Estate) => void;

/** Each rule with a declaration that breaks it and nothing else. */
const BROKEN: Readonly<Record<string, readonly [change: Change, problem: string]>> = {
  "a host that is named twice": [
    ({ hosts }) => hosts.push({ ...first(hosts), name: "fe01.branch.contoso.com" }),
    "hosts[4]: is named twice",
  ],
  "a target that is named twice": [({ targets }) => targets.push(first(targets)), "targets[1]: is named twice"],
  "a job host that is named twice": [
    ({ configuration: { hosts } }) => hosts.push(first(hosts)),
    "configuration.hosts[3]: is named twice",
  ],
  "a target on a computer without the module": [
    ({ targets }) => (first(targets).host = "bk02.contoso.com"),
    "targets[0].host: is not among the hosts",
  ],
  "a target on a server of a pool": [
    ({ targets }) => (first(targets).host = "fe01.contoso.com"),
    "targets[0].host: is a server of pool01.contoso.com",
  ],
  "a job on a computer without the module": [
    ({ configuration: { hosts } }) => hosts.push("fe03.contoso.com"),
    "configuration.hosts[3]: is not among the hosts",
  ],
  "a job without its target": [
    ({ configuration }) => (configuration.target = "attic"),
    "configuration.target: is not among the targets",
  ],
  "a target without a share for jobs elsewhere": [
    ({ targets }) => delete first(targets).share,
    "configuration.target: has no share",
  ],
  "a target to which the jobs must not write": [
    ({ targets }) => (first(targets).writers = [String.raw`CONTOSO\somebody`]),
    "configuration.target: does not have the account of the jobs",
  ],
};

function first<T>(list: readonly T[]): T {
  const [item] = list;
  assert.ok(item !== undefined);
  return item;
}

describe("an estate", () => {
  it("is accepted as the stacks of this repository declare it", () => {
    for (const estate of [lab, staging]) assert.deepEqual(defineEstate("again", estate), estate);
  });

  for (const [what, [change, problem]] of Object.entries(BROKEN)) {
    it(`refuses ${what}`, () => {
      const estate = structuredClone(lab);
      change(estate);
      assert.throws(
        () => defineEstate("broken", estate),
        (error: Error) => {
          assert.match(error.message, /^the estate broken is not valid:\n/);
          assert.deepEqual(
            error.message.split("\n").filter((line) => line.trim().startsWith(problem)).length,
            1,
            error.message,
          );
          return true;
        },
      );
    });
  }

  it("tells all its problems at once", () => {
    const estate = structuredClone(lab);
    estate.configuration.target = "attic";
    estate.configuration.hosts.push("fe03.contoso.com");
    assert.throws(
      () => defineEstate("broken", { ...estate, surprise: 1 } as Estate),
      /surprise: there is no such field/,
    );
    assert.throws(() => defineEstate("broken", estate), /hosts\[3\][^]*target/);
  });
});
