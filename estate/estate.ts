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

/** Everything that one stack declares. */
export const Estate = z
  .strictObject({
    topology: Topology.schema,
    account: Account.describe("Under which jobs run"),
    protect: z.boolean().default(true).describe("The engine then refuses to replace or destroy targets"),
    hosts: z
      .array(z.strictObject({ name: Fqdn, reach: Reach }))
      .min(1)
      .describe("Computers that get the module"),
    targets: z
      .array(
        TargetDeclaration.omit({ keepFreeBytes: true }).extend({
          host: Fqdn,
          keepFreeGigabytes: z.number().min(0).max(1_000_000).default(10),
        }),
      )
      .min(1),
    configuration: z.strictObject({
      name: Name.default("configuration"),
      hosts: z.array(Fqdn).min(1).describe("Where the export is placed; it acts beside the Central Management store"),
      target: Name,
      schedule: Schedule,
      retention: Retention.prefault({ last: 14 }),
      timeLimitMinutes: z.int().min(1).default(60),
    }),
  })
  .superRefine((estate, context) => {
    const problem = (path: PropertyKey[], message: string): void => {
      context.addIssue({ code: "custom", path, message });
    };
    const hosts = new Set(estate.hosts.map(({ name }) => name));
    const needsModule = (path: PropertyKey[], host: string): void => {
      if (!hosts.has(host)) problem(path, "is not among the hosts of this estate");
    };
    for (const [index, target] of estate.targets.entries()) {
      needsModule(["targets", index, "host"], target.host);
      const pool = poolOf(estate.topology, target.host);
      if (pool)
        problem(["targets", index, "host"], `is a server of ${pool.fqdn}: what is lost with a pool is no backup`);
      if (!target.host.endsWith(`.${estate.topology.domain}`)) {
        problem(["targets", index, "host"], `is not in ${estate.topology.domain}: jobs could not write to it`);
      }
    }
    for (const [index, host] of estate.configuration.hosts.entries())
      needsModule(["configuration", "hosts", index], host);
    if (!estate.targets.some(({ name }) => name === estate.configuration.target)) {
      problem(["configuration", "target"], "is not among the targets of this estate");
    }
  });
export type Estate = z.infer<typeof Estate>;

/** Reads a declaration; refuses it with every problem at once, before anything runs. */
export function defineEstate(name: string, declared: z.input<typeof Estate>): Estate {
  const parsed = Estate.safeParse(declared);
  if (parsed.success) return parsed.data;
  throw new Error(`the estate ${name} is not valid:\n  ${problemsOf(parsed.error).join("\n  ")}`);
}

/** The jobs that an estate places, for those who run or watch them without the engine. */
export function jobsOf(estate: Estate): { name: string; title: string; hosts: string[]; target: string }[] {
  const { name, hosts, target } = estate.configuration;
  return [{ name, title: "Topology, policies and configuration", hosts, target }];
}
