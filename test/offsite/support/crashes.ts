import assert from "node:assert/strict";
import { Retention } from "../../../estate/documents";
import type { OffsiteError } from "../../../offsite/error";
import { prune } from "../../../offsite/prune/prune";
import type { Store } from "../../../offsite/store/store";
import { verdictsOf } from "../../../offsite/verify/report";
import { verify } from "../../../offsite/verify/verify";
import { carryAll, gather, keysIn, withStore } from "./courier";
import { SetMaker } from "./sets";
import type { BucketKind, S3Server } from "./store";
import { Ahead } from "./world";

const KEEP = Retention.parse({ last: 1 });
const NOW = (): Date => new Date("2026-06-01T00:00:00.000Z");

/** How a process ends at a request: it never left, or it arrived and nobody was there any more to see the answer. */
export type Crash = { at: number; when: "before" | "after" };

/**
 * Ends a prune at one of its requests. What counts must then verify in full; and whoever prunes next ends where a prune
 * ends that nobody has disturbed. Answers with how many requests there were.
 */
export async function crashOf(server: S3Server, kind: BucketKind, crash: Crash | undefined): Promise<number> {
  const maker = SetMaker.temporary("crashes");
  const bucket = await server.bucket(kind);
  for (const change of [{ add: 4 }, { add: 1 }, { full: true, add: 1 }]) maker.fileStore("files", change);
  await carryAll(server, bucket, maker);
  const newest = maker.all.at(-1)?.set ?? "";
  maker.remove();
  const world = new Ahead();
  world.hours(72);
  const pruning = (store: Store): Promise<unknown> =>
    prune(store, [{ series: "all", keep: KEEP }], { world, now: NOW, wait: true, transfers: 1 });

  let requests = 0;
  await withStore(server, bucket, async (store) => {
    store.sender.client.middlewareStack.add(
      (next) => async (args) => {
        const dies = requests++ === crash?.at;
        const death = Object.assign(new Error("killed"), { name: "AbortError" });
        if (dies && crash?.when === "before") throw death;
        const answer = next(args);
        if (!dies) return answer;
        await answer.catch(() => undefined);
        throw death;
      },
      { step: "initialize", name: "crash" },
    );
    if (crash === undefined) await pruning(store);
    else await assert.rejects(pruning(store), (error: OffsiteError) => error.code === "cancelled");
  });

  await withStore(server, bucket, async (store) => {
    const about = crash ? `${crash.when} request ${String(crash.at)}` : "undisturbed";
    const whole = async (): Promise<string[]> => {
      const sets = verdictsOf(await verify(store, { level: "full", record: false }));
      assert.deepEqual(
        sets.flatMap(({ findings }) => findings),
        [],
        about,
      );
      return sets.map(({ set }) => set);
    };
    assert.ok((await whole()).includes(newest), about);
    await pruning(store);
    await pruning(store);
    assert.deepEqual(await whole(), [newest], about);
    const versions = (await gather(store.versions(""))).filter(({ marker }) => marker);
    assert.deepEqual(versions, [], about);
  });
  const left = (await keysIn(server, bucket)).map((key) => key.replace(/\.\d+\.json$/, ""));
  assert.equal(left.filter((key) => key.includes("/marks/")).length, 0, "marks of what is gone");
  assert.equal(left.filter((key) => key.includes("/sets/")).length, 2);
  return requests;
}
