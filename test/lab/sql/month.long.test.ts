import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { RESOURCE_EXAMPLES } from "../../../docs/examples/resources";
import type { Product } from "../../../estate/documents";
import { advance } from "../../../lab/commands";
import { editDatabase, failOverDatabase, makeDatabase, setRecovery } from "../../../lab/sql/edits";
import { sqlBackupSchedule } from "../../../providers/sql-backup-schedule/reconcile";
import { OneResource } from "../../support/one-resource";
import { BACKUP } from "../fixture";
import {
  AG1,
  AG2,
  ALONE,
  EXPRESS,
  hostOf,
  LISTENER,
  restored,
  SERVICE,
  SQL01,
  SQL02,
  sqlLab,
  TARGET_SHARE,
  BK,
} from "./support";

/** A month of schedules on instances of every kind: what was written on each day comes back from the newest set. */

const DAYS = 30;
const DAY = 24 * 60;

interface Kind {
  title: string;
  product: Product;
  release: string;
  instance: string;
  on: readonly string[];
  database: string;
  byAgent?: boolean;
  /** On which days its partners change their parts. */
  failsOver?: readonly number[];
  own?: boolean;
}

const KINDS: readonly Kind[] = [
  {
    title: "Express of 2012, by Task Scheduler",
    ...{ product: "lync2013", release: "2012", instance: EXPRESS, on: [EXPRESS], database: "Own", own: true },
  },
  {
    title: "a mirrored pair of 2012, by SQL Server Agent, that fails over twice",
    ...{ product: "lync2013", release: "2012", instance: SQL01, on: [SQL01, SQL02], database: "rtcshared" },
    ...{ byAgent: true, failsOver: [7, 19] },
  },
  {
    title: "an availability group of 2014, by Task Scheduler, that fails over twice",
    ...{ product: "sfb2015", release: "2014", instance: LISTENER, on: [AG1, AG2], database: "rtcshared" },
    ...{ failsOver: [7, 19] },
  },
  {
    title: "an instance of 2019, by SQL Server Agent",
    ...{ product: "sfb2019", release: "2019", instance: ALONE, on: [ALONE], database: "Own", byAgent: true, own: true },
  },
];

describe("A month of SQL backups", () => {
  for (const kind of KINDS) {
    it(`of ${kind.title} loses no log`, async () => {
      const folder = await sqlLab(kind.product);
      const [first = kind.instance] = kind.on;
      if (kind.own === true) {
        await makeDatabase(folder, first, kind.database, { days: [] });
        await setRecovery(folder, first, kind.database, "FULL");
      }
      const { hosts: _hosts, ...example } = RESOURCE_EXAMPLES.SqlBackupSchedule.args;
      const declared = {
        ...example,
        ...{ name: "month", product: kind.product, release: kind.release, instance: kind.instance, compress: false },
        databases: { names: [kind.database] },
        hosts: kind.on.map((instance) => ({ name: hostOf(instance), reach: { via: "lab" }, instance })),
        target: { name: "vault", host: BK, path: TARGET_SHARE },
        account: kind.byAgent === true ? SERVICE : BACKUP,
        differential: { schedule: { every: "day", at: ["12:00"] } },
        log: { schedule: { every: "minutes", minutes: 240 } },
        schedule: { every: "week", on: ["sunday"], at: ["00:30"] },
        ...(kind.byAgent === true ? { runner: { by: "sql-agent" } } : {}),
        startWhenMissed: kind.byAgent !== true,
        runNow: true,
        keepFreeGigabytes: 0,
      };
      const resource = OneResource.of(sqlBackupSchedule, folder);
      await resource.up(declared);
      await advance(folder, 60);
      const written: string[] = [];
      let serving = first;
      const outcomes = new Set<string>();
      for (let day = 1; day <= DAYS; day++) {
        const now = `day ${String(day)}`;
        await editDatabase(folder, serving, kind.database, (contents) => {
          const { days = [] } = contents as { days?: string[] };
          return { ...(contents as object), days: [...days, now] };
        });
        written.push(now);
        if (kind.failsOver?.includes(day) === true) {
          await failOverDatabase(folder, serving, kind.database);
          serving = kind.on.find((one) => one !== serving) ?? serving;
        }
        for (const { job, outcome } of (await advance(folder, DAY)).fired) {
          if (job.startsWith("month")) outcomes.add(outcome);
        }
      }
      assert.ok(outcomes.has("succeeded") && !outcomes.has("failed"), [...outcomes].join());
      assert.deepEqual(await resource.drift(declared), []);
      const { newestSet } = resource.state?.outputs as { newestSet: string };
      const contents = await restored(folder, {
        ...{ series: "month", set: newestSet, database: kind.database, into: ALONE },
      });
      assert.deepEqual((contents as { days: string[] }).days, written);
    }).timeout(1_800_000);
  }
});
