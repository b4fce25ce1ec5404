import type { z } from "zod";
import type { Schedule } from "../../estate/documents";
import { canonicalSchedule } from "../../estate/schedules";
import type { backupShape, jobShape } from "./schema";

/** A resource is one job, or several that belong together: each is declared by a property that has its schedule. */

export type JobInputs = z.infer<z.ZodObject<typeof jobShape>>;
export type BackupInputs = z.infer<z.ZodObject<typeof backupShape>>;
export type HostInput = JobInputs["hosts"][number] & { instance?: string | undefined };

export interface Part {
  /** It is a schedule, or has one. */
  property: string;
  /** Of its job, its task and its document. */
  name: string;
}

type PartValue = Schedule | { schedule: Schedule };

const valueOf = (inputs: JobInputs, property: string): PartValue | undefined =>
  (inputs as Record<string, unknown>)[property] as PartValue | undefined;

export const isDeclared = (inputs: JobInputs, { property }: Part): boolean => valueOf(inputs, property) !== undefined;

export function scheduleIn(inputs: JobInputs, property: string): Schedule {
  const value = valueOf(inputs, property);
  if (value === undefined) throw new Error(`${property} declares no job`);
  return "every" in value ? value : value.schedule;
}

/** What is declared by the property, with another schedule. */
export function withSchedule(inputs: JobInputs, property: string, schedule: unknown): unknown {
  const value = valueOf(inputs, property);
  if (value === undefined) return { schedule };
  return "every" in value ? schedule : { ...value, schedule };
}

export function canonicalPart(inputs: JobInputs, property: string): unknown {
  if (valueOf(inputs, property) === undefined) return undefined;
  return withSchedule(inputs, property, canonicalSchedule(scheduleIn(inputs, property)));
}

/** What a job document says of every job, and what this kind of job declares besides. */
export function declarationOf<Inputs extends JobInputs>({ hosts, ...inputs }: Inputs) {
  return { ...inputs, placement: hosts.map(({ name, pool }) => ({ host: name, pool })) };
}

/** The same of a job that makes sets. */
export function backupOf<Inputs extends BackupInputs>({ keepFreeGigabytes, ...inputs }: Inputs) {
  return { ...declarationOf(inputs), keepFreeBytes: Math.round(keepFreeGigabytes * 1024 ** 3) };
}
