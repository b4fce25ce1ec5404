import { BUCKET_PROPERTY_NAMES, type BucketPosture, type BucketProperty, type StoreReference } from "../documents";
import { CAPABILITIES, type Capability } from "./capabilities";
import { known, whoSays } from "./known";
import { canonicalLifecycle } from "./lifecycle";
import { canonicalStatements } from "./statements";

/** What a store must be able to do for each property of a bucket. */
export const NEEDS: Readonly<Record<BucketProperty, Capability>> = {
  versioning: "versioning",
  objectLock: "object-lock",
  defaultEncryption: "default-encryption",
  publicAccessBlock: "public-access-block",
  ownership: "ownership",
  lifecycle: "lifecycle",
  refusePlainHttp: "policy-conditions",
  refuseUnencryptedPuts: "policy-conditions",
  policyStatements: "policies",
  tags: "bucket-tags",
};

/** What is declared, in one form: the order in which things are written down means nothing. */
export function canonicalPosture(posture: BucketPosture): BucketPosture {
  const { lifecycle, policyStatements } = posture;
  return {
    ...posture,
    ...(lifecycle === undefined ? {} : { lifecycle: canonicalLifecycle(lifecycle) }),
    ...(policyStatements === undefined ? {} : { policyStatements: canonicalStatements(policyStatements) }),
  };
}

export const declaredProperties = (posture: BucketPosture): BucketProperty[] =>
  BUCKET_PROPERTY_NAMES.filter((property) => posture[property] !== undefined);

/** Whether a declaration wants something of the store. That nothing be there any store can keep. */
export function asksFor(posture: BucketPosture, property: BucketProperty): boolean {
  switch (property) {
    case "versioning":
      return posture.versioning === "enabled";
    case "objectLock":
    case "defaultEncryption":
    case "ownership":
      return posture[property] !== undefined;
    case "publicAccessBlock":
      return Object.values(posture.publicAccessBlock ?? {}).includes(true);
    case "refusePlainHttp":
    case "refuseUnencryptedPuts":
      return posture[property] === true;
    case "lifecycle":
    case "policyStatements":
      return (posture[property] ?? []).length > 0;
    case "tags":
      return Object.keys(posture.tags ?? {}).length > 0;
  }
}

/** Why a store is known not to keep a property, by its recorded probe or by what is known of its kind. */
export function cannotKeep(store: StoreReference, property: BucketProperty): string | undefined {
  const capability = NEEDS[property];
  // What was probed of these tells how the bucket was made, and not what it can be told.
  const asked = ["versioning", "object-lock"].includes(capability) ? { ...store, capabilities: {} } : store;
  if (known(asked, capability) !== false) return undefined;
  return `nothing there ${CAPABILITIES[capability]} (${capability}), as ${whoSays(asked, capability)}`;
}
