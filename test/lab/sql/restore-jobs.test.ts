import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { describe, it } from "mocha";
import { Manifest, MANIFEST, targetLayout, type Product, type Run } from "../../../estate/documents";
import { sqlJobs } from "../../../estate/jobs/sql";
import type { SqlBackupOptions } from "../../../estate/jobs/sql-declaration";
import {
  componentUser,
  drillJob,
  movesTo,
  planRestore,
  restoreJob,
  verdictOf,
  type Chain,
  type KeptSet,
  type RestoreDeclaration,
} from "../../../estate/restore";
import type { Release } from "../../../estate/sql";
import { advance, damageFile, removeFolder } from "../../../lab/commands";
import { below } from "../../../lab/paths";
import {
  addCertificate,
  asAdministrator,
  editDatabase,
  failOverDatabase,
  foreignBackup,
  growDatabase,
  setRecovery,
} from "../../../lab/sql/edits";
import { findHeld } from "../../../lab/sql/log";
import { dropRestored } from "../../../lab/sql/restore";
import { BACKUP, TARGET, temporaryFolder } from "../fixture";
import {
  AG1,
  AG2,
  ALONE,
  BK,
  declared,
  EXPRESS,
  hostOf,
  LISTENER,
  PAIR,
  runOn,
  SQL01,
  sqlLab,
  TARGET_SHARE,
  tell,
} from "./support";

/** Backups by the product's own jobs, and restores and rehearsals of them, on instances of every kind. */

const FOLDERS = { data: String.raw`C:\Restored`, log: String.raw`C:\Restored` };

interface Kind {
  what: string;
  product: Product;
  /** Where the topology has another one. */
  release?: Release;
  instance: string;
  database: string;
  placement: { host: string; instance: string }[];
  onto: string;
  /** What is declared besides. */
  options?: Partial<SqlBackupOptions>;
  before?: (folder: string) => Promise<unknown>;
}

const one = (instance: string): Kind["placement"] => [{ host: hostOf(instance), instance }];
const CERTIFICATE = { thumbprint: "0xABCD", expires: "2030-01-01T00:00:00", keySaved: null };

const KINDS: readonly Kind[] = [
  {
    what: "SQL Server 2008 R2",
    ...{ product: "lync2013", release: "2008R2", instance: ALONE, database: "LcsCDR" },
    ...{ placement: one(ALONE), onto: ALONE },
  },
  {
    what: "Express of a Standard Edition server, onto a full edition",
    ...{ product: "lync2013", instance: EXPRESS, database: "rtcxds", placement: one(EXPRESS), onto: ALONE },
  },
  {
    what: "a mirrored pair that fails over, onto one of the pair",
    ...{ product: "lync2013", instance: SQL01, database: "rtcshared", placement: PAIR, onto: SQL01 },
  },
  {
    what: "SQL Server 2014, encrypted and into four files, onto an instance with the certificate",
    ...{ product: "sfb2015", instance: ALONE, database: "LcsLog", placement: one(ALONE), onto: AG1 },
    options: { encryption: { certificate: "backup" }, striping: { files: 4, fromGigabytes: 1 }, compress: true },
    before: async (folder) => {
      for (const instance of [ALONE, AG1]) await addCertificate(folder, instance, "backup", CERTIFICATE);
      await growDatabase(folder, ALONE, "LcsLog", 5000);
    },
  },
  {
    what: "SQL Server 2016",
    ...{ product: "sfb2015", release: "2016", instance: ALONE, database: "QoEMetrics" },
    ...{ placement: one(ALONE), onto: ALONE },
  },
  {
    what: "an availability group of SQL Server 2019, onto an instance without one",
    ...{ product: "sfb2015", release: "2019", instance: LISTENER, database: "rtcxds", onto: ALONE },
    placement: [...one(AG1), ...one(AG2)],
  },
];

class Scene {
  /** What the database held from a moment on. */
  readonly held: { time: string; contents: unknown }[] = [];
  private acting: string;

  private constructor(
    readonly folder: string,
    readonly kind: Kind,
  ) {
    this.acting = kind.placement[0]?.instance ?? kind.instance;
  }

  static async of(kind: Kind): Promise<Scene> {
    const scene = new Scene(await sqlLab(kind.product), kind);
    const { folder } = scene;
    for (const instance of new Set([...kind.placement.map((place) => place.instance), kind.onto])) {
      await asAdministrator(folder, instance, ({ world, server }) => {
        if (kind.release) server.release = kind.release;
        world.disk.makeFolder({ host: server.node, local: FOLDERS.data });
      });
    }
    await setRecovery(folder, scene.acting, kind.database, "FULL");
    await kind.before?.(folder);
    return scene;
  }

