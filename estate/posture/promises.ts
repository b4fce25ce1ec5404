import { candidatesFor, protectionIndex, type ProtectionIndex } from "../coverage";
import {
  Posture,
  scopeKey,
  type CopyPath,
  type PromisedBucket,
  type PromisedCopy,
  type PromisedObligation,
  type ProtectingJob,
  type ServiceLevel,
} from "../documents";
import { dutiesOfEstate, protectionsOf, type Estate } from "../estate";
import { merged, startsInWeek } from "../levels/pattern";
import { placesOf, type Places } from "../levels/places";
import { promisesBy, speaksOf } from "../levels/promises";
import { protectorsOf } from "../levels/protectors";
import type { Obligation } from "../obligations";
import { worstGap } from "../schedules";
import { keepingOf } from "./keeping";

/** Of what needs one and must not follow a clock: what is promised is the same on every day. */
const ANY_DAY = "2026-01-01T00:00:00.000Z";
/** Changes of clocks are a matter of the zone, and no change of a promise. */
const ZONE = "UTC";

/** What an estate promises. The same declaration promises the same on every day, and on every computer. */
export function promisesOf(estate: Estate): Posture {
  const protections = protectionsOf(estate);
  const index = protectionIndex(protections);
  const places = placesOf(estate.topology);
  const jobs = protections.filter((one) => one.by === "job");
  return Posture.make({
    protect: estate.protect,
    obligations: Object.fromEntries(
      dutiesOfEstate(estate).obligations.map((one) => [
        one.key,
        { ...protectionOf(one, index, places), levels: levelsFor(one, estate.serviceLevels) },
      ]),
    ),
    jobs: Object.fromEntries(
      jobs.filter(({ enabled }) => enabled).map((job) => [job.name, { copies: copiesOf(job, jobs) }]),
    ),
    disabled: jobs.filter(({ enabled }) => !enabled).map(({ name }) => name),
    externals: Object.fromEntries(
      estate.external.map(({ name, restoreTestGoodForDays }) => [name, { restoreTestGoodForDays }]),
    ),
    waivers: Object.fromEntries(
      estate.waivers.map(({ name, data, scopes, until }) => [
        name,
        { data, until, scopes: scopes === "all" ? scopes : scopes.map(scopeKey) },
      ]),
    ),
    buckets: bucketsOf(estate),
  });
}

function protectionOf(
  obligation: Obligation,
  index: ProtectionIndex,
  places: Places,
): Pick<PromisedObligation, "by" | "rpoMinutes"> {
  const { full, sources, others } = protectorsOf(obligation, index, places, ANY_DAY);
  const points = [
    ...sources.flatMap(({ points: starting }) => gapBetween(starting)),
    ...others.map(({ rpoHours }) => rpoHours * 60),
  ];
  const rpo = points.length === 0 ? {} : { rpoMinutes: Math.ceil(Math.min(...points)) };
  if (full.length > 0) return { by: "job", ...rpo };
  if (others.length > 0) return { by: "external", ...rpo };
  return { by: candidatesFor(obligation, index).some(({ by }) => by === "waiver") ? "waiver" : "nothing" };
}

/** Between two starts that leave a point to restore to; how long runs take is measured, and not promised. */
function gapBetween(starting: readonly Pick<ProtectingJob, "schedule" | "startWhenMissed">[]): number[] {
  const timetables = starting.map(({ schedule, startWhenMissed }) => ({ schedule, startWhenMissed, runMinutes: 0 }));
  const gap = worstGap({ from: ANY_DAY, timetables, zone: ZONE });
  return gap.kind === "never" ? [] : [gap.minutes];
}

function levelsFor(obligation: Obligation, levels: readonly ServiceLevel[]): PromisedObligation["levels"] {
  const promises = promisesBy(levels.filter((level) => speaksOf(level, obligation)));
  const fields = ["rpoMinutes", "poolLossMinutes", "rtoMinutes", "keepMinutes"] as const;
  return Object.fromEntries(
    fields.flatMap((field) => {
      const value = promises?.[field]?.value;
      return value === undefined ? [] : [[field, Math.ceil(value)]];
    }),
  );
}

/** By the place that keeps them: the target, and what carries them further. */
function copiesOf(job: ProtectingJob, jobs: readonly ProtectingJob[]): Record<string, PromisedCopy> {
  const { target, retention, copies } = job;
  // Disabled ones of the series count too: who enables them again weakens nothing.
  const line = jobs.filter(({ series }) => series === job.series);
  const pattern = merged(line.map(({ schedule }) => startsInWeek(schedule)));
  return {
    [`target ${target.name}`]: {
      location: target.location,
      keeps: keepingOf(retention, pattern),
      lock: null,
      legalHold: false,
    },
    ...Object.fromEntries(
      copies.map((copy): [string, PromisedCopy] => [`copy ${copy.copy}`, offsiteCopy(copy, pattern)]),
    ),
  };
}

function offsiteCopy(copy: CopyPath, pattern: readonly number[]): PromisedCopy {
  const { place, retention, lock = null, legalHold } = copy;
  const [carriedEveryMinutes] = gapBetween([copy]);
  return {
    ...{ location: "offsite", place, keeps: retention ? keepingOf(retention, pattern) : null, lock, legalHold },
    ...(carriedEveryMinutes === undefined ? {} : { carriedEveryMinutes: Math.ceil(carriedEveryMinutes) }),
  };
}

/** A bucket that others made promises nothing here. */
const bucketsOf = ({ offsite }: Estate): Record<string, PromisedBucket> =>
  Object.fromEntries(
    offsite.flatMap(({ bucket, make }) => {
      if (!make) return [];
      const { credentials: _credentials, adopt: _adopt, waived, ...posture } = make;
      return [[bucket.bucket, { ...posture, waived: waived.map(({ property }) => property) }]];
    }),
  );
