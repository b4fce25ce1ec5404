import { crc32 } from "node:zlib";
import yauzl from "yauzl";
import yazl from "yazl";

/** A ZIP of a few texts. The same contents at the same time are the same bytes. */
export async function zipOf(entries: Readonly<Record<string, string>>, at: string): Promise<Buffer> {
  const zip = new yazl.ZipFile();
  const mtime = new Date(at);
  for (const [name, text] of Object.entries(entries)) zip.addBuffer(Buffer.from(text), name, { mtime });
  zip.end();
  return buffer(zip.outputStream);
}

async function buffer(stream: AsyncIterable<Buffer | string>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Reads every entry to its last byte and compares its checksum; rejects with what is wrong. */
export async function readZip(content: Buffer): Promise<Map<string, Buffer>> {
  const zip = await yauzl.fromBufferPromise(content, { autoClose: false });
  try {
    const contents = new Map<string, Buffer>();
    for await (const entry of zip.eachEntry()) {
      const content = await buffer(await zip.openReadStreamPromise(entry));
      if (crc32(content) !== entry.crc32) throw new Error(`the checksum of ${entry.fileName} is wrong`);
      contents.set(entry.fileName, content);
    }
    if (contents.size === 0) throw new Error("it has no entry");
    return contents;
  } finally {
    zip.close();
  }
}
