import { protectionIndex, type ProtectionIndex } from "../coverage";
import type { Drilled, Protection, ServiceLevel, Topology, Verdict, Check } from "../documents";
import type { Obligation } from "../obligations";
import { poolLosses, type PoolLosses } from "./backup-service";
import { costOffsite, costOnTargets } from "./cost";
import { keptOffsite, keptOnTargets, lifecycleOf, lockOf } from "./keeping";
import { poolLossPoint } from "./pool-loss";
import { placesOf, type Places } from "./places";
import { completenessOf, continuityOf, drillOf, portabilityOf, protectedCopy } from "./priorities";
import { promisesBy, speaksOf, type Promises } from "./promises";
import { isLog, protectorsOf, type Protectors } from "./protectors";
import { offsiteRecoveryPoint, recoveryPoint } from "./recovery-point";
import { lastRehearsals, recoveryTime, type Rehearsal, type RestorePath } from "./recovery-time";
import { copyNames, seriesIndex, type Series } from "./series";
import { asked, missed, unknown, type Answer } from "./verdict";

/** Every promise of the service levels, held against what protects. */

export interface Promised {
  topology: Topology;
  obligations: readonly Obligation[];
  protections: readonly Protection[];
  levels: readonly ServiceLevel[];
  /** As the runbooks estimate them. */
  restores?: readonly RestorePath[];
  drills?: readonly Drilled[];
  /** The clock of the estate. */
  now: string;
}

export interface LevelReport {
  verdicts: Verdict[];
  /** Levels that speak of no obligation: misspelt, or of what is gone. */
  idle: string[];
  /** Obligations of which no level speaks; logs apart. */
  unpromised: string[];
}

/** What all obligations share. */
interface Estate extends Promised {
  protecting: ProtectionIndex;
  places: Places;
  losses: PoolLosses;
  lines: ReadonlyMap<string, Series>;
  /** By the key of an obligation. */
  paths: ReadonlyMap<string, RestorePath[]>;
  /** By series. */
  drilled: ReadonlyMap<string, Rehearsal[]>;
}

export function judgeLevels(promised: Promised): LevelReport {
  const estate = estateOf(promised);
  const { obligations, levels } = promised;
  const verdicts: Verdict[] = [];
  const unpromised: string[] = [];
  // Most obligations are spoken of by the same levels.
  const known = new Map<string, Promises | undefined>();
  const spoken = new Map<ServiceLevel, Obligation[]>(levels.map((level) => [level, []]));
  for (const obligation of obligations) {
    const speaking = levels.filter((level) => speaksOf(level, obligation));
    for (const level of speaking) spoken.get(level)?.push(obligation);
    const same = speaking.map((level) => levels.indexOf(level)).join();
    const promises = known.has(same) ? known.get(same) : promisesBy(speaking);
    known.set(same, promises);
    if (promises) verdicts.push(...judge(obligation, promises, estate));
    else if (!isLog(obligation.datum)) unpromised.push(obligation.key);
  }
  for (const [level, about] of spoken) verdicts.push(...budgets(level, about, estate));
  return {
    verdicts,
    idle: levels.filter((level) => spoken.get(level)?.length === 0).map(({ name }) => name),
    unpromised,
  };
}

function estateOf(promised: Promised): Estate {
  const { topology, protections, restores = [], drills = [], now } = promised;
  const paths = new Map<string, RestorePath[]>();
  for (const path of restores) for (const key of path.restores) addTo(paths, key, path);
  const bySeries = new Map<string, Drilled[]>();
  for (const drill of drills) addTo(bySeries, drill.series, drill);
  return {
    ...promised,
    protecting: protectionIndex(protections),
    places: placesOf(topology),
    losses: poolLosses(topology),
    lines: seriesIndex(protections),
    paths,
    drilled: new Map([...bySeries].map(([series, list]) => [series, lastRehearsals(list, now)])),
  };
}

function addTo<T>(lists: Map<string, T[]>, key: string, one: T): void {
  const list = lists.get(key);
  if (list) list.push(one);
  else lists.set(key, [one]);
}

