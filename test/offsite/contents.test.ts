import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { readContents } from "../../offsite/sets/contents";
import type { Store } from "../../offsite/store/store";
import { sha256Of } from "../../offsite/store/body";

const HASH = "a".repeat(64);
const LINES = [
  { object: "series/files/packs/p.0.zip", bytes: 100, sha256: HASH },
  { path: "a.txt", bytes: 3, sha256: HASH, in: "series/files/packs/p.0.zip", entry: "a.txt", offset: 35 },
];
const SENT = Buffer.from(LINES.map((line) => `${JSON.stringify(line)}\n`).join(""));

describe("The contents of a set", () => {
  const readAs = async (answer: Buffer): Promise<unknown[]> => {
    const store = {
      where: "the bucket",
      // eslint-disable-next-line @typescript-eslint/require-await
      async *read() {
        yield answer;
      },
      head: () => Promise.resolve({ sha256: sha256Of(SENT) }),
    } as unknown as Store;
    const lines: unknown[] = [];
    for await (const line of readContents(store, "contents.jsonl")) lines.push(line);
    return lines;
  };

  it("are read as they were sent", async () => {
    assert.deepEqual(await readAs(SENT), LINES);
  });

  it("are refused where a digit has changed on the way, although every line is one", async () => {
    const changed = Buffer.from(SENT.toString("utf8").replace('"offset":35', '"offset":37'));
    await assert.rejects(readAs(changed), /has not the bytes that were sent: its SHA-256 differs/);
  });
});
