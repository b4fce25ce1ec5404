import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { after, afterEach, before, beforeEach, describe, it } from "mocha";
import { bucketLayout, Retention, type StoreReference } from "../../estate/documents";
import { OffsiteError } from "../../offsite/error";
import { fetchSet } from "../../offsite/fetch/fetch";
import { listOffsite } from "../../offsite/list";
import { grantsOf, ROLES, usageOf, type Grant, type Role } from "../../offsite/policies/grants";
import { policyOf } from "../../offsite/policies/policy";
import { prune } from "../../offsite/prune/prune";
import { removalsOf } from "../../offsite/prune/report";
import { push } from "../../offsite/push/push";
import { SLAB } from "../../offsite/push/sizes";
import { bodyOf } from "../../offsite/store/body";
import type { Store } from "../../offsite/store/store";
import { createUpload, openUploads, sendPart } from "../../offsite/store/uploads";
import { verdictsOf } from "../../offsite/verify/report";
import { verify } from "../../offsite/verify/verify";
import { carryAll, COPY, filesIn, gather, keysIn, problemsOf } from "./support/courier";
import { Random } from "./support/random";
import { SetMaker, type MadeSet } from "./support/sets";
import { S3Server, serverIsHere, type BucketKind } from "./support/store";
import { Ahead } from "./support/world";

const PATIENCE = { patience: { forMs: 2000 } };
const EVERYTHING = { lock: true, legalHold: true };

