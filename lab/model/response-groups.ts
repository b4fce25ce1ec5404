import { z } from "zod";

/** Response Groups: one set per hosting pool. An object remembers the pool that owns it, wherever it was imported. */

const owned = { id: z.string().min(1), name: z.string().min(1), owner: z.string().min(1) };

export const KINDS = {
  agentGroups: z.strictObject({ ...owned, agents: z.array(z.string()), routing: z.string(), alertSeconds: z.int() }),
  queues: z.strictObject({ ...owned, agentGroups: z.array(z.string()), overflow: z.int().nullable() }),
  hours: z.strictObject({ ...owned, days: z.record(z.string(), z.string()) }),
  holidays: z.strictObject({ ...owned, days: z.array(z.string()) }),
  audio: z.strictObject({ ...owned, bytes: z.int(), sha256: z.string() }),
  workflows: z.strictObject({
    ...owned,
    primaryUri: z.string().min(1),
    number: z.string().nullable(),
    language: z.string(),
    queue: z.string(),
    hours: z.string().nullable(),
    holidays: z.array(z.string()),
    music: z.string().nullable(),
  }),
} as const;
export type Kind = keyof typeof KINDS;
export const ALL_KINDS = Object.keys(KINDS) as Kind[];

export const Settings = z.strictObject({
  musicOnHold: z.string().nullable(),
  ringBackGraceSeconds: z.int(),
  callContext: z.boolean(),
});
export type Settings = z.infer<typeof Settings>;

export type GroupObjects = { [K in Kind]: z.infer<(typeof KINDS)[K]>[] };
export type GroupObject = GroupObjects[Kind][number];

export interface ResponseGroups extends GroupObjects {
  /** Of the application itself: one set per pool. */
  settings: Settings;
}

export const DEFAULT_SETTINGS: Settings = { musicOnHold: null, ringBackGraceSeconds: 60, callContext: true };

export const emptyObjects = (): GroupObjects => ({
  agentGroups: [],
  queues: [],
  hours: [],
  holidays: [],
  audio: [],
  workflows: [],
});
export const emptyGroups = (): ResponseGroups => ({ ...emptyObjects(), settings: { ...DEFAULT_SETTINGS } });

/** Each object with what it refers to, by kind. */
function referencesOf(groups: GroupObjects): { from: string; kind: Kind; id: string }[] {
  const from = (name: string, kind: Kind, ids: readonly (string | null)[]) =>
    ids.flatMap((id) => (id === null ? [] : [{ from: name, kind, id }]));
  return [
    ...groups.queues.flatMap(({ name, agentGroups }) => from(name, "agentGroups", agentGroups)),
    ...groups.workflows.flatMap(({ name, queue, hours, holidays, music }) => [
      ...from(name, "queues", [queue]),
      ...from(name, "hours", [hours]),
      ...from(name, "holidays", holidays),
      ...from(name, "audio", [music]),
    ]),
  ];
}

export function groupProblems(groups: GroupObjects): string[] {
  return referencesOf(groups)
    .filter(({ kind, id }) => !groups[kind].some((one) => one.id === id))
    .map(({ from, kind, id }) => `${from} refers to ${id} of ${kind}, which is not there`);
}
