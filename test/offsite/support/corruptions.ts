import assert from "node:assert/strict";
import { bucketLayout, type StoreReference } from "../../../estate/documents";
import { parseKey } from "../../../offsite/keys";
import { sha256Of } from "../../../offsite/store/body";
import type { Store } from "../../../offsite/store/store";
import { verdictsOf } from "../../../offsite/verify/report";
import { verify } from "../../../offsite/verify/verify";
import { carryAll, keysIn } from "./courier";
import { damage, DAMAGES, type DamageKind } from "./damage";
import { Random } from "./random";
import { SetMaker } from "./sets";
import type { BucketKind, S3Server } from "./store";

/** Damages one thing after the other, at random, and has each found and named by a full verification, and undone. */
export class Corruptions {
  readonly counts: Record<string, number> = {};

  private constructor(
    private readonly server: S3Server,
    private readonly reference: StoreReference,
    private readonly store: Store,
    private readonly keys: readonly string[],
    private readonly random: Random,
  ) {}

  static async of(server: S3Server, kind: BucketKind, seed: string): Promise<Corruptions> {
    const maker = SetMaker.temporary(seed);
    const reference = await server.bucket(kind);
    maker.exports("configuration", 0.3);
    maker.exports("configuration", 0.3);
    maker.sql("archiving", [(8 << 20) + 4096]);
    maker.sql("archiving", [5000, 700_000]);
    for (const change of [{ add: 12 }, { add: 3, change: 2 }, { full: true, add: 1 }]) maker.fileStore("files", change);
    await carryAll(server, reference, maker);
    maker.remove();
    const keys = (await keysIn(server, reference)).filter((key) => parseKey(key)?.kind !== "readme");
    return new Corruptions(server, reference, await server.open(reference), keys, new Random(seed));
  }

  close(): void {
    this.store.close();
  }

  async one(index: number): Promise<void> {
    const { random, server, reference, store } = this;
    const key = random.pick(this.keys);
    const parsed = parseKey(key);
    const series = parsed !== undefined && "series" in parsed ? parsed.series : "";
    // Whoever mixes up contents with content leaves nobody who could say what is missing.
    const others = this.keys.filter(
      (one) => one !== key && one.startsWith(`series/${series}/`) && isContent(one) === isContent(key),
    );
    const kind = random.pick(DAMAGES.filter((one) => isPossible(one, key)));
    const about = `number ${String(index)}: ${kind} of ${key}`;
    const done = await damage({ server, reference, store }, kind, key, random.pick(others), random);
    const report = await verify(store, { level: "full", series: [series], record: false });
    const named = new Set(verdictsOf(report).flatMap(({ findings }) => findings.map(({ object }) => object)));
    for (const set of report.series[0]?.incomplete ?? []) named.add(bucketLayout.manifest(series, set));
    for (const one of done.keys) {
      assert.ok(named.has(one), `${about}: ${one} is not named in ${JSON.stringify(report.series)}`);
    }
    await done.undo();
    this.counts[kind] = (this.counts[kind] ?? 0) + 1;
    const healed = await verify(store, { level: "quick", series: [series], record: false });
    assert.deepEqual(
      verdictsOf(healed).flatMap(({ findings }) => findings),
      [],
      `after ${about}`,
    );
  }
}

const isContent = (key: string): boolean => ["data", "pack"].includes(parseKey(key)?.kind ?? "");

/** There is nothing to be cut from an empty file. */
const isPossible = (kind: DamageKind, key: string): boolean =>
  !key.includes(sha256Of(Buffer.alloc(0)).toString("hex")) || (kind !== "flip" && kind !== "truncate");
