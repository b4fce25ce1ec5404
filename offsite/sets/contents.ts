import { createHash } from "node:crypto";
import { ContentsLine } from "../../estate/documents";
import { OffsiteError } from "../error";
import { linesOf } from "../lines";
import type { Store } from "../store/store";

/** The contents of a set offsite: which objects make it up, and where in them each file lies. */

export type ObjectLine = Extract<ContentsLine, { object: string }>;
export type FileLine = Extract<ContentsLine, { path: string }>;

/**
 * Line by line, because there is no upper limit. Rejects where there are no contents, or where they are damaged: at the
 * end also where they are not what was sent, as far as the store itself can tell. Nothing is to be built on them before.
 */
export async function* readContents(
  store: Pick<Store, "read" | "head" | "where">,
  key: string,
  version?: string,
): AsyncGenerator<ContentsLine> {
  let objects = 0;
  const hash = createHash("sha256");
  async function* tapped(): AsyncGenerator<Buffer> {
    for await (const chunk of store.read(key, version === undefined ? {} : { version })) {
      hash.update(chunk);
      yield chunk;
    }
  }
  for await (const { value, number } of linesOf(tapped())) {
    const line = ContentsLine.safeParse(value);
    if (!line.success) {
      throw new OffsiteError("damaged", `Line ${String(number)} of ${key} at ${store.where} is no line of contents.`);
    }
    if ("object" in line.data) objects++;
    yield line.data;
  }
  const kept = (await store.head(key, version))?.sha256;
  if (kept?.equals(hash.digest()) === false) {
    throw new OffsiteError(
      "damaged",
      `${key} at ${store.where} has not the bytes that were sent: its SHA-256 differs.`,
    );
  }
  if (objects === 0) throw new OffsiteError("damaged", `${key} at ${store.where} names no object.`);
}
