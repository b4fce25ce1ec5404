import type { z } from "zod";
import { instanceOf, storesOf } from "../../estate/topology/stores";
import type { DocItems } from "../docitems";
import type { Actor } from "../files";
import { Category, CHAT_KEYS, Message, Principal, Room, type PersistentChat } from "../model/persistent-chat";
import { findDatabase } from "../model/databases";
import type { World } from "../world";
import { asPlain, deliver, destination, itemsOf, received } from "./exports";
import { CmdletRefusal, textOf, type Output, type Parameters } from "./refusal";
import { contentsIn, topologyFor } from "./stores";

/** Persistent Chat, exported and imported. */

const OF = "PersistentChat";

const PARTS: { [K in keyof PersistentChat]: z.ZodType<PersistentChat[K][number]> } = {
  principals: Principal,
  categories: Category,
  rooms: Room,
  messages: Message,
};

/** Each level brings what the one before it brings, and one thing more. */
const LEVELS: Readonly<Record<string, readonly (keyof PersistentChat)[]>> = {
  User: ["principals"],
  Category: ["principals", "categories"],
  RoomDirectory: ["principals", "categories", "rooms"],
  Content: ["principals", "categories", "rooms", "messages"],
  All: ["principals", "categories", "rooms", "messages"],
};

function chatOf(world: World, actor: Actor, parameters: Parameters): PersistentChat {
  const topology = topologyFor(world, actor);
  const instance = (textOf(parameters, "DBInstance") ?? "").toLowerCase();
  const database = textOf(parameters, "DBName") ?? "mgc";
  const store = storesOf(topology).find(
    ({ holder, sql }) => holder === "persistent-chat" && [sql.instance, sql.mirror].includes(instance),
  );
  if (store && database.toLowerCase() === "mgc") {
    const contents = contentsIn(world, actor, instanceOf(store.sql), "mgc");
    if (findDatabase(world, instanceOf(store.sql), "mgc")?.serving === instance) return contents;
    const refusal = `The database "mgc" on ${instance} cannot be opened: it is acting as a mirror database.`;
    throw new CmdletRefusal("mirrored", refusal, "Give the instance of the principal.");
  }
  const message = `Cannot open database "${database}" on ${instance}: there is no Persistent Chat database of that name.`;
  throw new CmdletRefusal("no-database", message, String.raw`Give -DBInstance as <fqdn>\<instance>.`);
}

export async function exportChat(world: World, actor: Actor, parameters: Parameters): Promise<Output> {
  const chat = chatOf(world, actor, parameters);
  const to = destination(world, actor, parameters, { overwrites: true });
  const { start, level = "All" } = { start: textOf(parameters, "StartDate"), level: textOf(parameters, "Level") };
  if (start !== undefined && level !== "RoomDirectory") {
    throw new CmdletRefusal("ambiguous-parameters", "StartDate is valid with the level RoomDirectory only.");
  }
  const exported = scoped(chat, parameters["Scope"]);
  const parts = [...(LEVELS[level] ?? [])];
  if (start !== undefined) {
    parts.push("messages");
    exported.messages = exported.messages.filter(({ at }) => at >= start);
  }
  const items = parts.flatMap((part) => {
    const key = CHAT_KEYS[part] as (row: unknown) => string;
    return exported[part].map((row): DocItems["items"][number] => [`urn:mgc:${part}:${key(row)}`, asPlain(row)]);
  });
  const output = await deliver(world, to, { "PersistentChat.xml": { of: OF, items } });
  if (parameters["DisableExportedNodes"] === true) {
    for (const node of [...exported.categories, ...exported.rooms]) node.disabled = true;
  }
  return output;
}

/** Categories by name, with the rooms in them. */
function scoped(chat: PersistentChat, scope: unknown): PersistentChat {
  if (scope === undefined) return { ...chat };
  const names = (Array.isArray(scope) ? scope : [scope]).map((name) => String(name).toLowerCase());
  const categories = chat.categories.filter(({ name }) => names.includes(name.toLowerCase()));
  const rooms = chat.rooms.filter(({ category }) => categories.some(({ id }) => id === category));
  const messages = chat.messages.filter(({ room }) => rooms.some(({ id }) => id === room));
  return { principals: chat.principals, categories, rooms, messages };
}

/** Adds what is not there, and replaces what is. */
export async function importChat(world: World, actor: Actor, parameters: Parameters): Promise<Output> {
  const chat = chatOf(world, actor, parameters);
  const items = await received(world, actor, parameters, OF);
  const take = <K extends keyof PersistentChat>(part: K): void => {
    const rows: PersistentChat[K][number][] = itemsOf(items, `urn:mgc:${part}:`, PARTS[part]).map(([, row]) => row);
    const all = [...(chat[part] as PersistentChat[K][number][]), ...rows].map(
      (row) => [CHAT_KEYS[part](row), row] as const,
    );
    (chat[part] as PersistentChat[K][number][]) = [...new Map(all).values()];
  };
  take("principals");
  take("categories");
  take("rooms");
  take("messages");
  return [];
}
