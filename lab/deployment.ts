import type { Product, Topology } from "../estate/documents";

/** What Lync itself knows: the topology, and the contents of the Central Management store. */
export interface Deployment {
  topology: Topology;
  store: CentralManagementStore;
  /** For emergency calls. A lab of an earlier release has none. */
  locations?: Location[];
}

export interface Location {
  /** Within the building: a floor, a wing. */
  place: string;
  company: string;
  street: string;
  city: string;
  country: string;
  /** Clients in these are there. */
  subnets: string[];
}

interface CentralManagementStore {
  /** False: its database does not answer. */
  running: boolean;
  /** The server whose master replicator acts for it. */
  master: string;
  fileTransferAgents: string[];
  contents: Configuration;
  /** What replication last brought to every server: what -LocalStore reads. */
  replica: Configuration;
}

export interface Configuration {
  /** Grows with every change. */
  serial: number;
  policies: Policy[];
}

export interface Policy {
  /** `Voice`, `Conferencing`, … */
  kind: string;
  /** `Global`, `Site:main`, `Tag:Executives`. */
  identity: string;
  settings: Record<string, string>;
}

export const SERVER_VERSION: Record<Product, string> = {
  lync2013: "5.0.8308.0",
  sfb2015: "6.0.9319.0",
  sfb2019: "7.0.2046.0",
  sfbse: "7.0.2046.530",
};

/** A change in the store reaches the replicas, unless the store is down. */
export function changeConfiguration(deployment: Deployment, change: (contents: Configuration) => void): void {
  const { store } = deployment;
  change(store.contents);
  store.contents.serial++;
  store.replica = structuredClone(store.contents);
}
