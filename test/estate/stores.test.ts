import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { StoreProfile, StoreReference } from "../../estate/documents";
import { CAPABILITIES, type Capability } from "../../estate/stores/capabilities";
import { can, known, whoSays } from "../../estate/stores/known";
import { OF_THE_BUCKET } from "../../estate/stores/profile";
import { PROFILES } from "../../estate/stores/profiles";

const NAMES = Object.keys(CAPABILITIES) as Capability[];
const storeOf = (
  profile: StoreReference["profile"],
  capabilities: StoreReference["capabilities"] = {},
): StoreReference => StoreReference.parse({ profile, region: "eu", bucket: "backups", capabilities });

describe("What is known of kinds of stores", () => {
  it("says of each only what somebody says, and never more than that of the bucket about versions and locks", () => {
    assert.deepEqual(Object.keys(PROFILES).sort(), [...StoreProfile.options].sort());
    for (const [profile, { capabilities, parts }] of Object.entries(PROFILES)) {
      for (const [name, fact] of Object.entries(capabilities)) {
        assert.ok(NAMES.includes(name as Capability), `${profile}: ${name}`);
        // What was measured once need not last: but these tests measure it each time.
        if (fact.holds === false) assert.ok(fact.evidence !== "measured" || profile === "versitygw");
      }
      for (const name of ["object-lock", "legal-hold"] as const) assert.notEqual(capabilities[name]?.holds, true);
      if (parts) assert.ok(parts.leastBytes < parts.mostBytes);
    }
    assert.deepEqual(PROFILES.generic.capabilities, {});
  });

  it("is overruled by a probe of the very bucket, in both directions", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...StoreProfile.options),
        fc.constantFrom(...NAMES),
        fc.boolean(),
        (profile, name, found) => {
          assert.equal(known(storeOf(profile, { [name]: found }), name), found);
          assert.match(whoSays(storeOf(profile, { [name]: found }), name), /recorded probe/);
          const fact = PROFILES[profile].capabilities[name];
          const isSaid = fact !== undefined && fact.holds !== OF_THE_BUCKET;
          assert.equal(known(storeOf(profile), name), isSaid ? fact.holds : undefined);
          // What nobody has looked at is tried.
          assert.equal(can(storeOf(profile), name), !(isSaid && fact.holds === false));
        },
      ),
    );
  });
});
