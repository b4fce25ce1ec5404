import { OffsiteError } from "./error";

export interface Line {
  value: unknown;
  number: number;
}

/** A line is a file with its hash and its name. */
const LONGEST = 64 * 1024;

/** Values of a file of JSON lines, however it is cut into chunks. What is no JSON is undefined. */
export async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Line> {
  let number = 0;
  let rest: Buffer = Buffer.alloc(0);
  const valueOf = (line: Buffer): unknown => {
    try {
      return JSON.parse(line.toString("utf8")) as unknown;
    } catch {
      return undefined;
    }
  };
  for await (const chunk of chunks) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
      number++;
      if (end > start) yield { value: valueOf(bytes.subarray(start, end)), number };
      start = end + 1;
    }
    // A copy, or the whole chunk would be kept alive for a few bytes of it.
    rest = Buffer.from(bytes.subarray(start));
    if (rest.length > LONGEST)
      throw new OffsiteError("damaged", `Line ${String(number + 1)} is longer than any line is.`);
  }
  if (rest.length > 0) yield { value: valueOf(rest), number: number + 1 };
}
