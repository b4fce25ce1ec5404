import { ContentsLine } from "../../estate/documents";
import { OffsiteError } from "../error";
import { linesOf } from "../lines";
import type { Store } from "../store/store";

/** The contents of a set offsite: which objects make it up, and where in them each file lies. */

export type ObjectLine = Extract<ContentsLine, { object: string }>;
export type FileLine = Extract<ContentsLine, { path: string }>;

/** Line by line, because there is no upper limit. Rejects where there are no contents, or where they are damaged. */
export async function* readContents(
  store: Pick<Store, "read" | "where">,
  key: string,
  version?: string,
): AsyncGenerator<ContentsLine> {
  let objects = 0;
  for await (const { value, number } of linesOf(store.read(key, version === undefined ? {} : { version }))) {
    const line = ContentsLine.safeParse(value);
    if (!line.success) {
      throw new OffsiteError("damaged", `Line ${String(number)} of ${key} at ${store.where} is no line of contents.`);
    }
    if ("object" in line.data) objects++;
    yield line.data;
  }
  if (objects === 0) throw new OffsiteError("damaged", `${key} at ${store.where} names no object.`);
}
