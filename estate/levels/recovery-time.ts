import type { Drilled } from "../documents";
import { criticalPath, type RestoreStep } from "./recovery-path";
import { compared, missed, unknown, type Answer } from "./verdict";

/** How long a restore takes: as it was last measured, or else as its runbook estimates. */

/** What a scenario does, as far as time goes, and which obligations it brings back. */
export interface RestorePath {
  scenario: string;
  /** Keys of obligations. */
  restores: readonly string[];
  steps: readonly RestoreStep[];
}

/** A drill, and whether it still says anything. */
export interface Rehearsal {
  drill: Drilled;
  fresh: boolean;
  says: string;
}

const DAY = 86_400_000;

/** The last one of each scenario. One from the future is none: some clock was wrong. */
export function lastRehearsals(drills: readonly Drilled[], now: string): Rehearsal[] {
  const last = new Map<string, Drilled>();
  for (const drill of drills) {
    const known = last.get(drill.scenario);
    if (drill.at <= now && (!known || drill.at > known.at)) last.set(drill.scenario, drill);
  }
  return [...last.values()].map((drill) => {
    const goodUntil = new Date(Date.parse(drill.at) + drill.goodForDays * DAY).toISOString();
    const fresh = now <= goodUntil;
    const day = drill.at.slice(0, 10);
    return {
      drill,
      fresh,
      says: `the drill of ${day} (${drill.scenario}) ${fresh ? drill.verdict : `went stale on ${goodUntil.slice(0, 10)}`}`,
    };
  });
}

/** Every scenario must keep the promise, so the slowest one decides. */
export function recoveryTime(paths: readonly RestorePath[], rehearsals: readonly Rehearsal[], limit: number): Answer {
  const fresh = rehearsals.filter((one) => one.fresh);
  const failed = fresh.find(({ drill }) => drill.verdict === "failed");
  if (failed) return missed(`${failed.says}: the restore does not work`, failed.drill.scenario);
  const measured = fresh.map(({ drill, says }) =>
    compared(drill.scenario, [{ label: `measured, ${says}`, amount: drill.minutes }], limitOf(limit)),
  );
  const known = new Set(fresh.map(({ drill }) => drill.scenario));
  const estimated = paths
    .filter(({ scenario }) => !known.has(scenario))
    .map((path) => withStale(estimate(path, limit), path.scenario, rehearsals));
  const slowest = [...measured, ...estimated].reduce<Answer | undefined>(
    (worst, one) => (worst && (worst.sum?.total ?? 0) >= (one.sum?.total ?? 0) ? worst : one),
    undefined,
  );
  if (slowest) return slowest;
  const stale = rehearsals[0];
  return unknown(`how long its runbook takes, and ${stale ? stale.says : "no drill has measured it"}`);
}

const limitOf = (amount: number) => ({ amount, name: "RTO", must: "not exceed", unit: "minutes" }) as const;

function estimate({ scenario, steps }: RestorePath, limit: number): Answer {
  const path = criticalPath(steps);
  const terms = path.steps.map(({ id, title, minutes }) => ({ label: title ?? id, amount: minutes }));
  return compared(scenario, terms, limitOf(limit));
}

function withStale(answer: Answer, scenario: string, rehearsals: readonly Rehearsal[]): Answer {
  const stale = rehearsals.find(({ drill, fresh }) => !fresh && drill.scenario === scenario);
  return stale ? { ...answer, working: `${answer.working} (estimated: ${stale.says})` } : answer;
}
