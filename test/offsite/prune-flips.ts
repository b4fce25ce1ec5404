import assert from "node:assert/strict";
import fs from "node:fs";
import { describe, it } from "mocha";
import { Retention, type StoreReference } from "../../estate/documents";
import { OffsiteError } from "../../offsite/error";
import { parseKey } from "../../offsite/keys";
import { prune } from "../../offsite/prune/prune";
import { verdictsOf } from "../../offsite/verify/report";
import { verify } from "../../offsite/verify/verify";
import { carryAll, gather, withStore } from "./support/courier";
import { FaultProxy } from "./support/fault-proxy";
import { fixture } from "./support/fixture";
import { Random } from "./support/random";
import type { MadeSet, SetMaker } from "./support/sets";
import { Ahead } from "./support/world";

const KEEP = Retention.parse({ last: 1 });

/** So many bits change, one at a time, each in a bucket of its own. FLIPS_SEED repeats what failed. */
export function describePruneFlips(flips: number): void {
  const seed = process.env["FLIPS_SEED"] ?? String(Date.now());
  describe(`A prune of a store in which bits change (${String(flips)} times, FLIPS_SEED=${seed})`, function () {
    this.timeout(60_000 + flips * 2000);
    const here = fixture();

    const pruneAt = async (reference: StoreReference): Promise<void> => {
      const world = new Ahead();
      world.hours(72);
      const now = (): Date => new Date("2026-06-01T00:00:00.000Z");
      await withStore(
        here.server,
        reference,
        (store) => prune(store, [{ series: "all", keep: KEEP }], { world, now, wait: true }),
        { patience: { forMs: 1500, firstMs: 2, longestMs: 20 } },
      );
    };
    const isWhole = async (reference: StoreReference, wanted: readonly MadeSet[], about: string): Promise<void> => {
      const report = await withStore(here.server, reference, (store) =>
        verify(store, { level: "full", record: false }),
      );
      const findings = new Map(verdictsOf(report).map(({ set, findings: found }) => [set, found]));
      for (const found of findings.values()) assert.deepEqual(found, [], about);
      for (const { set } of wanted) assert.ok(findings.has(set), `${about}: ${set} is gone`);
    };

    it("that keeps no checksums removes nothing that a kept set needs, whatever a set says of itself", async () => {
      const random = new Random(seed);
      const wanted = carried(here.maker);
      for (let index = 0; index < flips; index++) {
        const reference = {
          ...(await here.server.bucket()),
          capabilities: { "checksum-sha256": false, "checksum-sha256-parts": false },
        };
        here.maker.forget();
        await carryAll(here.server, reference, here.maker);
        const documents = await withStore(here.server, reference, async (store) =>
          (await gather(store.list(""))).filter(({ key }) => wanted.some(({ set }) => saysSomethingOf(set, key))),
        );
        const { key, bytes } = random.pick(documents);
        const [at, bit] = [random.below(bytes), random.below(8)];
        const flip = (): void => {
          flipAt(here.server.fileOf(reference.bucket, key), at, bit);
        };
        flip();
        await pruneAt(reference);
        flip();
        await isWhole(reference, wanted, `bit ${String(bit)} of byte ${String(at)} of ${key}`);
        here.server.discard(reference);
      }
    });

    it("or on the way from it removes nothing that a kept set needs", async () => {
      const random = new Random(`way ${seed}`);
      const wanted = carried(here.maker);
      const proxy = await FaultProxy.start(here.server.endpoint, seed, 100, ["answer-flipped"]);
      try {
        for (let index = 0; index < flips; index++) {
          const direct = await here.server.bucket(random.pick(["plain", "versioned"] as const));
          here.maker.forget();
          await carryAll(here.server, direct, here.maker);
          proxy.oneIn = 2 + random.below(8);
          for (let turn = 0; turn < 2; turn++) {
            await pruneAt({ ...direct, endpoint: proxy.endpoint }).catch((error: unknown) => {
              if (!(error instanceof OffsiteError)) throw error;
            });
          }
          await isWhole(direct, wanted, `bucket ${String(index)}`);
          here.server.discard(direct);
        }
      } finally {
        await proxy.stop();
      }
    });
  });
}

/** Sets of which a prune wants to remove most; answers with those that it must keep. */
function carried(maker: SetMaker): MadeSet[] {
  maker.fileStore("files", { add: 3 });
  maker.fileStore("files", { add: 1, change: 1 });
  const base = maker.fileStore("files", { full: true, add: 1 });
  const files = maker.fileStore("files", { add: 1 });
  maker.chained("logs", "full", [1, 10], []);
  const full = maker.chained("logs", "full", [11, 20], []);
  const log = maker.chained("logs", "log", [15, 30], [full]);
  const last = maker.chained("logs", "log", [30, 40], [full, log]);
  return [base, files, full, log, last];
}

/** A manifest or contents: where they say something else, other things are needed. */
function saysSomethingOf(set: string, key: string): boolean {
  const parsed = parseKey(key);
  return (parsed?.kind === "manifest" || parsed?.kind === "contents") && parsed.set === set;
}

function flipAt(file: string, at: number, bit: number): void {
  const handle = fs.openSync(file, "r+");
  const byte = Buffer.alloc(1);
  fs.readSync(handle, byte, 0, 1, at);
  byte.writeUInt8(byte.readUInt8(0) ^ (1 << bit));
  fs.writeSync(handle, byte, 0, 1, at);
  fs.closeSync(handle);
}
