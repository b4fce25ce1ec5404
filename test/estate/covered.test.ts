import assert from "node:assert/strict";
import fc from "fast-check";
import { rowOf } from "../../estate/catalogue";
import { coverageOf } from "../../estate/coverage";
import { ProtectingJob, type Cover, type SetKind, type Topology } from "../../estate/documents";
import {
  configurationCovers,
  fileStoreCovers,
  persistentChatCovers,
  responseGroupCovers,
  userDataCovers,
} from "../../estate/jobs";
import { sqlCovers } from "../../estate/jobs/sql-covers";
import { dutiesOf } from "../../estate/obligations";
import { databasesOf } from "../../estate/topology/databases";
import { fileStoresOf, instanceOf, isFrontEnd, storesOf } from "../../estate/topology/stores";
import * as known from "./topologies";

/** The covers of the job kinds against the obligations of topologies: what this product backs up, and what it leaves. */

const job = (name: string, covers: Cover[], setKind: SetKind = "full"): ProtectingJob[] =>
  covers.length === 0
    ? []
    : [
        ProtectingJob.parse({
          by: "job",
          name,
          series: name,
          covers,
          setKind,
          enabled: true,
          schedule: { every: "day", at: ["02:00"] },
          zone: "UTC",
          startWhenMissed: true,
          minutes: 10,
          target: { name: "vault", host: "bk01.contoso.com", location: "remote" },
          retention: {},
        }),
      ];

/** One job for each thing of a topology that a job kind can back up. */
function everyJob(topology: Topology): ProtectingJob[] {
  const frontEnds = topology.pools.filter(isFrontEnd);
  const stores = storesOf(topology);
  const databases = databasesOf(topology, stores);
  const instances = new Map(stores.map(({ sql }) => [instanceOf(sql), sql]));
  const withRole = (path: string, role: "call-park" | "announcement"): string[] =>
    frontEnds
      .filter(({ roles, fqdn }) => roles.includes(role) && storeOf(topology, fqdn) === path)
      .map(({ fqdn }) => fqdn);
  return [
    ...job("configuration", configurationCovers()),
    ...frontEnds.flatMap(({ fqdn, roles }, index) => [
      ...job(`users-${String(index)}`, userDataCovers({ pool: fqdn })),
      ...(roles.includes("response-group") ? job(`rgs-${String(index)}`, responseGroupCovers({ pool: fqdn })) : []),
    ]),
    ...fileStoresOf(topology).flatMap(({ path }, index) =>
      job(
        `files-${String(index)}`,
        fileStoreCovers({
          store: path,
          callParkPools: withRole(path, "call-park"),
          announcementPools: withRole(path, "announcement"),
        }),
      ),
    ),
    ...[...instances].flatMap(([instance, sql], index) => {
      const replicas = [
        sql.instance,
        ...(sql.mirror === undefined ? [] : [sql.mirror]),
        ...groupOf(topology, sql.instance),
      ];
      const covers = sqlCovers(
        {
          owner: { project: "lync", stack: "test", name: "sql" },
          name: "sql",
          product: topology.product,
          deployment: topology.deployment,
          account: String.raw`CONTOSO\backup$`,
          timeLimitMinutes: 60,
          target: { name: "vault", host: "bk01.contoso.com", path: String.raw`\\bk01.contoso.com\vault$` },
          keepFreeBytes: 0,
          retention: { last: 3, daily: 0, weekly: 0, monthly: 0, yearly: 0 },
          instance,
          release: "2012",
          placement: replicas.map((replica) => ({ host: replica.split("\\")[0] ?? "", instance: replica })),
          databases: {
            roles: [
              "userStore",
              "responseGroup",
              "centralManagement",
              "archiving",
              "monitoring",
              "persistentChat",
              "compliance",
              "transient",
            ],
            names: [],
          },
          differential: false,
          log: { leaveOut: [] },
          copyOnly: false,
          compress: false,
          replica: "primary",
        },
        databases
          .filter((database) => database.instance === instance)
          // What is not known to be in full recovery is no obligation, and nothing that a job could be needed for.
          .map(({ row, recovery }) => ({ name: row.name, recovery: recovery === "full" ? recovery : "simple" })),
      );
      return [...job(`sql-${String(index)}-full`, covers.full), ...job(`sql-${String(index)}-log`, covers.log, "log")];
    }),
  ];
}

const storeOf = (topology: Topology, pool: string): string | undefined =>
  fileStoresOf(topology).find(({ pools }) => pools.some(({ fqdn }) => fqdn === pool))?.path;
const groupOf = (topology: Topology, instance: string): string[] =>
  topology.sql.find((one) => one.instance === instance)?.availabilityGroups.flatMap(({ replicas }) => replicas) ?? [];

const isOutside = (key: string): boolean =>
  rowOf(key.split(" ")[0] as Parameters<typeof rowOf>[0]).protectedBy[0] === "external";
const gapsOf = (topology: Topology, jobs: readonly ProtectingJob[]): string[] =>
  coverageOf(dutiesOf(topology).obligations, jobs, "2026-03-01T12:00:00.000Z")
    .rows.filter(({ state }) => state === "gap")
    .map(({ obligation }) => obligation.key);

describe("the job kinds together", () => {
  it("cover all that Lync itself stores, in any deployment, and leave what others own", () => {
    fc.assert(
      fc.property(known.anyTopology, (topology) => {
        assert.deepEqual(
          gapsOf(topology, everyJob(topology)).filter((key) => !isOutside(key)),
          [],
        );
      }),
    );
  });

  for (const [name, topology] of Object.entries(known).filter(
    (entry): entry is [string, Topology] => typeof entry[1] === "object" && "pools" in entry[1],
  )) {
    it(`leave the gap of exactly what one of them covered, where it is taken away: ${name}`, () => {
      const jobs = everyJob(topology);
      const left = new Set(gapsOf(topology, jobs));
      for (const [index, gone] of jobs.entries()) {
        const gaps = gapsOf(topology, jobs.toSpliced(index, 1)).filter((key) => !left.has(key));
        assert.ok(gaps.length > 0, `${gone.name} covers nothing that nobody else covers`);
        const keys = new Set(gone.covers.map(({ datum }) => datum));
        for (const gap of gaps) assert.ok(keys.has(gap.split(" ")[0] ?? ""), `${gap} is not what ${gone.name} covers`);
      }
    });
  }

  it("may back Persistent Chat up by its own export instead of SQL Server", () => {
    const covers = persistentChatCovers({ instance: "chatsql.contoso.com", database: "mgc", level: "All" });
    const key = "persistent-chat database chatsql.contoso.com mgc";
    assert.ok(!gapsOf(known.withPersistentChat, job("chat", [...covers])).includes(key));
    assert.ok(gapsOf(known.withPersistentChat, []).includes(key));
  });
});
