import * as pulumi from "@pulumi/pulumi";
import type { HostReference } from "../estate/documents";
import { resourcesOf, shortName, type Estate, type JobResource } from "../estate/estate";
import { BackupTarget } from "./backup-target/resource";
import { CmsExport } from "./cms-export/resource";
import { FileStoreCopyJob } from "./file-store-copy-job/resource";
import { HostAgent } from "./host-agent/resource";
import type { BackupResource } from "./job/resource";
import { PersistentChatExport } from "./persistent-chat-export/resource";
import { ResponseGroupExport } from "./response-group-export/resource";
import { SqlBackupSchedule } from "./sql-backup-schedule/resource";
import { UserDataExport } from "./user-data-export/resource";

/** All resources of one estate, named after what they stand for. */
export class BackupEstate extends pulumi.ComponentResource {
  readonly agents: ReadonlyMap<string, HostAgent>;
  readonly targets: ReadonlyMap<string, BackupTarget>;
  readonly jobs: ReadonlyMap<string, BackupResource>;

  constructor(name: string, estate: Estate, opts?: pulumi.ComponentResourceOptions) {
    super("lync:index:BackupEstate", name, {}, opts);
    const { topology } = estate;
    const own = { parent: this };

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
          { ...own, protect: estate.protect, dependsOn: present([agents.get(host)]) },
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
    this.jobs = new Map(made);
    this.agents = agents;
    this.targets = targets;
    this.registerOutputs({});
  }
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
