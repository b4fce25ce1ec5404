import { defineDocument, type DocumentOf } from "./document";
import { TOPOLOGY, type Pool } from "./topology-parts";
import { topologyRules } from "./topology-rules";

/** The deployment as Lync's own topology has it. By hand in a few lines, or by discovery in full. */
export const Topology = defineDocument({
  name: "topology",
  version: 1,
  about: "What the deployment consists of. Sizes and counts are no part of it: they change daily.",
  writer: "the operator by hand, or discovery",
  readers: "obligations, the lab, plans, discovery (what changed since)",
  shape: TOPOLOGY,
  rules: topologyRules,
});
export type Topology = DocumentOf<typeof Topology>;

/** The computers of a pool: a pool without named servers is one server of the pool's own name. */
export function serversOf(pool: Pool): string[] {
  return pool.servers.length > 0 ? pool.servers.map((server) => server.fqdn) : [pool.fqdn];
}

/** The pool that a computer belongs to, if it is in one. */
export function poolOf(topology: Topology, host: string): Pool | undefined {
  return topology.pools.find((pool) => serversOf(pool).includes(host.toLowerCase()));
}