/** Takes so many grants away from each, one at a time; without a number all that there are. */
export function describeLeastPrivilege(count = Infinity): void {
  const seed = process.env["POLICIES_SEED"] ?? randomBytes(4).toString("hex");
  describe(`With the least that each part needs (POLICIES_SEED=${seed} draws the same grants)`, function () {
    this.timeout(600_000);
    let server: S3Server | undefined;
    let maker: SetMaker;
    let bucket: StoreReference;
    const here = (): S3Server => {
      assert.ok(server);
      return server;
    };
    before(async function () {
      if (!serverIsHere) this.skip();
      server = await S3Server.start();
      for (const role of ROLES) server.account(role);
    });
    after(() => server?.stop());
    beforeEach(() => {
      maker = SetMaker.temporary();
    });
    afterEach(() => {
      maker.remove();
    });

    const withStore = async <T>(role: Role | undefined, work: (store: Store) => Promise<T>): Promise<T> => {
      const store = await here().open(bucket, role ? { credentials: role, ...PATIENCE } : {});
      try {
        return await work(store);
      } finally {
        store.close();
      }
    };
    const grant = (role: Role, grants: readonly Grant[]): Promise<void> =>
      here().policy(bucket, policyOf(bucket, grants, role));
    const all = (role: Role, kind: BucketKind = "locked"): Grant[] =>
      grantsOf(role, usageOf(bucket, kind === "locked" ? EVERYTHING : { lock: false, legalHold: false }));

    /** What happens in a bucket before somebody comes to do his work there, with all that can need doing. */
    const beforehand: Record<Role, (kind: BucketKind) => Promise<void>> = {
      async pusher(kind) {
        const earlier = maker.exports("configuration", 0.1);
        const hidden = maker.exports("hidden", 0.1);
        await carryAll(here(), bucket, maker);
        maker.again(earlier);
        maker.fileStore("files", { add: 4 });
        if (kind === "locked")
          await withStore(undefined, (store) => store.remove(bucketLayout.manifest("hidden", hidden.set)));
        // Begun by a courier that was killed.
        const { folder } = maker.sql("archiving", [SLAB + 5000]);
        const bytes = fs.readFileSync(path.join(folder, "LcsLog0.bak"));
        const key = bucketLayout.data("archiving", bodyOf(bytes).sha256.toString("hex"), 0);
        await withStore(undefined, async (store) => {
          const id = await createUpload(store, key, {});
          await sendPart(store, { key, id }, 1, bodyOf(bytes.subarray(0, SLAB)));
          // And one that nobody will complete.
          await createUpload(store, bucketLayout.data("archiving", "0".repeat(64), 0), {});
        });
      },
      async verifier(kind) {
        await this.fetcher(kind);
      },
      async fetcher(kind) {
        const made = maker.fileStore("files", { add: 4 });
        maker.exports("configuration", 0.1);
        await carryAll(here(), bucket, maker);
        if (kind !== "locked") return;
        const { bytes = 0 } =
          (await withStore(undefined, (store) => store.head(bucketLayout.manifest("files", made.set)))) ?? {};
        await withStore(undefined, async (store) => {
          const [pack = ""] = (await gather(store.list("series/files/packs/"))).map(({ key }) => key);
          await store.put(pack, Buffer.alloc(bytes, "x"), { replace: true });
          await store.remove(bucketLayout.manifest("files", made.set));
        });
      },
      async pruner(kind) {
        maker.exports("configuration", 0.1);
        maker.exports("configuration", 0.1);
        await carryAll(here(), bucket, maker);
        await withStore(undefined, (store) => verify(store, { level: "quick" }));
        if (kind !== "locked") return;
        maker.exports("locked", 0.1);
        await carryAll(here(), bucket, maker, { lock: { mode: "compliance", days: 9 }, legalHold: true });
        maker.exports("locked", 0.1);
        await carryAll(here(), bucket, maker);
      },
    };

    /** Does the whole work; fails where any of it was not done. */
    const work: Record<Role, (kind: BucketKind) => Promise<void>> = {
      async pusher(kind) {
        const keeping =
          kind === "locked"
            ? { lock: { mode: "governance", days: 3 } as const, legalHold: true }
            : { legalHold: false };
        const report = await withStore("pusher", (store) =>
          push(store, [{ target: maker.target, series: "all", ...keeping }], {
            copy: COPY,
            othersMs: 10,
            longestPushHours: 0,
          }),
        );
        assert.equal(problemsOf(report), "");
        assert.equal(report.swept.ended.length, 1, "of the two uploads, one was gone on with");
        assert.deepEqual(await withStore(undefined, (store) => gather(openUploads(store, ""))), []);
        const verified = await withStore(undefined, (store) => verify(store, { level: "full", record: false }));
        assert.deepEqual(
          verdictsOf(verified)
            .map(({ set }) => set)
            .sort(),
          maker.all.map(({ set }) => set).sort(),
        );
        if (kind !== "locked") return;
        for (const key of (await keysIn(here(), bucket)).filter((one) => one.includes("/data/"))) {
          const found = await withStore(undefined, (store) => store.head(key));
          assert.ok(found?.lock && found.legalHold, key);
        }
      },
      async verifier(kind) {
        const report = await withStore("verifier", (store) => verify(store, { level: "full", record: true }));
        const findings = verdictsOf(report).flatMap((one) => one.findings);
        if (kind === "locked") {
          assert.ok(findings.length > 0);
          assert.ok(
            findings.every(({ version }) => version !== undefined),
            "where a right version is, is told",
          );
        } else assert.deepEqual(findings, []);
        assert.ok((await keysIn(here(), bucket)).some((key) => key.includes("/side/")));
      },
      async fetcher() {
        const [{ folder, set, series }] = maker.all as [MadeSet];
        const destination = fs.mkdtempSync(path.join(here().folder, "fetched-"));
        await withStore("fetcher", (store) => fetchSet(store, series, set, { destination }));
        assert.deepEqual(filesIn(destination), filesIn(folder));
        const listed = await withStore("fetcher", (store) => listOffsite(store, { series: ["configuration"] }));
        assert.equal(listed[0]?.sets[0]?.state, "complete");
      },
      async pruner(kind) {
        const world = new Ahead();
        world.hours(72);
        const report = await withStore("pruner", (store) =>
          prune(store, [{ series: "all", keep: Retention.parse({ last: 1 }) }], {
            ...{ world, wait: true },
            now: () => new Date("2026-06-01T00:00:00.000Z"),
          }),
        );
        assert.deepEqual(new Set(removalsOf(report).map(({ state }) => state)), new Set(["removed"]));
        const reasons = report.series.flatMap(({ decisions }) => decisions.flatMap((one) => one.reasons));
        if (kind === "locked") assert.ok(reasons.includes("held"), reasons.join());
      },
    };

    const prepare = async (role: Role, kind: BucketKind): Promise<void> => {
      maker.remove();
      maker = SetMaker.temporary();
      bucket = await here().bucket(kind, { prefix: "production/" });
      await beforehand[role](kind);
    };

    /** The server tells locks and holds to whoever may read the object; other stores ask for more. */
    const NOT_ASKED_FOR = ["GetObjectRetention", "GetObjectLegalHold"];

    /** What nobody but somebody else may do. */
    const tries: Record<string, (store: Store, key: string, version: string | undefined) => Promise<unknown>> = {
      reads: async (store, key) => {
        assert.ok((await store.readWhole(key)) !== undefined);
      },
      overwrites: (store, key) => store.put(key, Buffer.from("mine"), { replace: true }),
      "puts a report": (store) => store.put("series/configuration/side/x.json", Buffer.from("{}")),
      "puts a mark": (store) => store.put("series/configuration/marks/x.json", Buffer.from("{}")),
      hides: (store, key) => store.remove(key),
      "deletes a version": (store, key, version) => store.remove(key, version),
      "locks for ever": (store, key, version) =>
        store.lock(key, version, { mode: "COMPLIANCE", until: new Date("2126-01-01T00:00:00.000Z") }),
    };
    const MAY: Record<Role, readonly string[]> = {
      // Where a store cannot demand that nothing is overwritten, versions keep what was there.
      pusher: ["reads", "overwrites"],
      verifier: ["reads", "puts a report"],
      fetcher: ["reads"],
      pruner: ["reads", "puts a mark", "deletes a version"],
    };

    for (const role of ROLES) {
      it(`the ${role} can do nothing else`, async () => {
        bucket = await here().bucket("locked", { prefix: "production/" });
        maker.exports("configuration", 0.1);
        await carryAll(here(), bucket, maker);
        await grant(role, grantsOf(role, usageOf(bucket, { lock: false, legalHold: false })));
        const can: string[] = [];
        for (const [name, attempt] of Object.entries(tries)) {
          const [key = ""] = (await keysIn(here(), bucket)).filter((one) => one.includes("/packs/"));
          const version = (await withStore(undefined, (store) => store.head(key)))?.version;
          await withStore(role, async (store) => {
            try {
              await attempt(store, key, version);
              can.push(name);
            } catch (error) {
              assert.ok(error instanceof OffsiteError && error.code === "access-denied", `${name}: ${String(error)}`);
            }
          });
        }
        assert.deepEqual(can, MAY[role]);
        const elsewhere = await here().open({ ...bucket, prefix: "other/" }, { credentials: role, ...PATIENCE });
        await assert.rejects(
          elsewhere.readWhole(bucketLayout.manifest("configuration", maker.all[0]?.set ?? "")),
          ({ code }: OffsiteError) => code === "access-denied",
        );
        elsewhere.close();
      });
    }

    for (const role of ROLES) {
      it(`the ${role} does all its work, and does not without ${count === Infinity ? "any single" : "some"} grant`, async () => {
        await prepare(role, "locked");
        await grant(role, all(role));
        await work[role]("locked");
        const random = new Random(`${seed} ${role}`);
        const lacking = all(role)
          .filter(({ action }) => !NOT_ASKED_FOR.includes(action))
          .flatMap(withoutOne);
        while (lacking.length > count) lacking.splice(random.below(lacking.length), 1);
        for (const { one, name, rest } of lacking) {
          await prepare(role, "locked");
          await grant(role, [...all(role).filter((other) => other !== one), ...rest]);
          await assert.rejects(work[role]("locked"), `${role} without ${name}`);
        }
      });

      it(`the ${role} does its work in a bucket without versions, locks and holds too`, async () => {
        await prepare(role, "plain");
        bucket = { ...bucket, capabilities: { "list-versions": false } };
        await grant(role, all(role, "plain"));
        await work[role]("plain");
      });
    }
  });
}

/** A grant on several places, taken away from one of them after the other. */
function withoutOne(one: Grant): { one: Grant; name: string; rest: Grant[] }[] {
  const { action, on } = one;
  if (on === "bucket") return [{ one, name: action, rest: [] }];
  return on.map((place) => {
    const others = on.filter((other) => other !== place);
    return { one, name: `${action} on ${place}`, rest: others.length > 0 ? [{ ...one, on: others }] : [] };
  });
}