  /** Another lab, as this one is now. */
  copy(): Scene {
    const folder = path.join(temporaryFolder(), ".lab");
    fs.cpSync(this.folder, folder, { recursive: true });
    const scene = new Scene(folder, this.kind);
    scene.held.push(...this.held);
    return scene;
  }

  /** A day at work: changes between backups, each at a time of its own. */
  async work(): Promise<void> {
    for (const kind of ["full", "log", "differential", "log", "log"] as const) {
      await this.change();
      await this.change();
      if (kind === "log" && this.kind.placement === PAIR) await this.failOver();
      await this.backUp(kind);
    }
  }

  async change(): Promise<void> {
    await advance(this.folder, 10);
    await editDatabase(this.folder, this.acting, this.kind.database, (contents) => ({
      ...(contents as object),
      [`change-${String(this.held.length % 3)}`]: [this.held.length],
    }));
    // Plans go by whole seconds, as msdb does.
    const now = await asAdministrator(this.folder, this.acting, ({ world, server }) => ({
      time: new Date(Math.ceil(Date.parse(world.clock.now) / 1000) * 1000).toISOString(),
      contents: structuredClone(findHeld(world, server, this.kind.database)?.contents),
    }));
    this.held.push(now);
  }

  private async failOver(): Promise<void> {
    await failOverDatabase(this.folder, this.acting, this.kind.database);
    this.acting = this.kind.placement.find(({ instance }) => instance !== this.acting)?.instance ?? this.acting;
  }

  async backUp(kind: "full" | "differential" | "log"): Promise<Run> {
    const { database, instance, placement, release } = this.kind;
    await advance(this.folder, 5);
    const options = { databases: { names: [database] }, differential: true, log: {}, ...this.kind.options };
    const jobs = sqlJobs(declared(options, { instance, placement, ...(release ? { release } : {}) }));
    const job = jobs[kind];
    assert.ok(job);
    const run = await runOn(this.folder, job, hostOf(this.acting));
    assert.equal(run.outcome, "succeeded", tell(run));
    return run;
  }

  sets(): Promise<KeptSet[]> {
    return asAdministrator(this.folder, this.kind.onto, ({ world }) => {
      const top = { host: BK, local: TARGET };
      return world.disk.names(below(top, targetLayout.sets("sql-rtc"))).flatMap((set) => {
        const folder = below(top, targetLayout.set("sql-rtc", set));
        const text = world.disk.text(below(folder, MANIFEST));
        if (text === undefined) return [];
        const manifest = Manifest.parse(text);
        const problems = manifest.artefacts.flatMap(({ path }) =>
          world.disk.body(below(folder, path))
            ? []
            : [{ path, what: "missing" as const, message: "it is not on the target" }],
        );
        return [{ manifest, problems }];
      });
    });
  }

  async plan(to: string): Promise<ReturnType<typeof planRestore>> {
    const { instance, database } = this.kind;
    return planRestore({ sets: await this.sets(), instance, database, to });
  }

  async chain(to: string): Promise<Chain> {
    const { chain, refused } = await this.plan(to);
    assert.ok(chain, refused?.message);
    return chain;
  }

  declare(chain: Chain, more: Partial<RestoreDeclaration> = {}): RestoreDeclaration {
    const { onto, database, product } = this.kind;
    const files = ["", "_log"].map((end) => ({ logical: `${database}${end}`, path: "", isLog: end !== "" }));
    return {
      owner: { project: "lync-backup", stack: "lab", name: "drill" },
      ...{ product, deployment: "contoso", host: hostOf(onto), instance: onto, account: BACKUP, chain },
      placing: { database: "Drill", target: TARGET_SHARE, moves: movesTo(files, "Drill", FOLDERS) },
      ...more,
    };
  }

  async restored(chain: Chain): Promise<unknown> {
    const { onto } = this.kind;
    const run = await runOn(this.folder, restoreJob(this.declare(chain)), hostOf(onto));
    assert.equal(run.outcome, "succeeded", tell(run));
    return asAdministrator(this.folder, onto, ({ world, server }) =>
      structuredClone(findHeld(world, server, "Drill")?.contents),
    );
  }

  drop(): Promise<void> {
    return asAdministrator(this.folder, this.kind.onto, (session) => {
      dropRestored(session, "Drill", "2026-01-01T00:00:00Z");
    });
  }

  exists(name: string): Promise<boolean> {
    return asAdministrator(this.folder, this.kind.onto, ({ world, server }) => Boolean(findHeld(world, server, name)));
  }
}

const [STANDARD] = KINDS;

