import { createHash } from "node:crypto";
import { FILES, LISTING, ListingLine } from "../../estate/documents";
import { linesOf } from "../lines";
import type { FileLine } from "../sets/contents";
import type { Store } from "../store/store";
import { fileText, MOST_FINDINGS } from "./contents";
import type { Finding } from "./report";
import { isDamage, type ReadSet } from "./sets";

/**
 * A file store's set lists the whole store and says for each file which set holds it. Every file must really be there:
 * in this set exactly those that are said to be, in the others at least them.
 */
export async function checkListing(
  store: Store,
  read: ReadSet,
  line: FileLine,
  version: string | undefined,
  setOf: (set: string) => ReadSet | undefined,
): Promise<Finding[]> {
  if (line.bytes === 0) return [];
  const findings: Finding[] = [];
  const wrong = (path: string, message: string): void => {
    if (findings.length < MOST_FINDINGS) findings.push({ path, message });
  };
  const hash = createHash("sha256");
  const start = line.offset ?? 0;
  const end = start + line.bytes;
  const chunks = store.read(line.in, { start, end, ...(version === undefined ? {} : { version }) });
  let own = 0;
  const needs = new Set(read.sealed?.manifest.needs);
  try {
    for await (const { value, number } of linesOf(hashed(chunks, hash))) {
      const listed = ListingLine.safeParse(value);
      if (!listed.success) {
        wrong(LISTING, `has a line that is none of a listing: ${String(number)}`);
        continue;
      }
      const { set, path } = listed.data;
      const text = fileText(`${FILES}/${path}`, listed.data);
      const there = set === read.set ? read.contents?.files : setOf(set)?.contents?.files;
      if (set === read.set) own++;
      else if (!needs.has(set)) wrong(LISTING, `says that ${path} is in ${set}, which the manifest does not name`);
      if (there === undefined) wrong(`${FILES}/${path}`, `should be in the set ${set}, which cannot be read here`);
      else if (!there.has(text))
        wrong(`${FILES}/${path}`, `is not in the set ${set}, where the listing says that it is`);
    }
  } catch (error) {
    // What is wrong with the object is told where objects are judged.
    if (!isDamage(error)) throw error;
    return [];
  }
  // The listing itself is damaged: what it seems to say is not worth telling.
  if (hash.digest("hex") !== line.sha256) return [];
  const held = read.contents?.files.size ?? 0;
  if (held !== own) wrong(LISTING, `names ${String(own)} files in this set; its contents hold ${String(held)}`);
  return findings;
}

async function* hashed(chunks: AsyncIterable<Buffer>, hash: ReturnType<typeof createHash>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
}
