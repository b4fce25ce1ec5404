import assert from "node:assert/strict";
import { needsOf } from "../../../estate/chains";
import { Manifest, MANIFEST, Topology, type Job, type Product, type Run } from "../../../estate/documents";
import type { SqlBackup } from "../../../estate/jobs/sql-declaration";
import { agentPackage } from "../../../hosts/agent/package";
import { buildDeployment, volume } from "../../../lab/deployments/build";
import { openLabHost } from "../../../lab/host";
import { impossible } from "../../../lab/model/impossible";
import { executeSql, type SqlCall } from "../../../lab/sql/statements";
import { below } from "../../../lab/paths";
import { asAdministrator } from "../../../lab/sql/edits";
import { findHeld } from "../../../lab/sql/log";
import { restoreDatabase, restoreLog } from "../../../lab/sql/restore";
import { Store } from "../../../lab/store";
import { inWorld } from "../../../lab/world";
import { declaredSql } from "../../estate/sql-declarations";
import { labOf } from "../cmdlets/support";
import { apply, BACKUP, TARGET, vault } from "../fixture";
import type { SqlBackupOptions } from "../../../estate/jobs/sql-declaration";

/** A deployment with SQL Servers of every kind, and the backup jobs of an instance run there. */

export const BK = "bk01.contoso.com";
export const SERVICE = String.raw`CONTOSO\sql-service$`;
export const SQL01 = String.raw`sql01.contoso.com\rtc`;
export const SQL02 = String.raw`sql02.contoso.com\rtc`;
export const ALONE = String.raw`sql3.contoso.com\archive`;
export const EXPRESS = String.raw`se.contoso.com\rtc`;
export const LISTENER = "ag.contoso.com";
export const AG1 = "ag1.contoso.com";
export const AG2 = "ag2.contoso.com";
export const PAIR = [
  { host: "sql01.contoso.com", instance: SQL01 },
  { host: "sql02.contoso.com", instance: SQL02 },
];
export const hostOf = (instance: string): string => instance.split("\\")[0] ?? instance;

const RELEASES: Record<Product, "2012" | "2014" | "2019"> = {
  lync2013: "2012",
  sfb2015: "2014",
  sfb2019: "2019",
  sfbse: "2019",
};

/** A mirrored pair; an instance alone, with archive and monitoring; Express; and where there can be, a group. */
export function servers(product: Product = "lync2013"): Topology {
  const release = RELEASES[product];
  const hasGroups = product !== "lync2013";
  const pool = (name: string, more: object) => ({
    fqdn: `${name}.contoso.com`,
    site: "main",
    kind: "enterprise" as const,
    servers: [{ fqdn: `fe-${name}.contoso.com` }],
    fileStore: `\\\\fs01.contoso.com\\${name}`,
    ...more,
  });
  const mirrored = { instance: SQL01, mirror: SQL02 };
  const back = { instance: SQL01, ...(product === "sfb2019" || product === "sfbse" ? {} : mirrored) };
  const archive = { instance: ALONE };
  const standard = (instance: string) => ({
    instance,
    release,
    edition: "standard" as const,
    agent: true,
    serviceAccount: SERVICE,
  });
  const groups = [{ name: "ag", replicas: [AG1, AG2] }];
  return Topology.make({
    deployment: "contoso",
    product,
    domain: "contoso.com",
    sites: [{ name: "main" }],
    pools: [
      pool("pool01", {
        backEnd: back,
        archivingStore: archive,
        monitoringStore: archive,
        roles: ["archiving", "monitoring", "response-group"],
      }),
      { fqdn: "se.contoso.com", kind: "standard", site: "main", roles: [] },
      ...(hasGroups
        ? [pool("pool02", { backEnd: { instance: AG1, listener: LISTENER }, roles: ["response-group"] })]
        : []),
    ],
    sql: [
      standard(SQL01),
      ...("mirror" in back ? [standard(SQL02)] : []),
      {
        ...standard(ALONE),
        databases: [
          { name: "LcsLog", recovery: "full" },
          { name: "LcsCDR", recovery: "full" },
        ],
      },
      { instance: EXPRESS, release, edition: "express", serviceAccount: SERVICE },
      ...(hasGroups
        ? [AG1, AG2].map((instance) => ({
            ...standard(instance),
            edition: "enterprise" as const,
            availabilityGroups: groups,
          }))
        : []),
    ],
    centralManagement: { active: "pool01.contoso.com" },
  });
}

