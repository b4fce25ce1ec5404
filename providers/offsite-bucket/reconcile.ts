import { setTimeout as delay } from "node:timers/promises";
import { ownerText, type BucketPosture, type BucketProperty } from "../../estate/documents";
import { known } from "../../estate/stores/known";
import { asksFor, canonicalPosture, declaredProperties, NEEDS } from "../../estate/stores/posture";
import type { Seen } from "../../offsite/bucket/posture";
import type { Store } from "../../offsite/store/store";
import { messageOf, ProviderError } from "../base/errors";
import type { ResourceType } from "../base/resource-type";
import type { Stores } from "../base/stores";
import { equal } from "../base/wire";
import { OffsiteBucketInputs, OffsiteBucketOutputs, referenceOf, WAY_OUT } from "./schema";

/** A bucket for sets. Where something is in it, deleting leaves it with everything that protects it. */
export const offsiteBucket: ResourceType<OffsiteBucketInputs, OffsiteBucketOutputs> = {
  type: "OffsiteBucket",
  inputs: OffsiteBucketInputs,
  outputs: OffsiteBucketOutputs,
  identity: ["name"],
  computed: [],
  unmanaged: {
    adopt: "a permission, not a property of the bucket",
    profile: "what is known of the store, not a property of the bucket",
    region: "judged at each look: a bucket never moves, and one that is elsewhere is refused",
    endpoint: "how the store is reached is not a property of the bucket",
    proxy: "how the store is reached is not a property of the bucket",
    authority: "how the store is reached is not a property of the bucket",
    capabilities: "what is known of the store, not a property of the bucket",
    credentials: "with which key one looks is not a property of the bucket",
    waived: "a permission, not a property of the bucket",
  },

  id: ({ name }) => `bucket/${name}`,

  complete: (inputs) => ({ ...inputs, ...canonicalPosture(inputs) }),

  async observe(inputs, _hosts, stores) {
    const { isThere, contentOf, look } = await offsite();
    const store = await storeOf(inputs, stores);
    if (!(await isThere(store))) return undefined;
    const [seen, content] = await Promise.all([look(store, inputs), contentOf(store)]);
    return {
      owner: seen.owner,
      found: foundIn(seen, inputs),
      outputs: { hasContent: content !== undefined, seenAt: new Date().toISOString() },
    };
  },

  async ensure(desired, { stores, observed }) {
    const { create, markAs, tellBucket } = await offsite();
    const store = await storeOf(desired, stores);
    const judge = (): Promise<Judged> => judged(store, desired, stores.patienceMs);
    if (!observed) await create(store, desired.objectLock !== undefined, stores.patienceMs);
    const { seen, kept } = await (observed ? judge() : orGone(store, desired, judge));
    const isMarked = equal(seen.owner, desired.owner);
    if (!isMarked || isTold(kept, seen, "tags")) await markAs(store, desired.owner, kept.tags);
    await tellBucket(store, differing(kept, seen));
    await settled(store, desired, stores.patienceMs);
  },

  async remove(inputs, _hosts, stores) {
    const { isThere, look, removeEmpty } = await offsite();
    const store = await storeOf(inputs, stores);
    if (!(await isThere(store))) return;
    const { owner } = await look(store, {});
    // Another has taken it over.
    if (owner !== null && !equal(owner, inputs.owner)) return;
    if (await removeEmpty(store)) return;
    process.stdout.write(
      `The bucket ${inputs.name} is not empty, and stays with all that is in it and all that protects it. ` +
        `It still bears the mark of ${ownerText(inputs.owner)}: declared again, it is taken over as it is.\n`,
    );
  },
};

/** The S3 client is large: only who has a bucket loads it. */
async function offsite() {
  const [existence, posture] = await Promise.all([
    import("../../offsite/bucket/existence"),
    import("../../offsite/bucket/posture"),
  ]);
  return { ...existence, ...posture };
}

const storeOf = (inputs: OffsiteBucketInputs, stores: Stores): Promise<Store> =>
  stores.at(referenceOf(inputs), inputs.credentials);

/** What the bucket shows, in the words of the declaration. What is waived, or asks for nothing, is as declared. */
function foundIn({ answers }: Seen, inputs: OffsiteBucketInputs): OffsiteBucketInputs {
  const excused = waivedIn(inputs);
  const found: Record<string, unknown> = { ...inputs };
  for (const property of declaredProperties(inputs)) {
    const answer = answers[property];
    if (excused.has(property) || !answer) continue;
    if ("is" in answer) found[property] = answer.is ?? undefined;
    else if (asksFor(inputs, property)) found[property] = undefined;
  }
  return found as unknown as OffsiteBucketInputs;
}

