import type { StoreReference } from "../documents";
import type { Capability } from "./capabilities";
import { OF_THE_BUCKET } from "./profile";
import { PROFILES } from "./profiles";

/** By the probe that is recorded, or else by what is known of this kind; undefined where neither says anything. */
export function known({ profile, capabilities }: StoreReference, capability: Capability): boolean | undefined {
  const recorded = capabilities[capability];
  if (recorded !== undefined) return recorded;
  const holds = PROFILES[profile].capabilities[capability]?.holds;
  return holds === OF_THE_BUCKET ? undefined : holds;
}

/** Somebody has looked: a probe of this very bucket, or the tests of this product at stores of its kind. */
export function seen({ profile, capabilities }: StoreReference, capability: Capability): boolean {
  const recorded = capabilities[capability];
  if (recorded !== undefined) return recorded;
  const fact = PROFILES[profile].capabilities[capability];
  return fact?.holds === true && fact.evidence === "measured";
}

/** Only what is known to be missing is missing: a store that nobody has probed is taken for a complete one. */
export const can = (store: StoreReference, capability: Capability): boolean => known(store, capability) !== false;

/** Who says what is known of a store, for a sentence: “as …”, “otherwise than …”. */
export function whoSays({ profile, capabilities }: StoreReference, capability: Capability): string {
  if (capabilities[capability] !== undefined) return "its recorded probe says";
  const { name, capabilities: facts } = PROFILES[profile];
  return `is ${facts[capability]?.evidence ?? "known"} of ${name}`;
}
