import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, it } from "mocha";
import { FILES, type Job, type Run } from "../../../estate/documents";
import { fileStoreJob } from "../../../estate/jobs";
import type { World } from "../../../lab/world";
import { inFolder, BK01, labWithJob, sha256, TARGET } from "../fixture";
import { declared, listingOf, look, runJob, setFolder, STORE, succeeded } from "./support";

/** What people do to a file store between two runs, and what each set gives back afterwards. */

const ROOT = { host: "fs01.contoso.com", local: String.raw`E:\lyncshare` };
const FOLDERS = ["DataConf", "Collab content", "deep\\er", "ÄÖÜ", "ABFiles"] as const;
const NAMES = ["a.pptx", "B.PPTX", "Präsentation (1).txt", "x", "Meeting.Active", "no-extension."] as const;

const where = fc.record({ folder: fc.constantFrom(...FOLDERS), name: fc.constantFrom(...NAMES) });
const change = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("write" as const), at: where, content: fc.string({ maxLength: 20 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("describe" as const),
      at: where,
      bytes: fc.nat(5000),
      day: fc.nat(300),
      seed: fc.nat(5),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("remove" as const), at: where }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("remove-folder" as const), at: where }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("rename" as const), at: where, to: where }) },
);
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

const placeOf = ({ folder, name }: { folder: string; name: string }) => ({
  host: ROOT.host,
  local: `${ROOT.local}\\${folder}\\${name}`,
});

function apply({ disk, clock }: World, one: Change): void {
  // No two changes at one moment: who writes twice within a millisecond and leaves the size, hides it from any inventory.
  clock.now = new Date(Date.parse(clock.now) + 60_000).toISOString();
  const place = placeOf(one.at);
  switch (one.kind) {
    case "write":
      return void disk.write(place, one.content);
    case "describe": {
      // Copied to the store with its old time, as Explorer does; its contents belong to that time.
      const modified = Date.parse("2026-01-01T00:00:00.000Z") + (one.day * 10 + one.seed) * 1001;
      return disk.describe(place, { bytes: one.bytes, modified, seed: `${String(one.day)} ${String(one.seed)}` });
    }
    case "remove":
      return disk.remove(place);
    case "remove-folder":
      return disk.remove({ host: ROOT.host, local: `${ROOT.local}\\${one.at.folder}` });
    case "rename": {
      const to = placeOf(one.to);
      if (disk.has(place) && to.local.toLowerCase() !== place.local.toLowerCase()) disk.rename(place, to);
    }
  }
}

/** What a copy of the store must hold, by path: what its bytes are. */
const treeNow = (folder: string): Promise<Record<string, string>> =>
  look(folder, ({ disk }) =>
    Object.fromEntries(
      [...disk.files(ROOT)].flatMap(({ path: file, body }) =>
        /(^|\/)(Meeting\.Active$|ABFiles\/|CMSFileStore\/|[^/]*-BackupService-[^/]*\/)/.test(file)
          ? []
          : [[file, body.sha256()]],
      ),
    ),
  );

/** By the listing alone: each file from the set that it names. */
async function restored(folder: string, job: Job, run: Run): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const { path: file, set, sha256: hash, bytes } of await listingOf(folder, job, run)) {
    const real = fs.readFileSync(path.join(await setFolder(folder, job, set), FILES, file));
    assert.deepEqual([sha256(real), real.length], [hash, bytes], file);
    found[file] = hash;
  }
  return found;
}

/** So many histories. */
export function describeTrees(numRuns: number): void {
  describe("Whatever is done to a file store between runs,", () => {
    it("each set that is kept gives back the store as it was", async function () {
      // Half a second each, on a quiet machine.
      this.timeout(60_000 + numRuns * 5_000);
      const history = fc.array(fc.array(change, { maxLength: 12 }), { minLength: 1, maxLength: 6 });
      const options = fc.record({
        last: fc.integer({ min: 1, max: 4 }),
        fullEveryDays: fc.integer({ min: 1, max: 4 }),
      });
      await fc.assert(
        fc.asyncProperty(history, options, async (runs, { last, fullEveryDays }) => {
          const retention = { last, daily: 0, weekly: 0, monthly: 0, yearly: 0 };
          const job = fileStoreJob({ ...declared("files"), store: STORE, fullEveryDays, retention });
          const folder = await labWithJob(job);
          const trees = new Map<string, Record<string, string>>();
          for (const changes of runs) {
            await look(folder, (world) => {
              for (const one of changes) apply(world, one);
              world.clock.now = new Date(Date.parse(world.clock.now) + 86_400_000).toISOString();
            });
            const tree = await treeNow(folder);
            const run = succeeded(await runJob(folder, job));
            trees.set(run.set ?? "", tree);
          }
          const kept = await inFolder(folder, BK01, String.raw`${TARGET}\series\files\sets`);
          for (const [set, tree] of trees) {
            if (kept.includes(set)) assert.deepEqual(await restored(folder, job, { set } as Run), tree);
          }
          assert.ok(kept.includes([...trees.keys()].at(-1) ?? ""), "the newest set is kept");
          fs.rmSync(path.dirname(folder), { recursive: true });
        }),
        { numRuns },
      );
    });
  });
}
