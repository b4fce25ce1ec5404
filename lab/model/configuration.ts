import { z } from "zod";
import type { Topology } from "../../estate/documents";

/** What the Central Management store holds: the topology, and everything that is set. */

export const Policy = z.strictObject({
  kind: z.string().min(1).describe("`Voice`, `Conferencing`, `CallParkOrbit`, …"),
  identity: z.string().min(1).describe("`Global`, `Site:main`, `Tag:Executives`, the name of an orbit"),
  settings: z.record(z.string(), z.string()),
});
export type Policy = z.infer<typeof Policy>;

export interface Configuration {
  /** Grows with every change. */
  serial: number;
  /** When the last change was made, which replication tells of each replica. Absent: on no day of the lab's. */
  changedAt?: string;
  /** Null: none was published. */
  topology: Topology | null;
  /** Policies, and everything else that is set: by kind and identity. */
  policies: Policy[];
}

export const emptyConfiguration = (): Configuration => ({ serial: 0, topology: null, policies: [] });

/** Settings of a kind, in the order in which they were made. */
export const policiesOf = (configuration: Configuration, kind: string): Policy[] =>
  configuration.policies.filter((policy) => policy.kind === kind);
