import { bucketLayout, type CourierSource, type OffsitePoint, type ResultOf, type StepOf } from "../estate/documents";
import { OffsiteError } from "./error";
import { prune } from "./prune/prune";
import { removalsOf, summaryOf as pruned, type PruneReport } from "./prune/report";
import { push, summaryOf as pushed, type PushReport } from "./push/push";
import { newestGood } from "./recovery-point";
import { openStore } from "./store/open";
import type { Store } from "./store/store";
import { summaryOf as verified, verdictsOf, type SeriesVerdict, type VerifyReport } from "./verify/report";
import { verify } from "./verify/verify";

/** What a courier step declares, and where things are on the computer that performs it. */
export interface CourierWork {
  step: StepOf<"courier">;
  /** Where a target is, as a folder of this computer. */
  folderOf: (target: CourierSource["target"]) => string;
  /** Where the files with credentials lie. */
  credentialsFolder: string;
  now: () => Date;
  signal?: AbortSignal | undefined;
}

export interface CourierOutcome {
  message: string;
  data: ResultOf<"courier">;
  /** Sets that could not be carried, or are damaged: what else was to be done is done. */
  problems: string[];
}

/** Performs a courier step, wherever it is performed. */
export async function performCourier(work: CourierWork): Promise<CourierOutcome> {
  const { credentials, transfers, megabitsPerSecond, store: reference } = work.step;
  const store = await openStore(reference, {
    credentials,
    credentialsFolder: work.credentialsFolder,
    transfers,
    ...(megabitsPerSecond === undefined ? {} : { megabitsPerSecond }),
    ...(work.signal ? { signal: work.signal } : {}),
  });
  try {
    return await ACTIONS[work.step.action](store, work);
  } finally {
    store.close();
  }
}

type Action = (store: Store, work: CourierWork) => Promise<CourierOutcome>;

const ACTIONS: Record<StepOf<"courier">["action"], Action> = {
  async push(store, { step, folderOf, now }) {
    const sources = step.sources.map((source) => ({ ...source, target: folderOf(source.target) }));
    const report = await push(store, sources, { copy: step.copy, transfers: step.transfers, now });
    return { message: pushed(report), data: afterPush(report), problems: problemsOfPush(report) };
  },

  async verify(store, { step, now }) {
    // What has no set yet has nothing that could be damaged.
    const present = await store.names(bucketLayout.allSeries);
    const series = step.sources.some((source) => source.series === "all")
      ? present
      : step.sources.flatMap((source) => source.series).filter((name) => present.includes(name));
    const report = await verify(store, { level: step.level ?? "quick", transfers: step.transfers, now, series });
    return { message: verified(report), data: afterVerify(report), problems: problemsOfVerify(report) };
  },

  async prune(store, { step, folderOf, now }) {
    const sources = step.sources.map(({ series, keep, target }) => {
      if (keep) return { series, keep, target: folderOf(target) };
      throw new OffsiteError(
        "refused",
        `Nothing says which sets of ${target.name} are to be kept offsite.`,
        "Give each source of a prune its retention.",
      );
    });
    const report = await prune(store, sources, { transfers: step.transfers, now });
    return { message: pruned(report), data: afterPrune(report), problems: [] };
  },
};

const afterPush = ({ sets, objects, bytes }: PushReport): ResultOf<"courier"> => ({
  sets: sets.flatMap(({ outcome, set }) => (outcome === "refused" ? [] : [set])).sort(),
  objects,
  bytes,
  removed: [],
});

const problemsOfPush = ({ sets }: PushReport): string[] => sets.flatMap(({ problem }) => problem ?? []);

const afterVerify = (report: VerifyReport): ResultOf<"courier"> => ({
  sets: verdictsOf(report)
    .flatMap(({ findings, set }) => (findings.length === 0 ? [set] : []))
    .sort(),
  objects: report.series.reduce((sum, { objectsRead }) => sum + objectsRead, 0),
  bytes: report.series.reduce((sum, { bytesRead }) => sum + bytesRead, 0),
  removed: [],
  newest: report.series.flatMap((one) => pointOf(one, report.at)),
});

function pointOf({ series, sets }: SeriesVerdict, verifiedAt: string): OffsitePoint[] {
  const newest = newestGood(sets.map((one) => ({ ...one, good: one.findings.length === 0 })));
  return newest?.startedAt === undefined ? [] : [{ series, set: newest.set, startedAt: newest.startedAt, verifiedAt }];
}

const problemsOfVerify = (report: VerifyReport): string[] =>
  verdictsOf(report).flatMap(({ series, set, findings }) =>
    findings.map(({ path, message }) => `${series}/${set}: ${path}: ${message}`),
  );

function afterPrune(report: PruneReport): ResultOf<"courier"> {
  const removals = removalsOf(report, "removed");
  const gone = new Set(removals.map(({ key }) => key));
  const sets = report.series.flatMap(({ series, decisions }) =>
    decisions.map(({ set }) => ({ set, isGone: gone.has(bucketLayout.manifest(series, set)) })),
  );
  const those = (isGone: boolean): string[] => sets.flatMap((one) => (one.isGone === isGone ? [one.set] : [])).sort();
  return {
    sets: those(false),
    objects: removals.length,
    bytes: removals.reduce((sum, { bytes }) => sum + bytes, 0),
    removed: those(true),
  };
}