describe("A database that is restored to a moment", () => {
  for (const kind of KINDS) {
    it(`holds what it held then: ${kind.what}`, async () => {
      const scene = await Scene.of(kind);
      await scene.work();
      // The first two changes are older than the first full backup.
      for (const [index, { time, contents }] of scene.held.entries()) {
        if (index < 2) {
          assert.equal((await scene.plan(time)).refused?.code, "too-early");
          continue;
        }
        if (index % 3 !== 0) continue;
        assert.deepEqual(await scene.restored(await scene.chain(time)), contents, time);
        await scene.drop();
      }
      const newest = await scene.chain("newest");
      assert.deepEqual(await scene.restored(newest), scene.held.at(-1)?.contents);
      // The differential spares the log before it.
      assert.deepEqual(
        newest.links.map((link) => link.kind),
        ["full", "differential", "log", "log"],
      );
    });
  }
});

/** Made once, and a copy for each test. */
let worked: Promise<Scene> | undefined;
const scene = async (): Promise<{ scene: Scene; chain: Chain }> => {
  assert.ok(STANDARD);
  worked ??= Scene.of(STANDARD).then(async (first) => {
    await first.work();
    return first;
  });
  const made = (await worked).copy();
  return { scene: made, chain: await made.chain("newest") };
};

describe("A rehearsed restore", () => {
  for (const { why, before, says } of [
    {
      why: "of an older release",
      before: (folder: string) =>
        asAdministrator(folder, ALONE, ({ server }) => {
          server.release = "2008R2";
        }),
      says: /an older SQL Server cannot restore backups of a newer one/,
    },
    {
      why: "without the certificate",
      before: () => Promise.resolve(),
      says: /Cannot find server certificate with thumbprint '0xABCD'/,
    },
  ]) {
    it(`is refused before anything is restored on an instance ${why}`, async () => {
      const encrypted = KINDS.find(({ options }) => options?.encryption);
      assert.ok(encrypted);
      const made = await Scene.of({ ...encrypted, onto: ALONE });
      await made.change();
      await made.backUp("full");
      const chain = await made.chain("newest");
      await asAdministrator(made.folder, ALONE, ({ server }) => {
        server.certificates = {};
      });
      await before(made.folder);
      const run = await runOn(made.folder, drillJob(made.declare(chain)), hostOf(ALONE));
      assert.equal(run.outcome, "failed");
      assert.match(tell(run), says);
      const reached = run.steps.filter(({ outcome, id }) => outcome === "ok" && id.startsWith("restore"));
      assert.deepEqual(reached, []);
    });
  }

  it("restores under another name, finds it consistent, counts what it holds, and drops it", async () => {
    const { scene: made, chain } = await scene();
    const run = await runOn(made.folder, drillJob(made.declare(chain)), hostOf(made.kind.onto));
    assert.equal(run.outcome, "succeeded", tell(run));
    assert.ok(Number(run.facts["rows"]) > 0);
    assert.ok(!(await made.exists("Drill")));
    const { verdict, sets, notes } = verdictOf(run, chain, { goodForDays: 90 });
    assert.deepEqual([verdict, sets], ["passed", chain.links.map(({ set }) => set)]);
    assert.match(notes.join(), /consistent,\d+ rows in \d+ tables/);
  });

  it("fails where the database is not consistent, says so, and leaves nothing behind", async () => {
    assert.ok(STANDARD);
    const made = await Scene.of(STANDARD);
    await asAdministrator(made.folder, ALONE, ({ world, server }) => {
      const held = findHeld(world, server, made.kind.database);
      if (held) held.log.inconsistent = true;
    });
    await made.work();
    const chain = await made.chain("newest");
    const run = await runOn(made.folder, drillJob(made.declare(chain)), hostOf(ALONE));
    assert.equal(run.outcome, "failed");
    assert.ok(!(await made.exists("Drill")));
    const { verdict, notes } = verdictOf(run, chain, { goodForDays: 90 });
    assert.equal(verdict, "failed");
    assert.match(notes.join(), /CHECKDB found 0 allocation errors and 1 consistency errors in database 'Drill'/);
  });

  it("touches no database that was there before under the name, and drops it least of all", async () => {
    const { scene: made, chain } = await scene();
    const declaration = made.declare(chain);
    const before = { ...declaration, placing: { ...declaration.placing, database: "LcsLog" } };
    const run = await runOn(made.folder, drillJob(before), hostOf(ALONE));
    assert.equal(run.outcome, "failed");
    assert.match(tell(run), /There is a database LcsLog on SQL3\\ARCHIVE already/);
    assert.ok(await made.exists("LcsLog"));
  });

  it("drops what it has begun to restore when a file breaks off", async () => {
    const { scene: made, chain } = await scene();
    const last = chain.links.at(-1);
    assert.ok(last);
    const path = `${TARGET}\\series\\${last.series}\\sets\\${last.set}\\${last.files[0] ?? ""}`;
    await damageFile(made.folder, BK, path);
    const run = await runOn(made.folder, drillJob(made.declare(chain)), hostOf(ALONE));
    assert.equal(run.outcome, "failed", tell(run));
    assert.ok(!(await made.exists("Drill")));
  });
});

