import * as pulumi from "@pulumi/pulumi";
import type { HostReference } from "../estate/documents";
import {
  offsiteOf,
  resourcesOf,
  shortName,
  type Estate,
  type JobResource,
  type OffsiteResource,
} from "../estate/estate";
import { promisesOf, todayOf, type Today } from "../estate/posture";
import { BackupPosture } from "./backup-posture/resource";
import { BackupTarget } from "./backup-target/resource";
import { CmsExport } from "./cms-export/resource";
import { FileStoreCopyJob } from "./file-store-copy-job/resource";
import { HostAgent } from "./host-agent/resource";
import type { BackupResource } from "./job/resource";
import { OffsiteBucket } from "./offsite-bucket/resource";
import { OffsiteCopy } from "./offsite-copy/resource";
import { PersistentChatExport } from "./persistent-chat-export/resource";
import { ResponseGroupExport } from "./response-group-export/resource";
import { SqlBackupSchedule } from "./sql-backup-schedule/resource";
import { UserDataExport } from "./user-data-export/resource";

export interface BackupEstateOptions extends pulumi.ComponentResourceOptions {
  /** The clock of the estate, by which evidence grows old and waivers end; without it, that of this computer. */
  now?: string;
}

/** One line for each obligation of the topology. */
export interface CoverageLine {
  obligation: string;
  state: string;
  by: string[];
}

/** One line for each promise of a service level, with the working. */
export interface ServiceLevelLine {
  level: string;
  promise: string;
  about: string;
  outcome: string;
  working: string;
}

/** All resources of one estate, named after what they stand for. */
export class BackupEstate extends pulumi.ComponentResource {
  readonly posture: BackupPosture;
  readonly agents: ReadonlyMap<string, HostAgent>;
  readonly targets: ReadonlyMap<string, BackupTarget>;
  readonly jobs: ReadonlyMap<string, BackupResource>;
  readonly copies: ReadonlyMap<string, OffsiteCopy>;
  readonly coverage: pulumi.Output<CoverageLine[]>;
  readonly serviceLevels: pulumi.Output<ServiceLevelLine[]>;

  constructor(name: string, estate: Estate, { now = new Date().toISOString(), ...opts }: BackupEstateOptions = {}) {
    super("lync:index:BackupEstate", name, {}, opts);
    const { topology } = estate;
    const today = todayOf(estate, now);

    // Of a name that nobody chooses, and before all others: so it is neither renamed nor left behind by accident.
    this.posture = new BackupPosture(
      "posture",
      { promises: promisesOf(estate), uncovered: today.uncovered, acknowledge: estate.acknowledge },
      { parent: this, protect: estate.protect },
    );
    const own = { parent: this, dependsOn: [this.posture] };

    const agents = new Map(
      estate.hosts.map(({ name: host, reach, adopt }) => [
        host,
        new HostAgent(shortName(host), { host, reach, adopt }, own),
      ]),
    );
    const targets = new Map(
      estate.targets.map(({ host, ...declared }) => [
        declared.name,
        new BackupTarget(
          declared.name,
          { ...defined(declared), host, reach: hostOf(estate, host).reach, domain: topology.domain },
          { ...own, protect: estate.protect, dependsOn: [this.posture, ...present([agents.get(host)])] },
        ),
      ]),
    );
    const made = resourcesOf(estate).map((resource) => {
      const { hosts, target } = resource.common;
      const destination = targets.get(target);
      if (!destination) throw new Error(`the estate has no target ${target}`);
      const dependsOn = [destination, ...present(hosts.map((host) => agents.get(host.name)))];
      return declareJob(resource, estate, destination, { ...own, dependsOn });
    });
    const copies = offsiteOf(estate).map((copy) => {
      const from = copy.sources.map(({ target }) => targets.get(target.name));
      const dependsOn = present([...from, ...copy.hosts.map((host) => agents.get(host))]);
      return declareCopy(copy, estate, { own, dependsOn });
    });
    this.jobs = new Map(made);
    this.copies = new Map(copies);
    this.agents = agents;
    this.targets = targets;
    for (const warning of warningsOf(today)) void pulumi.log.warn(warning, this.posture);
    this.coverage = pulumi.output(
      today.coverage.rows.map(({ obligation, state, by }) => ({ obligation: obligation.key, state, by })),
    );
    this.serviceLevels = pulumi.output(
      today.levels.verdicts.map(({ level, check, about, outcome, working }) => ({
        ...{ level, promise: check, about, outcome, working },
      })),
    );
    this.registerOutputs({ coverage: this.coverage, serviceLevels: this.serviceLevels });
  }
}

