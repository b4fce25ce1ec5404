import { DocumentError } from "../../estate/documents";
import { OffsiteError } from "../error";
import type { Store } from "./store";

/** Undefined where it is gone, or where nobody can read it: then it says nothing, and nothing can be built upon it. */
export async function readDocument<T>(
  store: Store,
  key: string,
  document: { parse(text: string): T },
): Promise<T | undefined> {
  try {
    const text = await store.readWhole(key);
    return text && document.parse(text.toString("utf8"));
  } catch (error) {
    if (error instanceof DocumentError || (error instanceof OffsiteError && error.code === "damaged")) return undefined;
    throw error;
  }
}