describe("A restore over the database itself", () => {
  it("backs up the tail first, and gives the user back that Monitoring comes as", async () => {
    const { scene: made } = await scene();
    const { database } = made.kind;
    const wanted = made.held[7];
    assert.ok(wanted);
    const chain = await made.chain(wanted.time);
    const job = restoreJob(
      made.declare(chain, {
        placing: { database, target: TARGET_SHARE },
        tail: `${TARGET_SHARE}\\tail.bak`,
        user: componentUser("CONTOSO"),
      }),
    );
    const run = await runOn(made.folder, job, hostOf(ALONE));
    assert.equal(run.outcome, "succeeded", tell(run));
    await asAdministrator(made.folder, ALONE, ({ world, server }) => {
      const held = findHeld(world, server, database);
      assert.deepEqual(held?.contents, wanted.contents);
      assert.deepEqual(held?.log.users, [
        {
          name: "RTCComponentUniversalServices",
          login: String.raw`CONTOSO\RTCComponentUniversalServices`,
          role: "ServerRole",
        },
      ]);
    });
  });

  it("is refused where somebody uses the database, before anything has changed", async () => {
    const { scene: made, chain } = await scene();
    const { database } = made.kind;
    await asAdministrator(made.folder, ALONE, ({ world, server }) => {
      const held = findHeld(world, server, database);
      if (held) held.log.inUse = true;
    });
    const placing = { database, target: TARGET_SHARE, replaces: true };
    const run = await runOn(made.folder, restoreJob(made.declare(chain, { placing })), hostOf(ALONE));
    assert.match(run.error?.message ?? "", /Exclusive access could not be obtained/);
    assert.ok(await made.exists(database));
  });
});

describe("A chain that is broken", () => {
  /** To the newest backup, or to the moment that the break returns. */
  const refused = async (breaks: (scene: Scene) => Promise<string | undefined>) => {
    assert.ok(STANDARD);
    const scene = await Scene.of(STANDARD);
    await scene.change();
    await scene.backUp("full");
    await scene.change();
    await scene.backUp("log");
    await scene.change();
    const to = await breaks(scene);
    const plan = await scene.plan(to ?? "newest");
    assert.ok(plan.refused);
    assert.ok(!(await scene.exists("Drill")));
    return plan.refused;
  };
  const middleOf = async (scene: Scene): Promise<{ set: string; folder: string; file: string }> => {
    const [, middle] = await scene.sets();
    assert.ok(middle);
    const { set, artefacts } = middle.manifest;
    return { set, folder: `${TARGET}\\series\\sql-rtc\\sets\\${set}`, file: artefacts[0]?.path ?? "" };
  };

  it("by a file that is gone is found by its name", async () => {
    const { code, path } = await refused(async (scene) => {
      await scene.backUp("log");
      const { folder, file } = await middleOf(scene);
      await removeFolder(scene.folder, BK, `${folder}\\${file}`);
      return undefined;
    });
    assert.deepEqual([code, path], ["missing-file", "LcsCDR.log.bak"]);
  });

  it("by a set that is gone is found by the name that the next one has for it", async () => {
    let gone = "";
    const { code, set } = await refused(async (scene) => {
      await scene.backUp("log");
      const { set: middle, folder } = await middleOf(scene);
      gone = middle;
      await removeFolder(scene.folder, BK, folder);
      return undefined;
    });
    assert.deepEqual([code, set], ["missing-set", gone]);
  });

  it("by a foreign log backup is found where the next log begins", async () => {
    const { code, instead } = await refused(async (scene) => {
      await foreignBackup(scene.folder, ALONE, "LcsCDR", "log");
      await scene.change();
      const lost = scene.held.at(-1)?.time;
      await scene.backUp("full");
      await scene.change();
      await scene.backUp("log");
      return lost;
    });
    assert.equal(code, "log-gap");
    assert.ok(instead);
  });

  it("by a change of the recovery model is found until the next full backup", async () => {
    const { code } = await refused(async (scene) => {
      await setRecovery(scene.folder, ALONE, "LcsCDR", "SIMPLE");
      await scene.change();
      const lost = scene.held.at(-1)?.time;
      await scene.backUp("full");
      return lost;
    });
    assert.equal(code, "recovery-model");
  });
});
