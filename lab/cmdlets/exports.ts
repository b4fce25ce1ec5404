import { readDocItems, writeDocItems, type DocItems, type Plain } from "../docitems";
import { reach, writeOnDisk, type Actor } from "../files";
import { parentOf, type Place } from "../paths";
import type { World } from "../world";
import { readZip, wholeZip, zipOf } from "../zip";
import { CmdletRefusal, textOf, type Output, type Parameters } from "./refusal";

/** Exports are ZIP files with XML in them, or the bytes of such a file; imports read either. */

/** Where an export goes; null: back to the caller, as bytes. */
export function destination(
  world: World,
  actor: Actor,
  parameters: Parameters,
  { overwrites }: { overwrites: boolean },
): Place | null {
  if (parameters["AsBytes"] === true) return null;
  const fileName = textOf(parameters, "FileName") ?? "";
  const place = placeFor(world, actor, fileName);
  if (overwrites || !world.disk.has(place)) return place;
  const message = `The file '${fileName}' exists already, and this export overwrites none.`;
  throw new CmdletRefusal("file-exists", message, "Give it the name of a file that is not there.");
}

/** The folder of a file must be there. */
export function placeFor(world: World, actor: Actor, fileName: string): Place {
  const place = reach(world, actor, fileName, "change");
  if (world.disk.has(parentOf(place))) return place;
  throw new CmdletRefusal("path-not-found", `Could not find a part of the path '${fileName}'.`);
}

/** Each part of an export is an XML file in the ZIP; a text is one that was written before. */
export async function deliver(
  world: World,
  to: Place | null,
  parts: Readonly<Record<string, DocItems | string>>,
): Promise<Output> {
  const texts = Object.entries(parts).map(([name, part]) => [
    name,
    typeof part === "string" ? part : writeDocItems(part),
  ]);
  const zip = await zipOf(Object.fromEntries(texts) as Record<string, string>, world.clock.now);
  if (!to) return [{ Bytes: zip }];
  writeOnDisk(world, to, zip);
  world.disk.body(to)?.know(wholeZip, Promise.resolve());
  return [];
}

/** The items of an export of this kind, from a file or from bytes. */
export async function received(
  world: World,
  actor: Actor,
  parameters: Parameters,
  of: string,
): Promise<DocItems["items"]> {
  const bytes = parameters["ByteInput"];
  const source =
    bytes instanceof Uint8Array ? Buffer.from(bytes) : fileIn(world, actor, textOf(parameters, "FileName") ?? "");
  const parts = await readable(async () =>
    [...(await readZip(source)).values()].map((part) => readDocItems(String(part))),
  );
  if (parts.every((part) => part.of === of)) return parts.flatMap(({ items }) => items);
  const message = `The file holds ${parts.map((part) => `"${part.of}"`).join(", ")}, and not "${of}".`;
  throw new CmdletRefusal("wrong-file", message, "Name the file of the right export.");
}

export function fileIn(world: World, actor: Actor, fileName: string): Buffer {
  const body = world.disk.body(reach(world, actor, fileName, "read"));
  if (body) return body.read();
  throw new CmdletRefusal("path-not-found", `Could not find file '${fileName}'.`);
}

async function readable<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw notReadable((error as Error).message);
  }
}

export const notReadable = (reason: string): CmdletRefusal =>
  new CmdletRefusal("bad-file", `The file cannot be read: ${reason}.`, "It is damaged: take another set.");

/** Items whose URNs begin alike, checked: `urn:hcd:…` by what comes after it. */
export function itemsOf<T>(
  items: DocItems["items"],
  prefix: string,
  schema: { safeParse: (value: unknown) => { success: true; data: T } | { success: false; error: Error } },
): [name: string, value: T][] {
  return items.flatMap(([urn, value]): [string, T][] => {
    if (!urn.startsWith(prefix)) return [];
    const parsed = schema.safeParse(value);
    if (parsed.success) return [[urn.slice(prefix.length), parsed.data]];
    throw notReadable(`${urn} is not as it should be`);
  });
}

export const asPlain = (value: object): Plain => value as Plain;