function judge(obligation: Obligation, promises: Promises, estate: Estate): Verdict[] {
  const { now } = estate;
  const protectors = protectorsOf(obligation, estate.protecting, estate.places, now);
  const lines = linesOf(protectors, estate);
  const rehearsals = lines.flatMap(({ name }) => estate.drilled.get(name) ?? []);
  const verdicts: Verdict[] = [];
  // Most estates ask for little of this: nothing is worked out before a level asks for it.
  const say = (check: Check, level: string | undefined, answerOf: () => Answer | undefined): void => {
    if (level === undefined) return;
    const answer = answerOf();
    if (answer) verdicts.push(asked({ check, level, about: obligation.key }, answer));
  };

  const { rpoMinutes: rpo, poolLossMinutes: poolLoss, rtoMinutes: rto, keepMinutes: keep, priorities } = promises;
  const given = { from: now, missedStarts: promises.missedStarts?.value, downMinutes: promises.downMinutes?.value };
  if (rpo) {
    say("rpo", rpo.level, () => recoveryPoint(protectors, rpo.value, given));
    say("rpo-offsite", rpo.level, () => offsiteRecoveryPoint(protectors, rpo.value, given));
  }
  const loss = poolLoss && estate.losses(obligation);
  if (loss) say("rpo-pool-loss", poolLoss.level, () => poolLossPoint(loss, protectors, poolLoss.value, given));
  if (rto) say("rto", rto.level, () => restoreTime(obligation, protectors, rehearsals, rto.value, estate));
  if (keep) {
    say("keep", keep.level, () => keptOnTargets(protectors, lines, keep.value, now));
    say("keep-offsite", keep.level, () => keptOffsite(protectors, lines, keep.value, now));
    for (const line of lines) {
      for (const copy of copyNames(line)) {
        say("lock", keep.level, () => lockOf(line, copy, keep.value));
        say("lifecycle", keep.level, () => lifecycleOf(line, copy, keep.value, now));
      }
    }
  }
  say("continuity", priorities.get("continuity"), () => continuityOf(obligation, estate.places));
  say("completeness", priorities.get("completeness"), () => completenessOf(obligation, protectors, estate.places));
  say("criticality-copy", priorities.get("criticality"), () => protectedCopy(protectors));
  say("criticality-drill", priorities.get("criticality"), () => drillOf(rehearsals, protectors));
  say("portability", priorities.get("portability"), () => portabilityOf(obligation, protectors));
  return verdicts;
}

function restoreTime(
  { key }: Obligation,
  { full, externals, stale, nothing }: Protectors,
  rehearsals: readonly Rehearsal[],
  limit: number,
  { paths }: Estate,
): Answer {
  if (full.length > 0 || externals.length > 0) return recoveryTime(paths.get(key) ?? [], rehearsals, limit);
  const [doubted] = stale;
  return doubted ? unknown(`whether it still works: ${doubted.says}`, doubted.external.name) : missed(nothing);
}

/** The lines of sets that an obligation is restored from. */
const linesOf = ({ full }: Protectors, { lines }: Estate): Series[] => [
  ...new Set(full.flatMap(({ series }) => lines.get(series) ?? [])),
];

/** A budget is for all that a level speaks of. Without one, cost as a priority has no meaning that could be checked. */
function budgets(level: ServiceLevel, obligations: readonly Obligation[], estate: Estate): Verdict[] {
  const { budgetGigabytes, growthPercent, priorities, name } = level;
  if (obligations.length === 0 || (budgetGigabytes === undefined && !priorities.includes("cost"))) return [];
  const about = `all that ${name} speaks of`;
  if (budgetGigabytes === undefined) {
    return [asked({ check: "cost", level: name, about }, unknown("the budget, budgetGigabytes of the level"))];
  }
  const lines = new Set(
    obligations.flatMap((obligation) =>
      linesOf(protectorsOf(obligation, estate.protecting, estate.places, estate.now), estate),
    ),
  );
  const budget = { bytes: budgetGigabytes * 1e9, growthPercent };
  return [
    asked({ check: "cost", level: name, about }, costOnTargets([...lines], budget)),
    ...costOffsite([...lines], budget).map((answer) => asked({ check: "cost-offsite", level: name, about }, answer)),
  ];
}
