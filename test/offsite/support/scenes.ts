import assert from "node:assert/strict";
import { Retention, type StoreReference } from "../../../estate/documents";
import { OffsiteError } from "../../../offsite/error";
import { prune } from "../../../offsite/prune/prune";
import { push } from "../../../offsite/push/push";
import type { Store } from "../../../offsite/store/store";
import { verdictsOf, type VerifyReport } from "../../../offsite/verify/report";
import { verify } from "../../../offsite/verify/verify";
import { carryAll, COPY, fetchedAndSame, withStore } from "./courier";
import { Gate, type Actor } from "./gate";
import { Random } from "./random";
import { SetMaker, type MadeSet } from "./sets";
import type { BucketKind, S3Server } from "./store";

const KEEP = Retention.parse({ last: 1 });
const NOW = (): Date => new Date("2026-06-01T00:00:00.000Z");

/**
 * Two couriers with the same sets, a prune that wants to be rid of most of what they share, and a verification, all at
 * once, some of them killed on the way. Whatever counts afterwards must be whole, and whatever should be there is, once
 * nobody disturbs any more.
 */
export async function playScene(server: S3Server, kind: BucketKind, seed: string): Promise<{ killed: number }> {
  const random = new Random(seed);
  const maker = SetMaker.temporary(seed);
  const bucket = await server.bucket(kind);
  const gate = new Gate(random, random.pick([0, 0, 0.01, 0.03]));
  const actors: Actor[] = [];
  const stores: Store[] = [];
  const act = async <T>(name: string, work: (store: Store) => Promise<T>): Promise<T | undefined> => {
    const store = await server.open(bucket);
    const actor = { name, killed: false };
    gate.guard(store, actor);
    actors.push(actor);
    stores.push(store);
    try {
      return await work(store);
    } catch (error) {
      if (error instanceof OffsiteError && error.code === "cancelled" && actor.killed) return undefined;
      throw error;
    }
  };
  try {
    for (const change of [{ add: 6 }, { add: 2, change: 1 }]) maker.fileStore("files", change);
    const gone = maker.sql("turns", [2_000_000, 3000, 4000]);
    maker.sql("turns", [5000, 6000]);
    await carryAll(server, bucket, maker);
    // All that is there is old enough to go, also what the couriers bring now.
    gate.hours(72);
    const pruning = (store: Store, wait = true): Promise<unknown> =>
      prune(store, [{ series: "all", keep: KEEP }], { world: gate, now: NOW, wait });
    if (random.number() < 0.5) await withStore(server, bucket, (store) => pruning(store, false));
    gate.hours(random.number());
    maker.fileStore("files", { full: true, add: random.below(3), remove: random.below(3) });
    maker.fileStore("files", { add: 1 });
    // What was not wanted any more is wanted again.
    maker.again(gone);

    const source = { target: maker.target, series: "all", legalHold: false } as const;
    const pushing = (store: Store): Promise<unknown> => push(store, [source], { copy: COPY, othersMs: 10 });
    let seen: VerifyReport | undefined;
    const verifying = async (store: Store): Promise<void> => {
      seen = await verify(store, { level: "full", record: false });
    };
    const results = await gate.run([
      act("courier 1", pushing),
      act("courier 2", pushing),
      act("prune", (store) => pruning(store)),
      act("verification", verifying),
      ...(random.number() < 0.3 ? [act("another prune", (store) => pruning(store))] : []),
    ]);
    for (const result of results) if (result.status === "rejected") throw result.reason;
    if (seen) assert.deepEqual(whatIsWrong(seen), [], "a verification saw damage where there was none");
  } finally {
    gate.close();
    for (const store of stores) store.close();
  }

  const look = (): Promise<VerifyReport> =>
    withStore(server, bucket, (store) => verify(store, { level: "full", record: false }));
  assert.deepEqual(whatIsWrong(await look()), [], "a set counts that is not whole");
  await converge(server, bucket, maker);
  assert.deepEqual(whatIsWrong(await look()), []);
  maker.remove();
  return { killed: actors.filter(({ killed }) => killed).length };
}

/** Undisturbed, the next push brings what is missing, and nothing that should be there is lost. */
async function converge(server: S3Server, bucket: StoreReference, maker: SetMaker): Promise<void> {
  await withStore(server, bucket, async (store) => {
    const report = await push(store, [{ target: maker.target, series: "all", legalHold: false, keep: KEEP }], {
      copy: COPY,
      now: NOW,
      othersMs: 10,
    });
    // A set that needs one which a prune is about to remove is not wanted itself.
    const problems = report.sets.flatMap(({ problem }) => problem ?? []);
    assert.ok(
      problems.every((problem) => problem.includes("about to be pruned")),
      problems.join("\n"),
    );
  });
  for (const made of newestOf(maker)) await fetchedAndSame(server, bucket, made);
}

const newestOf = ({ all }: SetMaker): MadeSet[] => [...new Map(all.map((made) => [made.series, made])).values()];

const whatIsWrong = (report: VerifyReport): string[] =>
  verdictsOf(report).flatMap(({ series, set, findings }) =>
    findings.map(({ path, message, object }) => `${series}/${set} ${path} ${message} ${object ?? ""}`),
  );
