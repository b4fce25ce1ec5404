import { Name, poolOf, type Role } from "../documents";
import { runnerProblems } from "../jobs/runner";
import { sqlProblems } from "../jobs/sql-problems";
import { isFrontEnd } from "../topology/stores";
import { jobsIn, sqlBackupOf } from "./jobs";
import { shortName } from "./names";
import { NO_TARGET, once, planRules, type Problem } from "./plan-rules";
import { offsiteProblems } from "./offsite";
import { readingOf, type Reading } from "./reading";
import { resourcesIn, type JobResource, type ResourceOf } from "./resources";
import type { EstateParts } from "./schema";

/** What a single resource cannot judge: how the parts of an estate fit together, and what they say of the topology. */

export function estateRules(estate: EstateParts, problem: Problem): void {
  const reading = readingOf(estate);
  const resources = resourcesIn(reading);
  partRules(estate, problem);
  planRules(reading, problem);
  targetRules(reading, resources, problem);
  nameRules(resources, problem);
  // What the defaults say is judged there.
  const known = new Set([...estate.hosts.map(({ name }) => name), ...(estate.defaults.hosts ?? [])]);
  for (const resource of resources) {
    placeRules(estate, resource, known, problem);
    exportRules(reading, resource, problem);
    kindRules(reading, resource, problem);
  }
  offsiteProblems(estate, problem);
}

const NO_HOST = "is not among the hosts of this estate";

/** Where the estate says it; what follows from `everything` is called by its name there. */
const at = ({ path, common }: JobResource, ...field: PropertyKey[]): PropertyKey[] => [
  ...(path ?? ["everything", common.name]),
  ...field,
];

function partRules({ topology, hosts, targets, defaults }: EstateParts, problem: Problem): void {
  const names = targets.map(({ name }) => name);
  // Resources are named by these, and two of one name are one to the engine.
  once(
    ["hosts"],
    hosts.map(({ name }) => shortName(name)),
    problem,
  );
  once(["targets"], names, problem);
  const known = new Set(hosts.map(({ name }) => name));
  for (const [index, { host }] of targets.entries()) {
    const path = ["targets", index, "host"];
    if (!known.has(host)) problem(path, NO_HOST);
    const pool = poolOf(topology, host);
    if (pool) problem(path, `is a server of ${pool.fqdn}: what is lost with a pool is no backup`);
  }
  for (const [index, host] of (defaults.hosts ?? []).entries()) {
    if (!known.has(host)) problem(["defaults", "hosts", index], NO_HOST);
  }
  if (defaults.target !== undefined && !names.includes(defaults.target)) problem(["defaults", "target"], NO_TARGET);
}

/** Who must write to a target: the account of the jobs, and what SQL Servers run as, because they write themselves. */
function targetRules({ estate, instances }: Reading, resources: readonly JobResource[], problem: Problem): void {
  for (const [index, target] of estate.targets.entries()) {
    const jobs = resources.filter(({ common }) => common.target === target.name);
    const elsewhere = jobs.find(({ common }) => common.hosts.some(({ name }) => name !== target.host));
    if (target.share === undefined && elsewhere) {
      problem(["targets", index, "share"], `is missing, and ${elsewhere.common.name} runs on other computers`);
    }
    const needed = new Map<string, string>();
    if (jobs.length > 0) needed.set(estate.account.toLowerCase(), `${estate.account}, under which jobs run`);
    for (const { instance } of jobs.flatMap((job) => (job.kind === "sql" ? job.common.hosts : []))) {
      const account = writerOf(estate, instance, instances.get(instance)?.serviceAccount);
      if (account === undefined) continue;
      needed.set(account.toLowerCase(), `${account}, as which ${instance} writes its backups`);
    }
    const writers = new Set(target.writers.map((writer) => writer.toLowerCase()));
    for (const [account, who] of needed) {
      if (!writers.has(account)) problem(["targets", index, "writers"], `leaves out ${who}`);
    }
  }
}

/** A virtual account has no credentials of its own: others see the computer. */
function writerOf({ topology }: EstateParts, instance: string, account: string | undefined): string | undefined {
  if (account === undefined || !/^NT (SERVICE|AUTHORITY)\\/i.test(account)) return account;
  return `${shortName(topology.domain).toUpperCase()}\\${shortName(instance.split("\\")[0] ?? "").toUpperCase()}$`;
}

/** Jobs and series are folders, tasks and files by these names, whatever kind they are. */
function nameRules(resources: readonly JobResource[], problem: Problem): void {
  const taken = new Map<string, JobResource>();
  for (const resource of resources) {
    const { name } = resource.common;
    const path = at(resource, "name");
    if (!Name.safeParse(name).success) {
      problem(path, `would be ${name}, which is no name or too long a one: give it another`);
    }
    for (const one of new Set([name, ...jobsIn(resource).map((job) => job.name)])) {
      if (taken.has(one)) problem(path, `is that of another job too, ${one}: give it another`);
      taken.set(one, resource);
    }
  }
}

