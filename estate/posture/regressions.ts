import {
  Datum,
  type Posture,
  type PromisedBucket,
  type PromisedCopy,
  type PromisedObligation,
  type PromisedWaiver,
} from "../documents";
import { durationText } from "../schedules";
import { looserProperties } from "./buckets";
import { shortened } from "./keeping";

/**
 * What one posture promises less than another. Each comparison is an order, and what is gone is named: so no sequence of
 * changes that pass in silence adds up to one that would not.
 */

export interface Regression {
  /** What `acknowledge` names: the promise, as it was and as it would be. */
  id: string;
  says: string;
}

export function regressions(before: Posture, after: Posture): Regression[] {
  const found = [
    ...(before.protect && !after.protect
      ? [regression("protect", "targets", "yes", "no", "the engine no longer refuses to destroy what keeps sets")]
      : []),
    ...pairs(before.obligations, after.obligations).flatMap(([key, was, is]) =>
      is ? ofObligation(key, was, is) : leaving(key),
    ),
    ...pairs(before.jobs, after.jobs).flatMap(([name, was, is]) =>
      is ? ofCopies(name, was.copies, is.copies) : ofLostJob(name, after),
    ),
    ...pairs(before.externals, after.externals).flatMap(([name, was, is]) => ofExternal(name, was, is)),
    // Of waivers, what is new is the weaker.
    ...pairs(after.waivers, before.waivers).flatMap(([name, is, was]) => ofWaiver(name, was, is)),
    ...pairs(before.buckets, after.buckets).flatMap(([name, was, is]) => ofBucket(name, was, is)),
  ];
  return found.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

const regression = (kind: string, subject: string, was: string, is: string, says: string): Regression => ({
  id: `${kind}:${subject}: ${was} -> ${is}`,
  says,
});

/** Everything in the first, with what bears the same name in the second. */
const pairs = <T>(one: Readonly<Record<string, T>>, other: Readonly<Record<string, T>>): [string, T, T | undefined][] =>
  Object.entries(one).map(([name, value]) => [name, value, Object.hasOwn(other, name) ? other[name] : undefined]);

const leaving = (key: string): Regression[] => [
  regression("topology", key, "there", "gone", `${key} is in the topology no more, and nothing need protect it`),
];

const STRENGTH = { job: 3, external: 2, waiver: 1, nothing: 0 };
const BY = { job: "a job", external: "another tool", waiver: "a waiver only", nothing: "nothing" };

const LEVELS = [
  ["rpoMinutes", "promised-rpo", "the RPO that a service level promises for", "less"],
  [
    "poolLossMinutes",
    "promised-pool-loss-rpo",
    "the RPO that a service level promises where a pool is lost, for",
    "less",
  ],
  ["rtoMinutes", "promised-rto", "the RTO that a service level promises for", "less"],
  ["keepMinutes", "promised-retention", "how far back a service level promises one can go with", "more"],
] as const;

function ofObligation(key: string, was: PromisedObligation, is: PromisedObligation): Regression[] {
  const found: Regression[] = [];
  if (STRENGTH[is.by] < STRENGTH[was.by]) {
    found.push(
      regression("protection", key, was.by, is.by, `${key} was protected by ${BY[was.by]}, and is by ${BY[is.by]}`),
    );
  }
  // What nothing protects has no RPO, and that is said already.
  if (STRENGTH[is.by] > STRENGTH.waiver && isWeaker(was.rpoMinutes, is.rpoMinutes, "less")) {
    const [before, now] = [textOf(was.rpoMinutes), textOf(is.rpoMinutes)];
    found.push(regression("rpo", key, before, now, `the RPO of ${key} gets longer: ${before} before, ${now} now`));
  }
  for (const [field, kind, what, better] of LEVELS) {
    if (!isWeaker(was.levels[field], is.levels[field], better)) continue;
    const [before, now] = [textOf(was.levels[field]), textOf(is.levels[field])];
    found.push(regression(kind, key, before, now, `${what} ${key} gets weaker: ${before} before, ${now} now`));
  }
  return found;
}

/** Without an amount nothing is promised. */
function isWeaker(was: number | undefined, is: number | undefined, better: "less" | "more"): boolean {
  if (was === undefined) return false;
  return is === undefined || (better === "less" ? is > was : is < was);
}
const textOf = (minutes: number | undefined): string => (minutes === undefined ? "none" : durationText(minutes));

function ofLostJob(name: string, after: Posture): Regression[] {
  return after.disabled.includes(name)
    ? [regression("job", name, "enabled", "disabled", `the job ${name} is disabled`)]
    : [regression("job", name, "enabled", "gone", `the job ${name} is gone, and nothing adds to its sets`)];
}

const FAR = { local: 0, remote: 1, offsite: 2 };

function ofCopies(
  job: string,
  was: Readonly<Record<string, PromisedCopy>>,
  is: Readonly<Record<string, PromisedCopy>>,
): Regression[] {
  return pairs(was, is).flatMap(([name, before, now]) => {
    const subject = `${job}/${name}`;
    const where = `the sets of ${job} in ${name}`;
    if (!now) return [regression("copy", subject, "kept", "dropped", `no new sets of ${job} are kept in ${name}`)];
    const found: Regression[] = [];
    if (FAR[now.location] < FAR[before.location]) {
      found.push(
        regression("location", subject, before.location, now.location, `${where} get nearer to what may be lost`),
      );
    }
    const kept = shortened(before.keeps, now.keeps);
    if (kept) found.push(regression("retention", subject, kept.was, kept.is, `${where} are kept for a shorter time`));
    if (isLooser(before.lock, now.lock)) {
      found.push(
        regression("lock", subject, lockText(before.lock), lockText(now.lock), `the lock on ${where} is loosened`),
      );
    }
    if (before.legalHold && !now.legalHold) {
      found.push(regression("legal-hold", subject, "held", "released", `the legal hold on ${where} is lifted`));
    }
    if (before.place !== undefined && now.place !== before.place) {
      const elsewhere = `new sets of ${job} in ${name} go elsewhere, and those that are carried already are left alone`;
      found.push(regression("place", subject, before.place, now.place ?? "none", elsewhere));
    }
    if (isWeaker(before.carriedEveryMinutes, now.carriedEveryMinutes, "less")) {
      const [often, seldom] = [textOf(before.carriedEveryMinutes), textOf(now.carriedEveryMinutes)];
      found.push(regression("carried", subject, often, seldom, `${where} arrive later: the courier comes less often`));
    }
    return found;
  });
}

type Lock = PromisedCopy["lock"];
const MODES = { governance: 1, compliance: 2 };

function isLooser(was: Lock, is: Lock): boolean {
  if (!was) return false;
  return !is || MODES[is.mode] < MODES[was.mode] || is.days < was.days;
}
const lockText = (lock: Lock): string => (lock ? `${lock.mode} ${String(lock.days)} d` : "none");

type External = Posture["externals"][string];

function ofExternal(name: string, was: External, is: External | undefined): Regression[] {
  if (!is) return [regression("external", name, "there", "gone", `${name}, another tool's protection, is gone`)];
  const [before, now] = [was.restoreTestGoodForDays, is.restoreTestGoodForDays];
  if (now <= before) return [];
  return [
    regression(
      "restore-test",
      name,
      `${String(before)} d`,
      `${String(now)} d`,
      `a restore test of ${name} counts for longer`,
    ),
  ];
}

function ofWaiver(name: string, was: PromisedWaiver | undefined, is: PromisedWaiver): Regression[] {
  if (!was) return [regression("waiver", name, "none", waiverText(is), `the waiver ${name} is new`)];
  const isWider =
    is.data.some((datum) => !was.data.includes(datum)) ||
    (was.scopes !== "all" && (is.scopes === "all" || is.scopes.some((scope) => !was.scopes.includes(scope))));
  if (!isWider && is.until <= was.until) return [];
  const how = isWider ? "concerns more" : "is extended";
  return [regression("waiver", name, waiverText(was), waiverText(is), `the waiver ${name} ${how}`)];
}

const waiverText = ({ data, scopes, until }: PromisedWaiver): string =>
  `${dataText(data)} in ${scopes === "all" ? "all scopes" : scopes.join(" and ")} until ${until}`;

/** What is left out, where that is the shorter list. */
function dataText(data: PromisedWaiver["data"]): string {
  const others = Datum.options.filter((datum) => !data.includes(datum));
  if (others.length === 0) return "all data";
  return others.length < data.length ? `all data but ${others.join(" and ")}` : data.join(" and ");
}

function ofBucket(name: string, was: PromisedBucket, is: PromisedBucket | undefined): Regression[] {
  if (!is) return [regression("bucket", name, "there", "gone", `the bucket ${name} is declared no more`)];
  return looserProperties(was, is).map(({ property, was: before, is: now, says }) => {
    const kind = property.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    return regression(`bucket-${kind}`, name, before, now, `the bucket ${name} protects less: ${says}`);
  });
}

/** Whether one of these names it; what stands behind a `#` is a remark. */
export const acknowledged = (id: string, acknowledge: readonly string[]): boolean =>
  acknowledge.some((one) => one.split("#")[0]?.trim() === id);