const waivedIn = ({ waived }: OffsiteBucketInputs): Set<BucketProperty> =>
  new Set(waived.map(({ property }) => property));

/** A new bucket is marked at once, so that a crash leaves what is known as ours; where it cannot be used, it goes. */
async function orGone(store: Store, { owner }: OffsiteBucketInputs, judge: () => Promise<Judged>): Promise<Judged> {
  const { markAs, removeEmpty } = await offsite();
  try {
    await markAs(store, owner, undefined);
    return await judge();
  } catch (error) {
    const isGone = await removeEmpty(store).catch(() => false);
    throw new ProviderError(
      `${messageOf(error)}${isGone ? " The bucket that was made to find out is gone again" : ""}`,
    );
  }
}

interface Judged {
  seen: Seen;
  /** What is to be kept: all that is declared, but for what is waived and cannot be. */
  kept: BucketPosture;
}

/** What the store turns out not to keep is refused before anything is changed. */
async function judged(store: Store, desired: OffsiteBucketInputs, forMs: number): Promise<Judged> {
  const { look } = await offsite();
  const seen = await look(store, desired);
  const { answers } = seen;
  const excused = waivedIn(desired);
  const lacking: string[] = [];
  const kept: Record<string, unknown> = {};
  const conditions = await conditionsOf(store, desired, seen, forMs);
  for (const property of declaredProperties(desired)) {
    const answer = answers[property];
    const asks = asksFor(desired, property);
    const conditional = NEEDS[property] === "policy-conditions" && asks ? conditions : undefined;
    const lacks = conditional ?? (answer && "lacks" in answer ? answer.lacks : undefined);
    if (lacks === undefined) kept[property] = desired[property];
    else if (asks && !excused.has(property)) lacking.push(`${property} cannot be kept: ${lacks}`);
  }
  if (desired.versioning === "suspended" && (await isLocked(store))) {
    lacking.push("versioning cannot be suspended: Object Lock is on, which nobody can switch off");
  }
  if (lacking.length === 0) return { seen, kept };
  throw new ProviderError(`${lacking.join("; ")}. Nothing was changed. ${WAY_OUT}.`);
}

/** Why refusals of the policy would not be kept, tried out where nobody knows. */
async function conditionsOf(
  store: Store,
  desired: OffsiteBucketInputs,
  { answers }: Seen,
  forMs: number,
): Promise<string | undefined> {
  const refusals = (["refusePlainHttp", "refuseUnencryptedPuts"] as const).filter((one) => desired[one] === true);
  const standing = refusals.filter((one) => equal(answers[one], { is: true }));
  if (refusals.length === standing.length) return undefined;
  const recorded = known(store.reference, "policy-conditions");
  if (recorded !== undefined) return recorded ? undefined : "it is known to leave the conditions of a policy out";
  const { honoursConditions } = await import("../../offsite/bucket/conditions");
  const answer = await honoursConditions(store, forMs);
  return "lacks" in answer ? answer.lacks : undefined;
}

async function isLocked(store: Store): Promise<boolean> {
  const { SETTINGS } = await import("../../offsite/bucket/settings");
  const answer = await SETTINGS.objectLock.read(store);
  return "is" in answer && answer.is !== null;
}

/** Only what differs is told: the fewer requests, the fewer permissions and the fewer events in somebody's audit log. */
function differing(wanted: BucketPosture, seen: Seen): BucketPosture {
  const entries = declaredProperties(wanted)
    .filter((property) => isTold(wanted, seen, property))
    .map((property) => [property, wanted[property]]);
  return Object.fromEntries(entries) as BucketPosture;
}

const isTold = (wanted: BucketPosture, { answers }: Seen, property: BucketProperty): boolean =>
  wanted[property] !== undefined && !equal(answers[property], { is: wanted[property] });

/** Stores show what they were told only after a while. What never shows is named by whoever compares afterwards. */
async function settled(store: Store, desired: OffsiteBucketInputs, forMs: number): Promise<void> {
  const { look } = await offsite();
  const isAsDeclared = async (): Promise<boolean> => {
    const seen = await look(store, desired);
    return equal(seen.owner, desired.owner) && equal(foundIn(seen, desired), desired);
  };
  for (const until = Date.now() + forMs; !(await isAsDeclared()) && Date.now() < until; await delay(200));
}
