import { candidatesFor, findingOf, protectionIndex, type Covering, type ProtectionIndex } from "../coverage";
import type { Protection } from "../documents";
import type { Estate } from "../estate";
import { jobsOf, type EstateJob } from "../estate/jobs";
import { protectionsOf } from "../estate/protections";
import { readingOf, type Reading } from "../estate/reading";
import { resourcesIn, type JobResource } from "../estate/resources";
import { dutiesOf, type Duties, type Obligation } from "../obligations";

/** An estate as its plan looks at it: everything once, and no clock. */

export interface Facts {
  estate: Estate;
  reading: Reading;
  resources: readonly JobResource[];
  jobs: readonly EstateJob[];
  duties: Duties;
  protections: readonly Protection[];
  index: ProtectionIndex<Covering>;
}

export function factsOf(estate: Estate): Facts {
  const reading = readingOf(estate);
  const protections = protectionsOf(estate);
  const resources = resourcesIn(reading);
  const encryptingInstances = resources.flatMap((resource) =>
    resource.kind === "sql" && resource.own.encryption ? resource.common.hosts.map(({ instance }) => instance) : [],
  );
  return {
    estate,
    reading,
    resources,
    jobs: jobsOf(estate),
    duties: dutiesOf(estate.topology, { encryptingInstances }),
    protections,
    index: protectionIndex(protections),
  };
}

/** What protects an obligation, the strongest alone: whether evidence is fresh is told by a clock, and not here. */
export function protectorsOf(obligation: Obligation, { index }: Facts): readonly Covering[] {
  const candidates = candidatesFor(obligation, index);
  const jobs = candidates.filter(
    (one) => one.by === "job" && findingOf(obligation, one, index, BEFORE_ALL).state === "covered",
  );
  if (jobs.length > 0) return jobs;
  const external = candidates.filter(({ by }) => by === "external");
  return external.length > 0 ? external : candidates.filter(({ by }) => by === "waiver");
}

/** A job is judged by no clock. */
const BEFORE_ALL = "1970-01-01T00:00:00.000Z";

/** The computer of an instance. */
export const serverOf = (instance: string): string => instance.split("\\")[0] ?? instance;

export const joined = (items: readonly (string | undefined)[]): string =>
  items.filter((item) => item !== undefined && item !== "").join(", ");
