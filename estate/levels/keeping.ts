import type { CopyPath } from "../documents";
import { durationText } from "../schedules";
import { DAY } from "./pattern";
import type { Protectors } from "./protectors";
import { carriedBy, copyNames, keepTime, type Series } from "./series";
import { best, compared, met, missed, unknown, type Answer } from "./verdict";

/** How far back one can go, on targets and offsite; and whether locks and lifecycles agree with it. */

const limitOf = (amount: number) => ({ amount, name: "promised", must: "reach", unit: "minutes" }) as const;

function ofOthers({ others, nothing }: Protectors, answers: readonly Answer[]): Answer {
  const open = others.map(({ name, owner }) => unknown(`how long ${owner} keeps backups`, name));
  return best([...answers, ...open]) ?? missed(nothing);
}

export function keptOnTargets(protectors: Protectors, lines: readonly Series[], limit: number, from: string): Answer {
  return ofOthers(
    protectors,
    lines.map((line) => onTarget(line, limit, from)),
  );
}

function onTarget({ name, jobs }: Series, limit: number, from: string): Answer {
  const policies = jobs.map(({ retention }) => retention);
  const { minutes, rule } = keepTime(jobs, policies, from);
  return compared(name, [{ label: `by ${rule}`, amount: minutes }], limitOf(limit));
}

export function keptOffsite(protectors: Protectors, lines: readonly Series[], limit: number, from: string): Answer {
  const answers = lines.flatMap((line) => [
    ...(line.jobs.every(({ target }) => target.location === "remote") ? [onTarget(line, limit, from)] : []),
    ...copyNames(line)
      .filter((copy) => carriedBy(line, copy).some(({ job }) => protectors.full.includes(job)))
      .map((copy) => inCopy(line, copy, limit, from)),
  ]);
  if (lines.length > 0 && answers.length === 0) answers.push(missed("no copy of it leaves the site"));
  return ofOthers(protectors, answers);
}

function inCopy(line: Series, name: string, limit: number, from: string): Answer {
  const carried = carriedBy(line, name);
  const policies = carried.flatMap(({ copy }) => copy.retention ?? []);
  const lifecycles = carried.flatMap(({ copy }) => copy.lifecycleDays ?? []);
  const by = `${line.name}, copy ${name}`;
  const times = lifecycles.map((days) => ({ minutes: days * DAY, rule: "the lifecycle of the store" }));
  const jobs = carried.map(({ job }) => job);
  if (policies.length > 0) times.push(keepTime(jobs, policies, from));
  const [first, ...rest] = times;
  if (!first) return met(by, "what is carried stays, because nothing is declared that removes it");
  const { minutes, rule } = rest.reduce((shortest, time) => (time.minutes < shortest.minutes ? time : shortest), first);
  return compared(by, [{ label: `by ${rule}`, amount: minutes }], limitOf(limit));
}

/** A lock that ends before the promise leaves it to whoever has the keys; one that outlasts the maximum age breaks it. */
export function lockOf(line: Series, name: string, promised: number): Answer | undefined {
  const copies = carriedBy(line, name).map(({ copy }) => copy);
  const locked = copies.filter(({ lock, legalHold }) => lock !== undefined || legalHold);
  if (locked.length === 0) return undefined;
  const by = `${line.name}, copy ${name}`;
  if (locked.length < copies.length)
    return missed("some sets of the series are not locked, and the others need them", by);
  const outlasting = copies.find((copy) => lockMinutes(copy) > oldest(copy));
  if (outlasting) {
    const held = outlasting.legalHold ? "legal hold without end" : `${durationText(lockMinutes(outlasting))} by lock`;
    return missed(`${held} > maximum age ${durationText(oldest(outlasting))}: what must go cannot`, by);
  }
  const shortest = Math.min(...copies.map(lockMinutes));
  if (shortest === Infinity) return met(by, "legal hold: nothing goes until somebody lifts it");
  return compared(by, [{ label: "by lock", amount: shortest }], limitOf(promised));
}

const lockMinutes = ({ lock, legalHold }: CopyPath): number => (legalHold ? Infinity : (lock?.days ?? 0) * DAY);
const oldest = ({ retention }: CopyPath): number => (retention?.maximumAgeDays ?? Infinity) * DAY;

/** A lifecycle knows nothing of sets: what it removes earlier than retention takes kept sets apart. */
export function lifecycleOf(line: Series, name: string, promised: number, from: string): Answer | undefined {
  const carried = carriedBy(line, name);
  const days = carried.flatMap(({ copy }) => copy.lifecycleDays ?? []);
  if (days.length === 0) return undefined;
  const policies = carried.flatMap(({ copy }) => copy.retention ?? []);
  const jobs = carried.map(({ job }) => job);
  const kept = policies.length > 0 ? keepTime(jobs, policies, from) : { minutes: 0, rule: "" };
  const isRetention = kept.minutes > promised;
  return compared(
    `${line.name}, copy ${name}`,
    [{ label: "by the lifecycle of the store", amount: Math.min(...days) * DAY }],
    {
      ...limitOf(isRetention ? kept.minutes : promised),
      name: isRetention ? `kept by ${kept.rule}` : "promised",
    },
  );
}
