import { z } from "zod";

/** Persistent Chat: who may what, categories, the rooms in them, and what was said. */

export const Principal = z.strictObject({ sip: z.string().min(1), name: z.string() });
export const Category = z.strictObject({
  id: z.string().min(1),
  name: z.string().min(1),
  allowed: z.array(z.string()),
  disabled: z.boolean(),
});
export const Room = z.strictObject({
  id: z.string().min(1),
  name: z.string().min(1),
  category: z.string().min(1),
  members: z.array(z.string()),
  managers: z.array(z.string()),
  disabled: z.boolean(),
});
export const Message = z.strictObject({
  room: z.string().min(1),
  number: z.int(),
  at: z.string(),
  author: z.string(),
  text: z.string(),
});

export interface PersistentChat {
  principals: z.infer<typeof Principal>[];
  categories: z.infer<typeof Category>[];
  rooms: z.infer<typeof Room>[];
  messages: z.infer<typeof Message>[];
}

export const emptyChat = (): PersistentChat => ({ principals: [], categories: [], rooms: [], messages: [] });

export const CHAT_KEYS: { [K in keyof PersistentChat]: (row: PersistentChat[K][number]) => string } = {
  principals: ({ sip }) => sip,
  categories: ({ id }) => id,
  rooms: ({ id }) => id,
  messages: ({ room, number }) => `${room} ${String(number)}`,
};

export function chatProblems({ categories, rooms, messages }: PersistentChat): string[] {
  const knownCategories = new Set(categories.map(({ id }) => id));
  const knownRooms = new Set(rooms.map(({ id }) => id));
  return [
    ...rooms
      .filter(({ category }) => !knownCategories.has(category))
      .map(({ name }) => `the room ${name} is in no category`),
    ...messages.filter(({ room }) => !knownRooms.has(room)).map(({ room }) => `a message is in no room: ${room}`),
  ];
}
