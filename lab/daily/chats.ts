import { createHash } from "node:crypto";
import { allDatabases, servingCopy } from "../model/databases";
import type { PersistentChat } from "../model/persistent-chat";
import type { Random } from "../random";
import { isWeekend, type EveryDay } from "./every-day";

/** On working days there are messages in chat rooms, and now and then there is a new room. */
export const chats: EveryDay = (world, random, day) => {
  if (isWeekend(day)) return;
  for (const database of allDatabases(world)) {
    const { name, contents } = database;
    if (name !== "mgc" || !contents || !("rooms" in contents) || servingCopy(world, database) === undefined) continue;
    if (random.below(20) === 0) openRoom(contents, day);
    for (let turn = random.below(6); turn > 0; turn--) write(contents, random, world.clock.now);
  }
};

function openRoom({ categories, rooms, principals }: PersistentChat, day: string): void {
  const category = categories[rooms.length % categories.length];
  if (!category) return;
  const name = `${category.name} since ${day}`;
  const id = createHash("sha256").update(`room ${category.id} ${name}`).digest("hex").slice(0, 12);
  const members = principals.map(({ sip }) => sip);
  rooms.push({ id, name, category: category.id, members, managers: members.slice(0, 1), disabled: false });
}

function write({ rooms, messages }: PersistentChat, random: Random, at: string): void {
  const room = rooms[random.below(rooms.length)];
  const author = room?.members[random.below(room.members.length)];
  if (!room || author === undefined || room.disabled) return;
  const last = messages.findLast((one) => one.room === room.id)?.number ?? 0;
  messages.push({ room: room.id, number: last + 1, at, author, text: `Message ${String(last + 1)}` });
}
