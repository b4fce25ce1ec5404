import { randomBytes } from "node:crypto";
import { bucketLayout, Verified } from "../../estate/documents";
import { many, OffsiteError } from "../error";
import { inParallel, Slabs } from "../parallel";
import { SLAB, SLABS } from "../push/sizes";
import { TRANSFERS } from "../store/open";
import type { Store } from "../store/store";
import { MOST_FINDINGS } from "./contents";
import {
  isRecoverable,
  type Finding,
  type SeriesVerdict,
  type SetVerdict,
  type VerifyEvent,
  type VerifyLevel,
  type VerifyReport,
} from "./report";
import { sampleSize, type SamplePlan } from "./sample";
import { SeriesVerifier } from "./series";

export interface VerifyOptions {
  level: VerifyLevel;
  /** All that is in the bucket where nothing is said. */
  series?: readonly string[];
  /** Only these sets of the series, with those that they need. */
  sets?: readonly string[];
  sample?: Partial<SamplePlan>;
  transfers?: number;
  now?: () => Date;
  /** False: nothing is written to the bucket. */
  record?: boolean;
  onEvent?: (event: VerifyEvent) => void;
}

export const SAMPLE = { damage: 0.05, confidence: 0.95 } as const;

/** Looks at what is offsite, and leaves a report beside each set. What is wrong is in the answer, not an error. */
export async function verify(store: Store, options: VerifyOptions): Promise<VerifyReport> {
  const {
    level,
    transfers = TRANSFERS,
    now = () => new Date(),
    record = true,
    onEvent: tell = () => undefined,
  } = options;
  const sample: SamplePlan = { ...SAMPLE, seed: randomBytes(8).toString("hex"), ...options.sample };
  sampleSize(1, sample.damage, sample.confidence);
  const present = await store.names(bucketLayout.allSeries);
  const names = [...(options.series ?? present)].sort();
  for (const name of names) if (!present.includes(name)) throw noSeries(store, name);
  const slabs = new Slabs(SLAB, SLABS);
  const at = now().toISOString();
  const before = { requests: store.sender.requests, retries: store.sender.retries };
  const series: SeriesVerdict[] = [];
  // One after the other: each is read with all transfers that there are.
  for (const name of names) {
    const { sets } = options;
    const verdict = await new SeriesVerifier({
      store,
      series: name,
      level,
      sample,
      sets,
      slabs,
      transfers,
      tell,
    }).run();
    if (record) await inParallel(verdict.sets, transfers, (one) => write(store, one, verdict.sample, at));
    series.push(verdict);
  }
  const requests = store.sender.requests - before.requests;
  return { at, level, series, requests, retries: store.sender.retries - before.retries };
}

const noSeries = (store: Store, name: string): OffsiteError =>
  new OffsiteError("not-found", `${store.where} has no series ${name}.`, "See what it has with offsite list.");

async function write(store: Store, verdict: SetVerdict, sample: Verified["sample"], at: string): Promise<void> {
  const { series, set, level, artefacts, bytes, findings } = verdict;
  const report = Verified.make({
    ...{ series, set, where: "offsite", at, level, artefacts, bytes, failures: shortened(findings) },
    ...(sample ? { sample } : {}),
  });
  const body = Buffer.from(Verified.write(report));
  // Reports of one second have one name; nothing is overwritten, so the later one is of the next second.
  for (let time = Date.parse(at); ; time += 1000) {
    const key = bucketLayout.verified(series, set, new Date(time).toISOString());
    if ((await store.put(key, body, { contentType: "application/json" })) !== "exists") return;
  }
}

/** What is lost comes first, and is never left out for what is not. */
function shortened(findings: readonly Finding[]): Finding[] {
  const sorted = [...findings].sort((a, b) => Number(isRecoverable(a)) - Number(isRecoverable(b)));
  const [last, ...others] = sorted.slice(MOST_FINDINGS - 1);
  if (!last || others.length === 0) return sorted;
  const message = `${last.message}; and ${many(others.length, "more failure")} that this report leaves out`;
  return [...sorted.slice(0, MOST_FINDINGS - 1), { ...last, message }];
}
