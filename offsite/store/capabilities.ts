import type { StoreReference } from "../../estate/documents";
import { CAPABILITIES, type Capability } from "../../estate/stores/capabilities";
import { can, whoSays } from "../../estate/stores/known";
import { OffsiteError } from "../error";

/** Before anything is sent: what is wanted and is not there is said in one sentence. */
export function demand(store: StoreReference, wanted: readonly Capability[]): void {
  const missing = wanted.filter((capability) => !can(store, capability));
  if (missing.length === 0) return;
  const reasons = missing.map(
    (capability) => `nothing there ${CAPABILITIES[capability]} (${capability}), as ${whoSays(store, capability)}`,
  );
  throw new OffsiteError(
    "lacks",
    `The bucket ${store.bucket} cannot be used like this: ${reasons.join("; ")}.`,
    "Choose another store or ask for less; if the store can do it by now, record that with offsite probe.",
  );
}
