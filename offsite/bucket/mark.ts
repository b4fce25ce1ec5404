import { Owner, TAG_PREFIX, ownerText, type StoreReference } from "../../estate/documents";
import { known } from "../../estate/stores/known";
import { OffsiteError } from "../error";
import type { Store } from "../store/store";
import type { Answer } from "./ask";
import { MARK_OBJECT } from "./keys";
import { SETTINGS } from "./settings";

/**
 * Whose the bucket is. Tags are the place: they belong to the bucket, lie beside nobody's objects, and a bucket with no
 * more than tags is still an empty one. Where a store has no tags, a small object says it instead.
 */
export interface Marked {
  owner: Owner | null;
  /** All tags but the mark itself. */
  tags: Answer<Record<string, string>>;
}

export async function readMark(store: Store): Promise<Marked> {
  const tags = await readTags(store);
  if ("lacks" in tags) return { owner: await readObject(store), tags };
  const { owner, others } = parseTags(tags.is);
  return { owner, tags: { is: others } };
}

/** Together with the tags that there should be, where the store has any. */
export async function writeMark(store: Store, owner: Owner, others: Record<string, string>): Promise<void> {
  const known = await readTags(store);
  if ("is" in known) {
    await SETTINGS.tags.write(store, { ...others, ...markTags(owner) });
    return;
  }
  const text = `${JSON.stringify({ owner, about: `This bucket is looked after by ${ownerText(owner)}.` }, null, 2)}\n`;
  await store.put(MARK_OBJECT, Buffer.from(text), { replace: true, contentType: "application/json" });
}

const readTags = (store: Store): Promise<Answer<Record<string, string>>> =>
  hasNoTags(store.reference)
    ? Promise.resolve({ lacks: "the store has no such thing as tags" })
    : SETTINGS.tags.read(store);

const hasNoTags = (reference: StoreReference): boolean => known(reference, "bucket-tags") === false;

async function readObject(store: Store): Promise<Owner | null> {
  const bytes = await store.readWhole(MARK_OBJECT);
  if (!bytes) return null;
  try {
    return Owner.parse((JSON.parse(bytes.toString("utf8")) as { owner?: unknown }).owner);
  } catch {
    throw new OffsiteError(
      "refused",
      `${MARK_OBJECT} at ${store.where} does not say whose the bucket is.`,
      "Delete that object if nobody needs it.",
    );
  }
}

export function markTags(owner: Owner): Record<string, string> {
  return Object.fromEntries(Object.entries(owner).map(([key, value]) => [`${TAG_PREFIX}${key}`, encoded(value)]));
}

export function parseTags(tags: Readonly<Record<string, string>>): {
  owner: Owner | null;
  others: Record<string, string>;
} {
  const entries = Object.entries(tags);
  const others = Object.fromEntries(entries.filter(([key]) => !key.startsWith(TAG_PREFIX)));
  const marks = entries.flatMap(([key, value]) =>
    key.startsWith(TAG_PREFIX) ? [[key.slice(TAG_PREFIX.length), decoded(value)]] : [],
  );
  const owner = Owner.safeParse(Object.fromEntries(marks));
  return { owner: owner.success ? owner.data : null, others };
}

/** Tags take letters, digits, spaces and a few signs: other signs, and spaces at the ends, are written as numbers. */
const encoded = (value: string): string =>
  value.replaceAll(/[^\p{L}\p{N} +\-._:/@]|^ | $/gu, (sign) => `=${(sign.codePointAt(0) ?? 0).toString(16)}=`);

const decoded = (value: string): string =>
  value.replaceAll(/=([0-9a-f]{1,6})=/g, (_all, code: string) => String.fromCodePoint(Number.parseInt(code, 16)));