/** With a target that admits the servers, and the module on every SQL Server. */
export async function sqlLab(product: Product = "lync2013"): Promise<string> {
  const topology = servers(product);
  const more = [{ fqdn: BK, site: "main", volumes: { D: volume(500, "bitlocker" as const) } }];
  const folder = await labOf(buildDeployment(topology, { seed: "sql", usersPerPool: 3, more }));
  await apply(folder, BK, { kind: "set-target", target: { ...vault, writers: [BACKUP, SERVICE] } });
  for (const { instance } of topology.sql) {
    await apply(folder, hostOf(instance), { kind: "set-agent", agent: agentPackage() });
  }
  return folder;
}

export const TARGET_SHARE = String.raw`\\bk01.contoso.com\lyncbackup$`;

export const declared = (
  options: Parameters<typeof SqlBackupOptions.parse>[0] = {},
  more: Partial<Omit<SqlBackup, keyof SqlBackupOptions>> = {},
): SqlBackup =>
  declaredSql(options, {
    instance: ALONE,
    placement: [{ host: hostOf(ALONE), instance: ALONE }],
    target: { name: "vault", host: BK, path: TARGET_SHARE },
    keepFreeBytes: 0,
    ...more,
  });

export async function runOn(folder: string, job: Job, host: string): Promise<Run> {
  return (await openLabHost(folder, host)).run({ document: job });
}

export interface Asked extends SqlCall {
  host?: string;
  account?: string;
  logon?: "batch" | "network";
}

export const execute = (folder: string, asked: Asked): Promise<ReturnType<typeof executeSql>> =>
  inWorld(new Store(folder), (world) => {
    const { host = hostOf(asked.instance), account = BACKUP, logon = "batch", ...call } = asked;
    return executeSql(world, { host, account, logon }, call);
  });

export const tell = ({ outcome, error, steps }: Run): string =>
  [outcome, error?.message, ...steps.map((step) => `${step.id}: ${step.outcome} ${step.message}`)].join("\n");

interface Restore {
  series: string;
  set: string;
  database: string;
  into: string;
  as?: string;
}

/** Brings a database back from a set and all that it needs, as an administrator would, and returns what it holds. */
export async function restored(
  folder: string,
  { series, set, database, into, as = "Drill" }: Restore,
): Promise<unknown> {
  return asAdministrator(folder, into, (session) => {
    const { world, server } = session;
    const sets = { host: BK, local: `${TARGET}\\series\\${series}\\sets` };
    const manifests = world.disk.names(sets).flatMap((name) => {
      const text = world.disk.text(below(sets, name, MANIFEST));
      return text === undefined ? [] : [{ manifest: Manifest.parse(text), good: true }];
    });
    const needs = needsOf(manifests);
    const wanted = new Set<string>();
    const want = (one: string): void => {
      if (wanted.has(one)) return;
      wanted.add(one);
      for (const other of needs.get(one) ?? []) want(other);
    };
    want(set);
    const chain = manifests
      .filter(({ manifest }) => wanted.has(manifest.set))
      .flatMap(({ manifest }) => {
        const files = manifest.artefacts.filter(
          ({ scope }) => scope.of === "database" && scope.database.toLowerCase() === database.toLowerCase(),
        );
        const devices = files.map(({ path }) =>
          [TARGET_SHARE, "series", series, "sets", manifest.set, path].join("\\"),
        );
        return devices.length > 0
          ? [{ kind: manifest.kind, devices, last: JSON.stringify(files[0]?.facts["last-lsn"]) }]
          : [];
      })
      .sort((a, b) => (a.last < b.last ? -1 : 1));
    for (const [index, { kind, devices }] of chain.entries()) {
      const call = { database: as, devices, recovery: index === chain.length - 1, replace: true };
      (kind === "log" ? restoreLog : restoreDatabase)(session, call);
    }
    assert.deepEqual(impossible(world), []);
    return structuredClone(findHeld(world, server, as)?.contents);
  });
}
