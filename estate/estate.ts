import { z } from "zod";
import {
  Account,
  Fqdn,
  Name,
  poolOf,
  problemsOf,
  Reach,
  Retention,
  Schedule,
  TargetDeclaration,
  Topology,
} from "./documents";

const gigabytes = z.number().min(0).max(1_000_000).default(10);
const adopt = z.boolean().default(false).describe("Take over what is there and differs");

/** Everything that one stack declares. */
export const Estate = z
  .strictObject({
    topology: Topology.schema,
    account: Account.describe("Under which jobs run"),
    protect: z.boolean().default(true).describe("The engine then refuses to replace or destroy targets"),
    hosts: z
      .array(z.strictObject({ name: Fqdn, reach: Reach, adopt }))
      .min(1)
      .describe("Computers that get the module"),
    targets: z
      .array(
        TargetDeclaration.omit({ keepFreeBytes: true }).extend({ host: Fqdn, keepFreeGigabytes: gigabytes, adopt }),
      )
      .min(1),
    configuration: z.strictObject({
      name: Name.default("configuration"),
      hosts: z.array(Fqdn).min(1).describe("Where the export is placed; it acts beside the Central Management store"),
      lostHosts: z.array(Fqdn).default([]).describe("Hosts that are lost for good, and from which nothing is removed"),
      target: Name,
      schedule: Schedule,
      startWhenMissed: z.boolean().default(true),
      retention: Retention.prefault({ last: 14 }),
      keepFreeGigabytes: gigabytes,
      timeLimitMinutes: z.int().min(1).max(10080).default(60),
      enabled: z.boolean().default(true),
      disabledReason: z.string().min(1).max(500).optional(),
      adopt,
    }),
  })
  .superRefine((estate, context) => {
    estateRules(estate, (path, message) => {
      context.addIssue({ code: "custom", path, message });
    });
  });
export type Estate = z.infer<typeof Estate>;

/** What a single resource cannot judge: how the parts of an estate fit together. */
function estateRules(estate: Estate, problem: (path: PropertyKey[], message: string) => void): void {
  const { topology, hosts, targets, configuration, account } = estate;
  const once = (path: PropertyKey[], names: readonly string[]): void => {
    for (const [index, name] of names.entries()) {
      if (names.indexOf(name) < index) problem([...path, index], "is named twice");
    }
  };
  // Resources are named by these, and two of one name are one to the engine.
  once(
    ["hosts"],
    hosts.map(({ name }) => shortName(name)),
  );
  once(
    ["targets"],
    targets.map(({ name }) => name),
  );
  once(["configuration", "hosts"], configuration.hosts);

  const known = new Set(hosts.map(({ name }) => name));
  for (const [index, { host }] of targets.entries()) {
    const path = ["targets", index, "host"];
    if (!known.has(host)) problem(path, NO_HOST);
    const pool = poolOf(topology, host);
    if (pool) problem(path, `is a server of ${pool.fqdn}: what is lost with a pool is no backup`);
  }
  for (const [index, host] of configuration.hosts.entries()) {
    if (!known.has(host)) problem(["configuration", "hosts", index], NO_HOST);
  }
  const target = targets.find(({ name }) => name === configuration.target);
  if (!target) {
    problem(["configuration", "target"], "is not among the targets of this estate");
    return;
  }
  if (target.share === undefined && configuration.hosts.some((host) => host !== target.host)) {
    problem(["configuration", "target"], "has no share, and the job runs on other computers");
  }
  if (!target.writers.some((writer) => writer.toLowerCase() === account.toLowerCase())) {
    problem(["configuration", "target"], "does not have the account of the jobs among its writers");
  }
}

const NO_HOST = "is not among the hosts of this estate";

export const shortName = (host: string): string => host.split(".")[0] ?? host;

/** Reads a declaration; refuses it with every problem at once, before anything runs. */
export function defineEstate(name: string, declared: z.input<typeof Estate>): Estate {
  const parsed = Estate.safeParse(declared);
  if (parsed.success) return parsed.data;
  throw new Error(`the estate ${name} is not valid:\n  ${problemsOf(parsed.error).join("\n  ")}`);
}

/** The jobs that an estate places, for those who run or watch them without the engine. */
export function jobsOf(estate: Estate): { name: string; title: string; hosts: string[]; target: string }[] {
  const { name, hosts, target } = estate.configuration;
  return [{ name, title: "Configuration and locations", hosts, target }];
}