/** What does not stop a preview, and what nobody should overlook in it. */
function warningsOf({ stale, levels }: Today): string[] {
  const missed = levels.verdicts.filter(({ outcome }) => outcome === "missed");
  return [
    ...stale.map((says) => `its evidence is old: ${says}`),
    ...[...new Set(missed.map(({ level }) => level))].map((name) => {
      const [first, ...others] = missed.filter(({ level }) => level === name);
      const example = first ? `${first.check} of ${first.about}: ${first.working}` : "";
      return `${name}: ${String(1 + others.length)} promises are not kept, as the output serviceLevels shows; ${example}`;
    }),
  ];
}

function declareJob(
  resource: JobResource,
  estate: Estate,
  destination: BackupTarget,
  opts: pulumi.CustomResourceOptions,
): [string, BackupResource] {
  const { deployment } = estate.topology;
  const { hosts: _hosts, target: _target, ...common } = resource.common;
  const { name } = common;
  const said = { ...defined(common), deployment, account: estate.account, target: destination.reference };
  // What is common to all, where it is placed, and what is its own.
  const args = <Place extends { name: string }, Own extends object>(one: { common: { hosts: Place[] }; own: Own }) => ({
    ...said,
    hosts: one.common.hosts.map((host) => ({ ...defined(host), ...hostOf(estate, host.name) })),
    ...defined(one.own),
  });
  switch (resource.kind) {
    case "configuration":
      return [name, new CmsExport(name, args(resource), opts)];
    case "userData":
      return [name, new UserDataExport(name, args(resource), opts)];
    case "responseGroups":
      return [name, new ResponseGroupExport(name, args(resource), opts)];
    case "persistentChat":
      return [name, new PersistentChatExport(name, args(resource), opts)];
    case "fileStores":
      return [name, new FileStoreCopyJob(name, args(resource), opts)];
    case "sql":
      return [name, new SqlBackupSchedule(name, args(resource), opts)];
  }
}

/** With the bucket itself, where the estate makes it. */
function declareCopy(
  { make, hosts, sources, account, ...copy }: OffsiteResource,
  estate: Estate,
  { own, dependsOn }: { own: pulumi.CustomResourceOptions; dependsOn: pulumi.Resource[] },
): [string, OffsiteCopy] {
  const { topology, protect } = estate;
  const { bucket: name, prefix: _prefix, ...store } = copy.store;
  const bucket = make && new OffsiteBucket(name, { ...defined(store), ...defined(make), name }, { ...own, protect });
  const args = {
    ...defined(copy),
    ...{ product: topology.product, deployment: topology.deployment, sources: sources.map(defined) },
    hosts: hosts.map((host) => hostOf(estate, host)),
    ...(copy.runBy === "task" ? { account: account ?? estate.account } : {}),
  };
  return [copy.name, new OffsiteCopy(copy.name, args, { ...own, dependsOn: [...dependsOn, ...present([bucket])] })];
}

function hostOf(estate: Estate, name: string): HostReference {
  const host = estate.hosts.find((one) => one.name === name);
  if (!host) throw new Error(`the estate has no host ${name}`);
  return { name: host.name, reach: host.reach };
}

function present<T>(items: readonly (T | undefined)[]): T[] {
  return items.filter((item): item is T & {} => item !== undefined);
}

/** Without what is undefined: absent and undefined differ for the compiler, and for the engine. */
type Defined<T> = { [Key in keyof T]: Exclude<T[Key], undefined> };

function defined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as Defined<T>;
}
