import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, it } from "mocha";
import type { StoreReference } from "../../estate/documents";
import { OffsiteError } from "../../offsite/error";
import { verdictsOf } from "../../offsite/verify/report";
import { verify } from "../../offsite/verify/verify";
import { carry, carryAll, fetchedAndSame, gather, receiptOf, withStore } from "./support/courier";
import { FaultProxy } from "./support/fault-proxy";
import { Random } from "./support/random";
import { SetMaker } from "./support/sets";
import { S3Server, serverIsHere } from "./support/store";

const STALL_MS = 150;
const HASTE = { stallMs: STALL_MS, patience: { forMs: 1500, firstMs: 2, longestMs: 20 } };

/** Pushes through a proxy until so many requests have gone wrong. */
export function describeFaults(faults: number): void {
  const seed = process.env["FAULTS_SEED"] ?? randomBytes(4).toString("hex");
  describe(`A network and a store that fail ${String(faults)} times (FAULTS_SEED=${seed} repeats the draws)`, function () {
    this.timeout(60_000 + faults * 1000);
    let server: S3Server | undefined;
    let proxy: FaultProxy | undefined;
    before(async function () {
      if (!serverIsHere) this.skip();
      server = await S3Server.start();
      proxy = await FaultProxy.start(server.endpoint, seed, STALL_MS);
    });
    after(async () => {
      await proxy?.stop();
      await server?.stop();
    });

    it("make no set count that a full verification refuses, and no push that does not end well once they stop", async () => {
      assert.ok(server && proxy);
      const random = new Random(`plan ${seed}`);
      for (let round = 0; proxy.total < faults; round++) {
        const maker = SetMaker.temporary(`${seed} ${String(round)}`);
        try {
          await oneRound({ server, proxy, maker, random });
        } finally {
          maker.remove();
        }
      }
      const kinds = new Set([...proxy.counts.keys()].map((name) => name.slice(0, name.lastIndexOf(" "))));
      for (const kind of ["PUT object", "GET object", "GET bucket", "HEAD object"]) assert.ok(kinds.has(kind), kind);
    });
  });
}

interface Round {
  server: S3Server;
  proxy: FaultProxy;
  maker: SetMaker;
  random: Random;
}

async function oneRound({ server, proxy, maker, random }: Round): Promise<void> {
  const direct = await server.bucket("versioned");
  const reference = { ...direct, endpoint: proxy.endpoint };
  maker.exports("configuration", 0.2);
  maker.fileStore("files", { add: 6 });
  maker.fileStore("files", { add: 2, change: 1 });
  if (random.below(3) === 0) maker.sql("archiving", [17 << 20]);
  for (let turn = 0; turn < 3; turn++) {
    proxy.oneIn = 3 + random.below(12);
    await unlessOffsite(carry(server, reference, maker, {}, { othersMs: 50 }, HASTE));
    proxy.oneIn = 0;
    await countedAreGood(server, direct, maker);
  }
  await carryAll(server, direct, maker, {}, { othersMs: 50 });
  await countedAreGood(server, direct, maker);
  for (const made of maker.all) assert.ok(receiptOf(maker, made), `${made.series}/${made.set} has no receipt`);
  await onlyOnce(server, direct);

  const one = random.pick(maker.all);
  proxy.oneIn = 8;
  await unlessOffsite(fetchedAndSame(server, reference, one, HASTE));
  proxy.oneIn = 0;
  await fetchedAndSame(server, direct, one);
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
