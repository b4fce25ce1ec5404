import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { StoreReference } from "../../estate/documents";
import { CAPABILITIES, type Capability } from "../../estate/stores/capabilities";
import { known, seen } from "../../estate/stores/known";
import { OF_THE_BUCKET } from "../../estate/stores/profile";
import { PROFILES } from "../../estate/stores/profiles";
import { probe } from "../../offsite/probe/probe";
import { push } from "../../offsite/push/push";
import { partBytesOf, partsIn, SLAB } from "../../offsite/push/sizes";
import { carry, carryAll, COPY, keysIn } from "./support/courier";
import { fixture } from "./support/fixture";
import { CREDENTIALS } from "./support/store";

describe("The profile of a store", () => {
  const here = fixture("locked");
  const options = () => ({ credentials: CREDENTIALS, credentialsFolder: here.server.credentialsFolder });
  const as = (
    profile: StoreReference["profile"],
    capabilities: StoreReference["capabilities"] = {},
  ): StoreReference => ({
    ...here.bucket,
    profile,
    capabilities,
  });

  it("says of the server that these tests run on what a probe finds there", async () => {
    const { capabilities } = await probe(here.bucket, options());
    for (const name of Object.keys(CAPABILITIES) as Capability[]) {
      const fact = PROFILES.versitygw.capabilities[name];
      assert.equal(fact?.evidence, "measured", name);
      // A probe leaves policies alone; the tests of buckets see to them.
      if (name === "policy-conditions" || fact.holds === OF_THE_BUCKET) continue;
      assert.equal(capabilities[name], fact.holds, name);
    }
  });

  it("keeps a probe from nothing: what is said of a kind may be wrong of this bucket", async () => {
    const { capabilities } = await probe(as("r2"), options());
    assert.deepEqual([capabilities.versioning, capabilities["object-lock"]], [true, true]);
  });

  it("takes for seen only what a probe of the bucket or the tests at its kind have found", () => {
    const [hash, parts] = ["checksum-sha256", "checksum-sha256-parts"] as const;
    assert.deepEqual(
      [as("versitygw"), as("versitygw", { [hash]: false }), as("aws"), as("ceph"), as("ceph", { [hash]: true })].map(
        (one) => seen(one, hash),
      ),
      [true, false, false, false, true],
    );
    assert.equal(seen(as("ceph", { [hash]: true }), parts), false);
  });

  it("refuses a push in a sentence that names who says what is missing; a probe that found it lets it pass", async () => {
    const { maker, server } = here;
    maker.exports("configuration", 0.1);
    const lock = { lock: { mode: "governance", days: 1 } } as const;
    await assert.rejects(
      carry(server, as("r2"), maker, lock),
      /lets nobody delete a version .*\(object-lock\), as is documented of Cloudflare R2\. Choose .* offsite probe\.$/,
    );
    await assert.rejects(carry(server, as("b2"), maker), /\(conditional-writes\), as is reported of Backblaze B2\./);
    await assert.rejects(
      carry(server, as("versitygw", { "object-lock": false }), maker, lock),
      /\(object-lock\), as its recorded probe says\./,
    );
    assert.deepEqual(await keysIn(server, here.bucket), [], "nothing was sent before");
    await carryAll(server, as("b2", { "conditional-writes": true }), maker);
  });

  it("where nobody knows whether the store overwrites, a push sees to it first", async () => {
    const { maker, server } = here;
    maker.exports("configuration", 0.1);
    const store = await server.open(as("generic"));
    // A store that does not look at the condition.
    store.sender.client.middlewareStack.add(
      (next) => (args) => next({ ...args, input: { ...args.input, IfNoneMatch: undefined } }),
      { step: "initialize", name: "careless" },
    );
    const source = { target: maker.target, series: "all", legalHold: false } as const;
    await assert.rejects(push(store, [source], { copy: COPY }), /overwrites an object though it was asked not to/);
    store.close();
    assert.deepEqual(await keysIn(server, here.bucket), ["README.md"], "no set was begun");
    assert.equal(known(as("generic"), "conditional-writes"), undefined);
    await carryAll(server, as("generic"), maker);
  });

  it("allows the parts that large files are sent in, whatever their size", () => {
    for (const { name, parts } of Object.values(PROFILES)) {
      if (!parts) continue;
      for (const bytes of [SLAB + 1, 5e9, 5e12, 40e12]) {
        assert.ok(partsIn(bytes) <= parts.most, name);
        assert.ok(partBytesOf(bytes) >= parts.leastBytes && partBytesOf(bytes) <= parts.mostBytes, name);
      }
    }
  });
});
