import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { SaxesParser, type SaxesTagPlain } from "saxes";
import yauzl from "yauzl";
import type { Manifest } from "../../estate/documents";
import type { Item, Items } from "./compare";

/** What is in an artefact, as items with parts. What cannot be read so is one item: its hash. */

type Format = Manifest["artefacts"][number]["format"];

export async function itemsOf(format: Format, content: Buffer): Promise<Items> {
  switch (format) {
    case "zip":
      return itemsOfZip(content);
    case "xml":
      return itemsOfXml("", textOf(content));
    case "json":
      return new Map([["", flat(JSON.parse(textOf(content)))]]);
    case "jsonl":
      return itemsOfLines(textOf(content));
    case "text":
    case "bak":
    case "file":
      return opaque("", content);
  }
}

async function itemsOfZip(content: Buffer): Promise<Items> {
  const items = new Map<string, Item>();
  const zip = await yauzl.fromBufferPromise(content, { autoClose: false });
  try {
    for await (const entry of zip.eachEntry()) {
      const chunks: Buffer[] = [];
      for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer);
      const bytes = Buffer.concat(chunks);
      if (crc32(bytes) !== entry.crc32) throw new Error(`the checksum of ${entry.fileName} is wrong`);
      const name = entry.fileName;
      const inside = /\.xml$/i.test(name) ? itemsOfXml(name, textOf(bytes)) : opaque(name, bytes);
      for (const [item, parts] of inside) items.set(item, parts);
    }
  } finally {
    zip.close();
  }
  return items;
}

const opaque = (name: string, content: Buffer): Items =>
  new Map([[name, new Map([["SHA-256", createHash("sha256").update(content).digest("hex")]])]]);

/** Lync's exports say UTF-8 and some of them mean UTF-16. */
function textOf(content: Buffer): string {
  const isWide = content[0] === 0xff && content[1] === 0xfe;
  return content.toString(isWide ? "utf16le" : "utf8").replace(/^\uFEFF/, "");
}

/** What names an element among others of its kind. */
const NAMING = ["Name", "Key", "Identity", "Fqdn", "ClusterFqdn", "Id"];
/** Of these an export is a list, each with a name of its own. */
const ITEM = "DocItem";

interface Open {
  path: string;
  text: string;
  /** How many children of each name were there before. */
  seen: Map<string, number>;
}

/** Every `DocItem` is an item; what stands outside of them belongs to the file. */
export function itemsOfXml(file: string, text: string): Items {
  const items = new Map<string, Map<string, string>>();
  const open: Open[] = [];
  let current = file;
  const note = (path: string, value: string): void => {
    const item = items.get(current) ?? new Map<string, string>();
    items.set(current, item.set(path, value));
  };
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }: SaxesTagPlain) => {
    const parent = open.at(-1);
    if (name === ITEM) current = attributes["Name"] ?? file;
    const path = name === ITEM ? "" : pathBelow(parent, name, attributes);
    open.push({ path, text: "", seen: new Map() });
    for (const [key, value] of Object.entries(attributes)) {
      if (!NAMING.includes(key) && !key.startsWith("xmlns")) note(`${path}@${key}`, value);
    }
  });
  parser.on("text", (part) => {
    const inner = open.at(-1);
    if (inner) inner.text += part;
  });
  parser.on("closetag", ({ name }) => {
    const closed = open.pop();
    const value = closed?.text.trim() ?? "";
    if (closed && value !== "") note(closed.path, value);
    if (name === ITEM) current = file;
  });
  parser.write(text).close();
  return items;
}

function pathBelow(parent: Open | undefined, name: string, attributes: Readonly<Record<string, string>>): string {
  const naming = NAMING.flatMap((key) => attributes[key] ?? []);
  const step = naming[0] === undefined ? name : `${name}[${naming[0]}]`;
  const before = parent?.seen.get(step) ?? 0;
  parent?.seen.set(step, before + 1);
  const counted = before === 0 ? step : `${step}#${String(before + 1)}`;
  return parent === undefined || parent.path === "" ? counted : `${parent.path}/${counted}`;
}

/** By what tells the lines of listings and inventories apart. */
const KEYS = ["path", "Identity", "SipAddress", "Name"];

function itemsOfLines(text: string): Items {
  const lines = text.split("\n").filter((line) => line !== "");
  return new Map(
    lines.map((line, index) => {
      const value: unknown = JSON.parse(line);
      const fields = flat(value);
      const key = KEYS.flatMap((name) => fields.get(name) ?? [])[0];
      return [key ?? `line ${String(index + 1)}`, fields];
    }),
  );
}

function flat(value: unknown, path = "", into = new Map<string, string>()): Map<string, string> {
  if (typeof value === "object" && value !== null) {
    for (const [key, inner] of Object.entries(value)) flat(inner, path === "" ? key : `${path}/${key}`, into);
  } else into.set(path, typeof value === "string" ? value : JSON.stringify(value));
  return into;
}