function placeRules(
  { targets, defaults }: EstateParts,
  resource: JobResource,
  known: ReadonlySet<string>,
  problem: Problem,
): void {
  const { hosts, target } = resource.common;
  if (hosts.length === 0) problem(at(resource, "hosts"), "are said neither here nor in defaults");
  once(
    at(resource, "hosts"),
    hosts.map(({ name }) => name),
    problem,
  );
  for (const [index, { name }] of hosts.entries()) {
    if (!known.has(name)) problem(at(resource, "hosts", index), `${NO_HOST}: ${name}`);
  }
  if (target === "") problem(at(resource, "target"), "is said neither here nor in defaults");
  else if (target !== defaults.target && !targets.some(({ name }) => name === target)) {
    problem(at(resource, "target"), NO_TARGET);
  }
}

/** Of several hosts the one beside the Central Management store exports: if none is there, none ever will. */
function exportRules({ estate, poolOfHost }: Reading, resource: JobResource, problem: Problem): void {
  const { hosts } = resource.common;
  const { active } = estate.topology.centralManagement;
  if (resource.kind === "sql" || resource.kind === "fileStores" || hosts.length < 2) return;
  if (hosts.some(({ name }) => poolOfHost.get(name) === active)) return;
  problem(
    at(resource, "hosts"),
    `are several, and none is in ${active}, where the store is that says which one exports`,
  );
}

function kindRules(reading: Reading, resource: JobResource, problem: Problem): void {
  switch (resource.kind) {
    case "configuration":
      return;
    case "userData":
    case "responseGroups": {
      const found = reading.pools.get(resource.own.pool);
      const path = at(resource, "pool");
      if (!found) problem(path, NO_POOL);
      else if (!isFrontEnd(found)) problem(path, `is a pool of kind ${found.kind}, and no users are homed there`);
      else if (resource.kind === "responseGroups" && !found.roles.includes("response-group")) {
        problem(path, "does not have the role response-group in the topology");
      }
      return;
    }
    case "persistentChat": {
      const { instance } = resource.own;
      const isStore = reading.storesIn(instance).some(({ holder }) => holder === "persistent-chat");
      if (!isStore) problem(at(resource, "instance"), "is the store of no Persistent Chat pool of the topology");
      return;
    }
    case "fileStores":
      fileStoreRules(reading, resource, problem);
      return;
    case "sql":
      sqlRules(reading, resource, problem);
  }
}

const NO_POOL = "is no pool of the topology";

function fileStoreRules({ fileStores }: Reading, resource: ResourceOf<"fileStores">, problem: Problem): void {
  const { store, callParkPools, announcementPools } = resource.own;
  const found = fileStores.get(store);
  if (!found) {
    problem(at(resource, "store"), "is no file store of the topology");
    return;
  }
  const roles = [
    ["callParkPools", "call-park", callParkPools],
    ["announcementPools", "announcement", announcementPools],
  ] as const satisfies readonly (readonly [string, Role, readonly string[]])[];
  for (const [field, role, names] of roles) {
    for (const [index, name] of names.entries()) {
      const pool = found.find(({ fqdn }) => fqdn === name);
      if (!pool?.roles.includes(role)) problem(at(resource, field, index), `is no pool with ${role} in this store`);
    }
  }
}

function sqlRules(reading: Reading, resource: ResourceOf<"sql">, problem: Problem): void {
  const { estate, instances } = reading;
  const { instance } = resource.own;
  if (!instances.has(instance) && reading.storesIn(instance).length === 0) {
    problem(at(resource, "instance"), "is no principal, listener or SQL Server instance of the topology");
    return;
  }
  const isSaid = resource.path !== undefined && estate.sql.some((one) => one.instance === instance && one.release);
  if (!isSaid && !resource.common.hosts.some((host) => instances.has(host.instance))) {
    problem(at(resource, "release"), `is not known: record ${instance} in the topology's sql, with its release`);
  }
  const { startWhenMissed, hosts } = resource.common;
  for (const { path, message } of runnerProblems({ runner: resource.own.runner, startWhenMissed, hosts })) {
    problem(at(resource, String(path[0]), ...path.slice(1)), message);
  }
  if (!estate.targets.some(({ name }) => name === resource.common.target)) return;
  for (const { path, message } of sqlProblems(sqlBackupOf(resource, estate), estate.topology, reading)) {
    const [first, ...rest] = path;
    // That sets need a share is said of the target.
    if (first !== "target") problem(at(resource, first === "placement" ? "hosts" : (first ?? ""), ...rest), message);
  }
}
