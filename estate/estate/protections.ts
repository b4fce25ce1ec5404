import type { CopyPath, ProtectingJob, Protection, StoreReference } from "../documents";
import { protectingJobsOf } from "./jobs";
import { offsiteOf, type OffsiteResource } from "./offsite";
import type { EstateParts } from "./schema";

/** What discharges the obligations of an estate's topology: its jobs, with the copies offsite, other tools, and waivers. */
export function protectionsOf(estate: EstateParts): Protection[] {
  const offsite = offsiteOf(estate).filter(({ enabled }) => enabled);
  const { timeZone } = estate.plan;
  return [
    ...protectingJobsOf(estate).map((job) => ({
      ...job,
      copies: offsite.flatMap((one) => copiesBy(one, job, timeZone)),
    })),
    ...estate.external.map((external) => ({ by: "external" as const, ...external })),
    ...estate.waivers.map((waiver) => ({ by: "waiver" as const, ...waiver })),
  ];
}

/** Of a set, as expected: nobody has measured it yet. Logs are small, and many. */
const CARRYING_MINUTES = { log: 1, other: 10 };

/** No more than one: of the sources of a copy, one carries a line of sets. */
function copiesBy(offsite: OffsiteResource, { series, setKind, target }: ProtectingJob, zone: string): CopyPath[] {
  const { copy, store, schedule, startWhenMissed, sources } = offsite;
  const source = sources.find(
    (one) => one.target.name === target.name && (one.series === "all" || one.series.includes(series)),
  );
  if (!source) return [];
  const minutes = CARRYING_MINUTES[setKind === "log" ? "log" : "other"];
  const { keep, lock, legalHold } = source;
  return [
    {
      ...{ copy, place: placeOf(store), profile: store.profile, schedule, zone, startWhenMissed },
      // To look at it takes no longer than to carry it.
      ...{ minutes, verifyMinutes: minutes, legalHold },
      ...(keep ? { retention: keep } : {}),
      ...(lock ? { lock } : {}),
    },
  ];
}

/** Buckets of one name are in as many stores as there are. */
export const placeOf = ({ profile, endpoint, region, bucket, prefix }: StoreReference): string =>
  `${bucket}/${prefix} (${profile}, ${endpoint ?? region})`;
