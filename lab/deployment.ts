import type { Pool, Product, Topology } from "../estate/documents";
import { productOf } from "../estate/topology/stores";

/** What was built, whatever the Central Management store says of it, and where that store is. */
export interface Deployment {
  topology: Topology;
  /** RTCUniversalServerAdmins may enable a topology: setup permission was granted. */
  setupDelegated: boolean;
  store: {
    /** False: its database does not answer. */
    running: boolean;
    /** The SQL store that the service connection point in the directory names. */
    location: string;
    /** The server whose master replicator acts for it. */
    master: string;
    fileTransferAgents: string[];
  };
}

export const SERVER_VERSION: Record<Product, string> = {
  lync2013: "5.0.8308.0",
  sfb2015: "6.0.9319.0",
  sfb2019: "7.0.2046.0",
  sfbse: "7.0.2046.530",
};

/** What the servers of a pool run: as the topology says, or as the product came. */
export function versionOf(topology: Topology, pool: Pool): string {
  const product = productOf(topology, pool);
  const common = product === topology.product ? topology.cumulativeUpdate : undefined;
  return pool.cumulativeUpdate ?? common ?? SERVER_VERSION[product];
}
