import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { after, before, describe, it } from "mocha";
import { Retention, type StoreReference } from "../../estate/documents";
import { OffsiteError } from "../../offsite/error";
import { prune } from "../../offsite/prune/prune";
import { removalsOf } from "../../offsite/prune/report";
import { verdictsOf } from "../../offsite/verify/report";
import { verify } from "../../offsite/verify/verify";
import { carryAll, fetchedAndSame, gather, withStore } from "./support/courier";
import { startCourier } from "./support/processes";
import { Random } from "./support/random";
import { SetMaker, type MadeSet } from "./support/sets";
import { S3Server, serverIsHere } from "./support/store";

const COPIES = ["north", "south", "east", "west"];
const KEEP = Retention.parse({ last: 1 });
const NOW = (): Date => new Date("2026-06-01T00:00:00.000Z");

/**
 * Four couriers, each a process, and a prune in the time of this world: what it has marked long ago it deletes while
 * they carry sets that would share it. Two of the couriers are killed on the way, and the prune is ended and run again.
 */
export function describeCompany(rounds: number): void {
  const seed = process.env["COMPANY_SEED"] ?? randomBytes(4).toString("hex");
  describe(`Four couriers and a prune at once on one bucket (COMPANY_SEED=${seed} repeats the draws)`, function () {
    this.timeout(60_000 + rounds * 60_000);
    let server: S3Server | undefined;
    before(async function () {
      if (!serverIsHere) this.skip();
      server = await S3Server.start();
    });
    after(() => server?.stop());

    it("lose nothing, leave whole sets, and do not send everything four times", async () => {
      assert.ok(server);
      for (let round = 0; round < rounds; round++) {
        const maker = SetMaker.temporary(`${seed} ${String(round)}`);
        try {
          await meet(server, maker, new Random(`${seed} ${String(round)}`));
        } finally {
          maker.remove();
        }
      }
    });
  });
}

async function meet(server: S3Server, maker: SetMaker, random: Random): Promise<void> {
  const bucket = await server.bucket("versioned");
  const source = { keep: KEEP };
  maker.fileStore("files", { add: 120 });
  maker.fileStore("files", { full: true, add: 20, remove: 60 });
  const gone = maker.sql("archiving", [(9 << 20) + random.below(9), 3 << 20, 70_000, 5000]);
  maker.sql("archiving", [1 << 20, 6000]);
  for (const copy of COPIES) await carryAll(server, bucket, maker, source, { copy, now: NOW });
  server.age(bucket, 3);
  const marked = await pruned(server, bucket);
  assert.ok(removalsOf(marked, "marked").length > 3);
  server.age(bucket, 1);

  // What goes is wanted again, all of it and in part, while it goes; and there is much that is new.
  maker.again(gone);
  maker.fileStore("files", { full: true, add: 200 });
  for (let turn = 0; turn < 2; turn++) maker.exports();
  const ends = await Promise.all([
    ...COPIES.map(
      (copy, index) =>
        startCourier(server, bucket, maker, {
          ...{ copy, source, othersMs: 300, now: NOW().toISOString() },
          ...(index < 2 ? { killAfterMs: random.below(1500) } : {}),
        }).ended,
    ),
    endedPrune(server, bucket, random.below(300)),
  ]);
  for (const report of ends.slice(2, 4)) {
    assert.deepEqual(
      report?.sets.flatMap(({ problem }) => problem ?? []),
      [],
    );
  }
  await whole(server, bucket);
  notByAll(server, bucket);
  for (const copy of COPIES) await carryAll(server, bucket, maker, source, { copy, now: NOW });
  const sets = await whole(server, bucket);
  assert.ok(!sets.includes(gone.set), "what was marked long ago went meanwhile");
  for (const newest of newestOf(maker)) {
    assert.ok(sets.includes(newest.set));
    await fetchedAndSame(server, bucket, newest);
  }
  const versions = await withStore(server, bucket, (store) => gather(store.versions("")));
  assert.equal(new Set(versions.map(({ key }) => key)).size, versions.length, "nothing was written twice");
  server.discard(bucket);
}

const pruned = (server: S3Server, bucket: StoreReference, signal?: AbortSignal): ReturnType<typeof prune> =>
  withStore(server, bucket, (store) => prune(store, [{ series: "all", keep: KEEP }], { now: NOW }), {
    ...(signal ? { signal } : {}),
  });

/** Ended in the middle, and begun anew. */
async function endedPrune(server: S3Server, bucket: StoreReference, afterMs: number): Promise<undefined> {
  const control = new AbortController();
  const first = pruned(server, bucket, control.signal).catch((error: unknown) => {
    if (!(error instanceof OffsiteError && error.code === "cancelled")) throw error;
  });
  await delay(afterMs);
  control.abort();
  await first;
  await pruned(server, bucket);
}

async function whole(server: S3Server, bucket: StoreReference): Promise<string[]> {
  const report = await withStore(server, bucket, (store) => verify(store, { level: "full", record: false }));
  const verdicts = verdictsOf(report);
  assert.deepEqual(
    verdicts.flatMap(({ findings }) => findings),
    [],
  );
  return verdicts.map(({ set }) => set);
}

/** Two may begin with the same at the same moment; that all of them send it is what must not be. */
function notByAll(server: S3Server, { bucket }: StoreReference): void {
  const sent = new Map<string, number>();
  for (const { action, key, part } of server.requests(bucket)) {
    if (!["PutObject", "UploadPart"].includes(action) || !/\/(data|packs)\//.test(key)) continue;
    const what = `${key} ${String(part ?? "")}`;
    sent.set(what, (sent.get(what) ?? 0) + 1);
  }
  const bodies = [...sent.values()].reduce((sum, count) => sum + count, 0);
  assert.ok(bodies < 2.5 * sent.size, `${String(bodies)} bodies were sent for ${String(sent.size)} objects and parts`);
}

const newestOf = ({ all }: SetMaker): MadeSet[] => [...new Map(all.map((made) => [made.series, made])).values()];
