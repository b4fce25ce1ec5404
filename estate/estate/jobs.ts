import type { Cover, ProtectingJob, Schedule, SetKind, TargetReference } from "../documents";
import {
  configurationChangeName,
  configurationCovers,
  fileStoreCovers,
  persistentChatCovers,
  responseGroupCovers,
  userDataCovers,
} from "../jobs";
import { sqlJobName } from "../jobs/sql";
import { sqlCovers } from "../jobs/sql-covers";
import type { SqlBackup } from "../jobs/sql-declaration";
import type { SCHEDULED_KINDS } from "../jobs/sql-steps";
import { databasesOf } from "../topology/databases";
import { readingOf, type Reading } from "./reading";
import { resourcesIn, resourcesOf, type JobResource, type ResourceOf } from "./resources";
import type { EstateParts } from "./schema";

/** The jobs that an estate places: a resource is one, or several that add to one line of sets. */
export interface EstateJob {
  name: string;
  title: string;
  hosts: string[];
  target: string;
  /** The line of sets that it adds to. */
  series: string;
  schedule: Schedule;
  setKind: SetKind;
  enabled: boolean;
  disabledReason: string | undefined;
}

/** For those who run or watch them without the engine. */
export const jobsOf = (estate: EstateParts): EstateJob[] => resourcesOf(estate).flatMap(jobsIn);

export function jobsIn(resource: JobResource): EstateJob[] {
  const { name, hosts, target, enabled, disabledReason, schedule } = resource.common;
  const job = (own: Partial<EstateJob> & Pick<EstateJob, "title">): EstateJob => ({
    ...{ name, target, schedule, enabled, disabledReason, series: name, setKind: "full" },
    hosts: [...new Set(hosts.map((host) => host.name))],
    ...own,
  });
  switch (resource.kind) {
    case "configuration": {
      const { onChange } = resource.own;
      const title = "Configuration and locations";
      const changed = { name: configurationChangeName(name), title: `${title}, when they were changed` };
      return [job({ title }), ...(onChange ? [job({ ...changed, schedule: onChange.schedule })] : [])];
    }
    case "userData":
      return [job({ title: `User data of ${resource.own.pool}` })];
    case "responseGroups":
      return [job({ title: `Response Groups of ${resource.own.pool}` })];
    case "persistentChat":
      return [job({ title: `Persistent Chat of ${resource.own.pool}` })];
    case "fileStores":
      return [job({ title: `File store ${resource.own.store}`, setKind: "incremental" })];
    case "sql": {
      const { instance, differential, log, copyOnly } = resource.own;
      const of = (kind: (typeof SCHEDULED_KINDS)[number], own: Partial<EstateJob>): EstateJob =>
        job({ name: sqlJobName({ name }, kind), title: `${SQL_TITLES[kind]} of ${instance}`, setKind: kind, ...own });
      return [
        of("full", copyOnly ? { setKind: "copy-only" } : {}),
        ...(differential ? [of("differential", { schedule: differential.schedule })] : []),
        ...(log ? [of("log", { schedule: log.schedule })] : []),
      ];
    }
  }
}

const SQL_TITLES = { full: "Full backups", differential: "Differential backups", log: "Log backups" };

/** Those that back something up, as far as targets: what carries sets further is not among them. */
export function protectingJobsOf(estate: EstateParts): ProtectingJob[] {
  const reading = readingOf(estate);
  return resourcesIn(reading).flatMap((resource) => protectingJobs(resource, reading));
}

/** Of a run: what exports and backups of large pools take. */
const EXPECTED_MINUTES = 60;

function protectingJobs(resource: JobResource, reading: Reading): ProtectingJob[] {
  const { targets, plan } = reading.estate;
  const { startWhenMissed, timeLimitMinutes, retention } = resource.common;
  const covers = coversOf(resource, reading);
  return jobsIn(resource).flatMap(({ hosts: _hosts, title: _title, target: name, disabledReason, ...job }) => {
    const own = covers(job.setKind);
    const target = targets.find((one) => one.name === name);
    if (own.length === 0 || !target) return [];
    return [
      {
        ...job,
        by: "job",
        covers: own,
        ...(disabledReason === undefined ? {} : { disabledReason }),
        zone: plan.timeZone,
        startWhenMissed,
        // As expected: nobody has measured it yet.
        minutes: Math.min(timeLimitMinutes, EXPECTED_MINUTES),
        target: { name, host: target.host, location: target.location },
        retention,
        copies: [],
      },
    ];
  });
}

function coversOf(resource: JobResource, reading: Reading): (setKind: SetKind) => Cover[] {
  switch (resource.kind) {
    case "configuration":
      return configurationCovers;
    case "userData":
      return () => userDataCovers(resource.own);
    case "responseGroups":
      return () => responseGroupCovers(resource.own);
    case "persistentChat":
      return () => persistentChatCovers(resource.own);
    case "fileStores":
      return () => fileStoreCovers(resource.own);
    case "sql": {
      const covers = sqlCovers(sqlBackupOf(resource, reading.estate), databasesIn(resource.own.instance, reading));
      return (setKind) => (setKind === "log" || setKind === "differential" ? covers[setKind] : covers.full);
    }
  }
}

function databasesIn(instance: string, { estate, storesIn }: Reading) {
  return databasesOf(estate.topology, storesIn(instance)).map(({ row, recovery }) => ({
    name: row.name,
    recovery: recovery === "unknown" ? undefined : recovery,
  }));
}

/** In the words of the core, which judges it with the topology. Whose it is plays no part there. */
export function sqlBackupOf(
  { common, own }: ResourceOf<"sql">,
  { topology, account, targets }: EstateParts,
): SqlBackup {
  const target = targets.find(({ name }) => name === common.target);
  const { differential, log, ...options } = own;
  return {
    ...options,
    owner: { project: "lync-backup", stack: "estate", name: common.name },
    name: common.name,
    product: common.product,
    deployment: topology.deployment,
    account,
    timeLimitMinutes: common.timeLimitMinutes,
    target: targetReference(target, common.target),
    keepFreeBytes: Math.round(common.keepFreeGigabytes * 1024 ** 3),
    retention: common.retention,
    placement: common.hosts.map(({ name, instance }) => ({ host: name, instance })),
    differential: differential !== undefined,
    ...(log ? { log: { leaveOut: log.leaveOut } } : {}),
  };
}

export function targetReference(target: EstateParts["targets"][number] | undefined, name: string): TargetReference {
  if (!target) return { name, host: "", path: "\\\\" };
  const { host, share, path } = target;
  return { name, host, path: share === undefined ? path : `\\\\${host}\\${share}` };
}
