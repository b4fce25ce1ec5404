import { ProtectingJob, type Cover, type SetKind, type Topology } from "../../estate/documents";
import { configurationCovers, fileStoreCovers, responseGroupCovers, userDataCovers } from "../../estate/jobs";
import { sqlCovers } from "../../estate/jobs/sql-covers";
import { databasesOf } from "../../estate/topology/databases";
import { fileStoresOf, instanceOf, isFrontEnd, storesOf } from "../../estate/topology/stores";

/** Jobs that back a topology up, by the covers of the job kinds. */

export const job = (name: string, covers: Cover[], setKind: SetKind = "full", series = name): ProtectingJob[] =>
  covers.length === 0
    ? []
    : [
        ProtectingJob.parse({
          by: "job",
          name,
          series,
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
export function everyJob(topology: Topology): ProtectingJob[] {
  const frontEnds = topology.pools.filter(isFrontEnd);
  const stores = storesOf(topology);
  const databases = databasesOf(topology, stores);
  const instances = new Set(stores.map(({ sql }) => instanceOf(sql)));
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
    ...[...instances].flatMap((instance, index) => {
      const replicas = stores
        .filter(({ sql }) => instanceOf(sql) === instance)
        .flatMap(({ sql }) => [
          sql.instance,
          ...(sql.mirror === undefined ? [] : [sql.mirror]),
          ...groupOf(topology, sql.instance),
        ]);
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
      return [
        ...job(`sql-${String(index)}-full`, covers.full, "full", `sql-${String(index)}`),
        ...job(`sql-${String(index)}-log`, covers.log, "log", `sql-${String(index)}`),
      ];
    }),
  ];
}

const storeOf = (topology: Topology, pool: string): string | undefined =>
  fileStoresOf(topology).find(({ pools }) => pools.some(({ fqdn }) => fqdn === pool))?.path;
const groupOf = (topology: Topology, instance: string): string[] =>
  topology.sql.find((one) => one.instance === instance)?.availabilityGroups.flatMap(({ replicas }) => replicas) ?? [];
