import type { SourceId } from "./sources";

/** The seven kinds of loss that the documentation knows. Restores are planned, and drills named, by these. */
export const SCENARIOS = {
  pool: { title: "A Front End pool is lost", source: "strategy" },
  "standard-edition-server": { title: "A Standard Edition server is lost", source: "strategy" },
  "central-management-store": { title: "The Central Management store is lost", source: "strategy" },
  "back-end": { title: "A Back End is lost, and the Central Management store lives", source: "strategy" },
  "pool-member": { title: "A server of a pool is lost", source: "strategy" },
  "file-store": { title: "A file store is lost", source: "strategy" },
  database: { title: "An Archiving, Monitoring or Persistent Chat database is lost", source: "strategy" },
} as const satisfies Record<string, { title: string; source: SourceId }>;

export type Scenario = keyof typeof SCENARIOS;
export const EVERY_SCENARIO = Object.keys(SCENARIOS) as Scenario[];
