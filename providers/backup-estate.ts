import * as pulumi from "@pulumi/pulumi";
import { poolOf, type HostReference } from "../estate/documents";
import { shortName, type Estate } from "../estate/estate";
import { BackupTarget } from "./backup-target/resource";
import { CmsExport } from "./cms-export/resource";
import { HostAgent } from "./host-agent/resource";

/** All resources of one estate, named after what they stand for. */
export class BackupEstate extends pulumi.ComponentResource {
  readonly agents: ReadonlyMap<string, HostAgent>;
  readonly targets: ReadonlyMap<string, BackupTarget>;
  readonly configuration: CmsExport;

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
    this.configuration = declareConfiguration(estate, agents, targets, own);
    this.agents = agents;
    this.targets = targets;
    this.registerOutputs({});
  }
}

function declareConfiguration(
  estate: Estate,
  agents: ReadonlyMap<string, HostAgent>,
  targets: ReadonlyMap<string, BackupTarget>,
  opts: pulumi.CustomResourceOptions,
): CmsExport {
  const { topology, account } = estate;
  const { hosts, target, ...declared } = estate.configuration;
  const destination = targets.get(target);
  if (!destination) throw new Error(`the estate has no target ${target}`);
  return new CmsExport(
    declared.name,
    {
      ...defined(declared),
      hosts: hosts.map((host) => ({ ...hostOf(estate, host), ...defined({ pool: poolOf(topology, host)?.fqdn }) })),
      product: topology.product,
      deployment: topology.deployment,
      account,
      target: destination.reference,
    },
    { ...opts, dependsOn: [destination, ...present(hosts.map((host) => agents.get(host)))] },
  );
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
