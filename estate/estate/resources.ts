import type { Product, Retention, Schedule } from "../documents";
import { entriesOf, type Found } from "./entries";
import { KINDS, type Own, type Place } from "./kinds";
import { readingOf, type Reading } from "./reading";
import type { Entry, EstateParts, JobKind } from "./schema";

/** The job resources of an estate, in the words of their resources: entries, defaults and the topology together. */

export interface Common<Kind extends JobKind> {
  name: string;
  product: Product;
  hosts: Place<Kind>[];
  lostHosts: string[];
  /** Empty where nothing says it; the rules of the estate refuse that. */
  target: string;
  schedule: Schedule;
  startWhenMissed: boolean;
  timeLimitMinutes: number;
  retention: Retention;
  keepFreeGigabytes: number;
  runNow: boolean;
  enabled: boolean;
  disabledReason?: string | undefined;
  adopt: boolean;
}

export interface ResourceOf<Kind extends JobKind> {
  kind: Kind;
  /** Where the estate says it; without it, it follows from `everything`. */
  path?: readonly PropertyKey[] | undefined;
  common: Common<Kind>;
  own: Own<Kind>;
}
export type JobResource = { [Kind in JobKind]: ResourceOf<Kind> }[JobKind];

export const resourcesOf = (estate: EstateParts): JobResource[] => resourcesIn(readingOf(estate));

export function resourcesIn(reading: Reading): JobResource[] {
  const entries = entriesOf(reading.estate);
  return [
    ...entries.configuration.map((one) => resource("configuration", one, reading)),
    ...entries.userData.map((one) => resource("userData", one, reading)),
    ...entries.responseGroups.map((one) => resource("responseGroups", one, reading)),
    ...entries.persistentChat.map((one) => resource("persistentChat", one, reading)),
    ...entries.fileStores.map((one) => resource("fileStores", one, reading)),
    ...entries.sql.map((one) => resource("sql", one, reading)),
  ];
}

function resource<Kind extends JobKind>(kind: Kind, { entry, path }: Found<Kind>, reading: Reading): ResourceOf<Kind> {
  const { name, hosts, product, own } = KINDS[kind](entry, reading);
  return { kind, path, own, common: { ...commonOf(kind, entry, reading), name: entry.name ?? name, hosts, product } };
}

/** Without a schedule of its own or of the estate each kind has its hour, so that they do not all begin at once. */
const HOURS: Record<JobKind, string> = {
  sql: "00:30",
  userData: "01:00",
  responseGroups: "01:30",
  configuration: "02:00",
  persistentChat: "03:30",
  fileStores: "04:00",
};

function commonOf(
  kind: JobKind,
  entry: Entry<JobKind>,
  { estate, target }: Reading,
): Omit<Common<JobKind>, "name" | "hosts" | "product"> {
  const { defaults } = estate;
  return {
    lostHosts: entry.lostHosts,
    target: target(entry),
    schedule: entry.schedule ?? defaults.schedule ?? { every: "day", at: [HOURS[kind]] },
    startWhenMissed: entry.startWhenMissed ?? defaults.startWhenMissed,
    timeLimitMinutes: entry.timeLimitMinutes ?? defaults.timeLimitMinutes,
    retention: entry.retention ?? defaults.retention,
    keepFreeGigabytes: entry.keepFreeGigabytes ?? defaults.keepFreeGigabytes,
    runNow: entry.runNow,
    enabled: entry.enabled,
    disabledReason: entry.disabledReason,
    adopt: entry.adopt,
  };
}
