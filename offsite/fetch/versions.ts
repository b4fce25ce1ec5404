import { OffsiteError } from "../error";
import type { ObjectLine } from "../sets/contents";
import type { Store } from "../store/store";

/**
 * Where the bytes of an object may be, the likeliest first: the version that was sent, the newest, and all others of
 * the same size. The hash of the bytes decides which of them is right.
 */
export async function* versionsToTry(
  store: Store,
  key: string,
  line: ObjectLine | undefined,
): AsyncGenerator<string | undefined> {
  const tried = new Set<string | undefined>([line?.version]);
  yield line?.version;
  if (line?.version !== undefined) {
    tried.add(undefined);
    yield undefined;
  }
  if (!store.sender.can("list-versions")) return;
  try {
    for await (const { key: found, version, marker, bytes } of store.versions(key)) {
      if (found !== key || marker || tried.has(version) || (line && bytes !== line.bytes)) continue;
      tried.add(version);
      yield version;
    }
  } catch (error) {
    if (!(error instanceof OffsiteError && ["access-denied", "lacks"].includes(error.code))) throw error;
  }
}
