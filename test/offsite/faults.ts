import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { before, describe, it } from "mocha";
import type { StoreReference } from "../../estate/documents";
import { OffsiteError } from "../../offsite/error";
import { SLAB } from "../../offsite/push/sizes";
import { verdictsOf } from "../../offsite/verify/report";
import { verify } from "../../offsite/verify/verify";
import { carry, carryAll, fetchedAndSame, gather, receiptOf, withStore } from "./support/courier";
import { FaultProxy } from "./support/fault-proxy";
import { Random } from "./support/random";
import { SetMaker } from "./support/sets";
import { keepingIn, S3Server, serverIsHere, type BucketKind } from "./support/store";

const STALL_MS = 150;
const HASTE = { stallMs: STALL_MS, patience: { forMs: 1500, firstMs: 2, longestMs: 20 } };

/** Kinds of requests, by method and query, that must have met faults. */
const COMMON = ["PUT object", "GET object", "GET bucket", "HEAD object"];
const RARE = [
  ...["GET bucket uploads", "GET bucket versions", "POST object uploads", "POST object uploadId"],
  ...["PUT object uploadId", "GET object uploadId"],
];

/** Pushes through a proxy until so many requests have gone wrong. */
export function describeFaults(faults: number, kind: BucketKind = "versioned"): void {
  const seed = process.env["FAULTS_SEED"] ?? randomBytes(4).toString("hex");
  describe(`A network and a ${kind} store that fail ${String(faults)} times (FAULTS_SEED=${seed} repeats the draws)`, function () {
    this.timeout(60_000 + faults * 1000);
    before(function () {
      if (!serverIsHere) this.skip();
    });

    it("make no set count that a full verification refuses, and no push that does not end well once they stop", async () => {
      const kinds = new Set(
        [...(await endure(faults, seed, kind)).keys()].map((name) => name.slice(0, name.lastIndexOf(" "))),
      );
      for (const one of faults < 1000 ? COMMON : [...COMMON, ...RARE]) assert.ok(kinds.has(one), one);
    });
  });
}

/** Answers with how often which kind of request met which fault. Fails where anything counts that is not good. */
export async function endure(
  faults: number,
  seed: string,
  kind: BucketKind = "versioned",
): Promise<ReadonlyMap<string, number>> {
  const server = await S3Server.start();
  try {
    // Most of the time of each goes by in waiting.
    const lanes = Math.ceil(Math.min(4, faults / 100));
    const ends = Array.from({ length: lanes }, (_, lane) =>
      endureAt(server, faults / lanes, `${seed} ${String(lane)}`, kind),
    );
    const counts = new Map<string, number>();
    for (const end of await Promise.allSettled(ends)) {
      if (end.status === "rejected") throw end.reason;
      for (const [name, count] of end.value) counts.set(name, (counts.get(name) ?? 0) + count);
    }
    return counts;
  } finally {
    await server.stop();
  }
}

async function endureAt(
  server: S3Server,
  faults: number,
  seed: string,
  kind: BucketKind,
): Promise<ReadonlyMap<string, number>> {
  const proxy = await FaultProxy.start(server.endpoint, seed, STALL_MS);
  const random = new Random(`plan ${seed}`);
  try {
    for (let round = 0; proxy.total < faults; round++) {
      const maker = SetMaker.temporary(`${seed} ${String(round)}`);
      try {
        await oneRound({ server, proxy, maker, random, kind });
      } finally {
        maker.remove();
      }
    }
    return proxy.counts;
  } finally {
    await proxy.stop();
  }
}

interface Round {
  server: S3Server;
  proxy: FaultProxy;
  maker: SetMaker;
  random: Random;
  kind: BucketKind;
}

async function oneRound({ server, proxy, maker, random, kind }: Round): Promise<void> {
  const direct = await server.bucket(kind);
  const source = keepingIn(kind);
  const reference = { ...direct, endpoint: proxy.endpoint };
  maker.exports("configuration", 0.05);
  maker.fileStore("files", { add: 6 });
  maker.fileStore("files", { add: 2, change: 1 });
  if (random.below(3) === 0) maker.sql("archiving", [SLAB + 50_000]);
  for (let turn = 0; turn < 3; turn++) {
    proxy.oneIn = 2 + random.below(4);
    await unlessOffsite(carry(server, reference, maker, source, { othersMs: 50 }, HASTE));
    await countedAreGood(server, direct, maker);
  }
  await carryAll(server, direct, maker, source, { othersMs: 50 });
  await countedAreGood(server, direct, maker);
  for (const made of maker.all) assert.ok(receiptOf(maker, made), `${made.series}/${made.set} has no receipt`);
  await onlyOnce(server, direct);

  const one = random.pick(maker.all);
  proxy.oneIn = 4;
  await unlessOffsite(fetchedAndSame(server, reference, one, HASTE));
  await fetchedAndSame(server, direct, one);
  server.discard(direct);
}

/** Failing in a sentence is allowed; anything else is a defect. */
async function unlessOffsite(work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!(error instanceof OffsiteError)) throw error;
  });
}

/** Whatever has a manifest, and whatever has a receipt, is good to the last byte. */
async function countedAreGood(server: S3Server, reference: StoreReference, maker: SetMaker): Promise<void> {
  const report = await withStore(server, reference, (store) => verify(store, { level: "full", record: false }));
  const verdicts = verdictsOf(report);
  const findings = verdicts.flatMap(({ set, findings: found }) => found.map((one) => ({ set, ...one })));
  // A receipt is written last, so that the sets that one needs are there too, or are still to be carried.
  const awaited = findings.filter(({ message }) => !message.startsWith("needs the set"));
  assert.deepEqual(awaited, []);
  const good = new Set(verdicts.map(({ series, set }) => `${series}/${set}`));
  for (const made of maker.all) {
    if (receiptOf(maker, made)) assert.ok(good.has(`${made.series}/${made.set}`), `${made.set} has a receipt only`);
  }
}

/** What was published once is never written again. */
async function onlyOnce(server: S3Server, reference: StoreReference): Promise<void> {
  const versions = await withStore(server, reference, (store) => gather(store.versions("")));
  assert.equal(new Set(versions.map(({ key }) => key)).size, versions.length, "an object has two versions");
  assert.ok(versions.every(({ marker }) => !marker));
}
