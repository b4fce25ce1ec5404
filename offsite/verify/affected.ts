import { MANIFEST } from "../../estate/documents";
import { many } from "../error";
import { readContents } from "../sets/contents";
import type { Store } from "../store/store";
import { entryId } from "./entries";
import type { Damage } from "./objects";
import type { Finding } from "./report";
import { isDamage, type ReadSet } from "./sets";

/** What damaged objects mean for a set: which of its files lie in them. Its contents are read once more for that. */
export async function affectedBy(
  store: Store,
  { from, contents }: ReadSet,
  damages: ReadonlyMap<string, Damage>,
): Promise<Finding[]> {
  const mine = new Map([...damages].filter(([key]) => contents?.objects.has(key)));
  if (mine.size === 0 || !from) return [];
  const affected = new Map([...mine.keys()].map((key) => [key, new Affected()]));
  try {
    for await (const line of readContents(store, from.key, from.version)) {
      if (!("path" in line)) continue;
      const wrong = mine.get(line.in)?.wrongEntries;
      const { entry, offset } = line;
      const isWhole =
        wrong && entry !== undefined && offset !== undefined && !wrong.has(entryId({ ...line, entry, offset }));
      affected.get(line.in)?.add(line.path, isWhole === true);
    }
  } catch (error) {
    // Gone meanwhile: the objects have their names all the same.
    if (!isDamage(error)) throw error;
  }
  return [...mine].flatMap(([key, damage]) => affected.get(key)?.finding(key, damage) ?? []);
}

/** Files of a set in one damaged object. */
class Affected {
  private first: string | undefined;
  private firstWhole: string | undefined;
  private count = 0;

  add(path: string, isWhole: boolean): void {
    if (isWhole) this.firstWhole ??= path;
    else if (this.count++ === 0) this.first = path;
  }

  finding(object: string, { message, version, onlyEntries }: Damage): Finding[] {
    const { first } = this;
    if (first === undefined && onlyEntries === true) return [];
    const path = first ?? this.firstWhole ?? MANIFEST;
    const others =
      first === undefined
        ? "; the files of this set in it are whole"
        : this.count > 1
          ? `; ${many(this.count - 1, "other file")} of the set with it`
          : "";
    return [{ path, message: `its object ${message}${others}`, object, ...(version === undefined ? {} : { version }) }];
  }
}
