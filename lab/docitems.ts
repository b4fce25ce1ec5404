import { SaxesParser, type SaxesTagPlain } from "saxes";

/**
 * The inside of Lync's exports: XML whose items are named by URNs. What stands in an item is plain data, so that an
 * import finds again exactly what an export has written.
 */

export type Plain = string | number | boolean | null | Plain[] | { [key: string]: Plain | undefined };

export interface DocItems {
  /** Which export it is: no import takes another's. */
  of: string;
  items: [urn: string, value: Plain][];
}

export function writeDocItems({ of, items }: DocItems): string {
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    `<DocItemSet xmlns="urn:schema:Microsoft.Rtc.Management.Xds.AppLayer.2008" Of="${xml(of)}">`,
    ...items.map(([urn, value]) => `<DocItem Name="${xml(urn)}">${element(value)}</DocItem>`),
    "</DocItemSet>",
    "",
  ].join("\n");
}

/** The type is the name of the element, and where it is the value of a field, that is its key. */
function element(value: Plain, key?: string): string {
  const keyed = key === undefined ? "" : ` Key="${xml(key)}"`;
  const wrapped = (type: string, content: string): string => `<${type}${keyed}>${content}</${type}>`;
  if (value === null) return `<Null${keyed}/>`;
  if (typeof value === "string") return wrapped("String", xml(value));
  if (typeof value === "number") return wrapped("Number", String(value));
  if (typeof value === "boolean") return wrapped("Boolean", String(value));
  if (Array.isArray(value)) return wrapped("List", value.map((one) => element(one)).join(""));
  const fields = Object.entries(value).map(([name, one]) => (one === undefined ? "" : element(one, name)));
  return wrapped("Map", fields.join(""));
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
/** Characters that XML cannot hold are written as .NET writes them: `_x0007_`. */
export const xml = (text: string): string =>
  // eslint-disable-next-line no-control-regex -- control characters are exactly what XML cannot hold
  text.replace(/[&<>"\t\n\r]|[\u0000-\u001f\ufffe\uffff]|\p{Cs}|_(?=x[0-9a-f]{4}_)/giu, (one) => {
    if (/[\t\n\r]/.test(one)) return `&#${String(one.charCodeAt(0))};`;
    return ENTITIES[one] ?? `_x${one.charCodeAt(0).toString(16).padStart(4, "0")}_`;
  });
const plain = (text: string): string =>
  text.replace(/_x([0-9a-f]{4})_/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));

/** Throws where the text is no such XML. */
export function readDocItems(text: string): DocItems {
  const reader = new Reader();
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", (tag) => {
    reader.open(tag);
  });
  parser.on("text", (content) => {
    reader.text(content);
  });
  parser.on("closetag", () => {
    reader.close();
  });
  parser.write(text).close();
  return { of: reader.of, items: reader.items };
}

interface Open {
  type: string;
  key: string;
  text: string;
  children: [key: string, value: Plain][];
}

class Reader {
  of = "";
  readonly items: DocItems["items"] = [];
  private readonly path: Open[] = [];

  open({ name, attributes }: SaxesTagPlain): void {
    if (name === "DocItemSet") this.of = plain(attributes["Of"] ?? "");
    this.path.push({ type: name, key: plain(attributes["Key"] ?? attributes["Name"] ?? ""), text: "", children: [] });
  }

  text(content: string): void {
    const open = this.path.at(-1);
    if (open) open.text += content;
  }

  close(): void {
    const closed = this.path.pop();
    if (!closed || closed.type === "DocItemSet") return;
    if (closed.type === "DocItem") this.items.push([closed.key, closed.children[0]?.[1] ?? null]);
    else this.path.at(-1)?.children.push([closed.key, valueOf(closed)]);
  }
}

function valueOf({ type, text, children }: Open): Plain {
  switch (type) {
    case "Null":
      return null;
    case "String":
      return plain(text);
    case "Number":
      return Number(text);
    case "Boolean":
      return text === "true";
    case "List":
      return children.map(([, value]) => value);
    case "Map":
      return Object.fromEntries(children);
    default:
      throw new Error(`it has an element ${type}`);
  }
}
