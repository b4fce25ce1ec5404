import type { BucketPosture, BucketProperty, Owner } from "../../estate/documents";
import { declaredProperties } from "../../estate/stores/posture";
import type { Store } from "../store/store";
import type { Answer } from "./ask";
import { readMark, writeMark } from "./mark";
import { meaningOf, statementsFor } from "./policy";
import { SETTINGS } from "./settings";

/** What a bucket shows of what was asked about; a property that stands for null is not there. */
export interface Seen {
  owner: Owner | null;
  answers: { [Property in BucketProperty]?: Answer<BucketPosture[Property] | null> };
}

const POLICY = ["refusePlainHttp", "refuseUnencryptedPuts", "policyStatements"] as const;
const PLAIN = ["ownership", "publicAccessBlock", "versioning", "objectLock", "defaultEncryption", "lifecycle"] as const;

/** Whose it is, and the properties that a declaration names: about others nobody is asked. */
export async function look(store: Store, declared: BucketPosture): Promise<Seen> {
  const named = new Set(declaredProperties(declared));
  const [mark, meaning, ...plain] = await Promise.all([
    readMark(store),
    POLICY.some((one) => named.has(one)) ? SETTINGS.policy.read(store) : undefined,
    ...PLAIN.map(async (one) => [one, named.has(one) ? await SETTINGS[one].read(store) : undefined] as const),
  ]);
  const answers: Record<string, unknown> = Object.fromEntries(plain.filter(([, answer]) => answer !== undefined));
  if (named.has("tags")) answers["tags"] = mark.tags;
  if (meaning) {
    const said = "is" in meaning ? meaningOf(store.reference, meaning.is) : undefined;
    for (const one of POLICY) if (named.has(one)) answers[one] = said ? { is: said[one] } : meaning;
  }
  return { owner: mark.owner, answers };
}

/** Tells the bucket the properties that are wanted, what protects first. All else stays as it is. */
export async function tellBucket(store: Store, wanted: BucketPosture): Promise<void> {
  const { ownership, publicAccessBlock, versioning, objectLock, defaultEncryption, lifecycle } = wanted;
  if (ownership !== undefined) await SETTINGS.ownership.write(store, ownership);
  if (publicAccessBlock !== undefined) await SETTINGS.publicAccessBlock.write(store, publicAccessBlock);
  if (versioning !== undefined) await SETTINGS.versioning.write(store, versioning);
  if (objectLock !== undefined) await SETTINGS.objectLock.write(store, objectLock);
  if (defaultEncryption !== undefined) await SETTINGS.defaultEncryption.write(store, defaultEncryption);
  if (lifecycle !== undefined) await SETTINGS.lifecycle.write(store, lifecycle);
  if (POLICY.some((one) => wanted[one] !== undefined)) {
    const found = await SETTINGS.policy.read(store);
    await SETTINGS.policy.write(store, statementsFor(store.reference, "is" in found ? found.is : [], wanted));
  }
}

/** Says whose it is, and gives it the tags that are wanted; without any, those that it has. */
export async function markAs(store: Store, owner: Owner, tags: Record<string, string> | undefined): Promise<void> {
  if (tags !== undefined) {
    await writeMark(store, owner, tags);
    return;
  }
  const { tags: found } = await readMark(store);
  await writeMark(store, owner, "is" in found ? found.is : {});
}
