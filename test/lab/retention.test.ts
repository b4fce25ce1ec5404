import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { repositoryRoot } from "../../docs/pages/examples";
import { Carried, coverKey, Held, Manifest, MANIFEST, Verified, type StepOf } from "../../estate/documents";
import type { RetainableSet } from "../../estate/retention";
import { takeUp, type Execution } from "../../lab/interpreter/execution";
import { retain } from "../../lab/interpreter/keeping";
import { below } from "../../lab/paths";
import { startRun } from "../../lab/start";
import { Store } from "../../lab/store";
import { inWorld, type World } from "../../lab/world";
import { RetentionVector } from "../estate/retention-vectors";
import { BACKUP, BK01, configuration, FE01, JOB, labWithJob, ownerOf, TARGET } from "./fixture";

/**
 * The vectors that every implementation of retention is held against, as sets on a target: the interpreter reads them
 * as it does after every run, decides, and removes.
 */
const FILE = path.join(repositoryRoot(), "estate", "vectors", "retention.jsonl");
const AT = "2026-01-01T00:00:00.000Z";
const HASH = "0".repeat(64);
const series = below({ host: BK01, local: TARGET }, "series", JOB);

const coverOf = (datum: string) => ({ datum, scope: { of: "deployment" } }) as const;

function write({ disk }: World, { set, startedAt, good, needs, covers, carried, held }: RetainableSet): void {
  const artefact = { path: "Config.zip", ...coverOf("configuration"), format: "zip", bytes: 0, sha256: HASH } as const;
  const manifest = Manifest.make({
    ...{ set, series: JOB, job: JOB, jobHash: HASH, kind: "incremental", owner: ownerOf(JOB), host: FE01 },
    ...{ account: BACKUP, trigger: "schedule", startedAt, sealedAt: startedAt, product: "lync2013" },
    ...{ deployment: "contoso", covers: covers.map(coverOf), artefacts: [artefact], bytes: 0, needs },
    tool: { name: "LyncBackup", version: "0.1.0" },
  });
  disk.write(below(series, "sets", set, MANIFEST), Manifest.write(manifest));
  const say = (name: string, text: string): void => {
    disk.write(below(series, "side", `${set}.${name}.json`), text);
  };
  const of = { series: JOB, set };
  if (!good) {
    const failures = [{ path: "Config.zip", message: "its SHA-256 differs" }];
    const found = { where: "target", at: AT, level: "hashed", artefacts: 1, bytes: 0, failures } as const;
    say("verified", Verified.write(Verified.make({ ...of, ...found })));
  }
  for (const copy of carried) {
    const receipt = { copy, at: AT, bucket: "offsite", prefix: "", manifestSha256: HASH, objects: 1 };
    say(`carried.${copy}`, Carried.write(Carried.make({ ...of, ...receipt })));
  }
  if (held) say("held", Held.write(Held.make({ ...of, by: "auditor", at: AT, reason: "an audit" })));
}

/** What the vectors call a datum, is one of the deployment here. */
const worded = (reason: string): string =>
  reason.replace(/ with ([a-z-]+)(?= and \d+ more$|$)/, (_, datum: string) => ` with ${coverKey(coverOf(datum))}`);

describe("The interpreter's retention", () => {
  it("decides every vector as the core does, in the same words, and removes what it says", async function () {
    this.timeout(120_000);
    const vectors = fs
      .readFileSync(FILE, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => RetentionVector.parse(JSON.parse(line)))
      // On a target nothing is locked.
      .filter(({ where }) => where === "target");
    assert.ok(vectors.length > 700);
    const lab = await labWithJob(configuration());
    const store = new Store(lab);
    const execution: Execution = takeUp(
      store,
      await inWorld(store, (world) => startRun(world, FE01, { job: JOB }, "command")),
    );
    execution.run.set = execution.run.id;
    await store.batch(async () => {
      for (const { seed, sets, rules, decisions } of vectors) {
        await inWorld(store, (world) => {
          world.disk.remove(series);
          for (const set of sets) write(world, set);
          world.clock.now = rules.now;
        });
        const step = { kind: "retain", policy: rules.policy, awaits: rules.awaits } as unknown as StepOf<"retain">;
        const { data } = await retain(execution, step);
        const wanted = (keep: boolean) =>
          decisions
            .filter((one) => one.keep === keep)
            .map(({ set, reasons }) => ({ set, because: reasons.map(worded) }));
        assert.deepEqual(data["kept"], wanted(true), `seed ${String(seed)}`);
        assert.deepEqual(data["removed"], wanted(false), `seed ${String(seed)}`);
        const left = await inWorld(store, ({ disk }) => disk.names(below(series, "sets")));
        assert.deepEqual(
          left.sort(),
          wanted(true)
            .map(({ set }) => set)
            .sort(),
          `seed ${String(seed)}`,
        );
      }
      await inWorld(store, (world) => {
        world.disk.remove(series);
      });
    });
  });
});
