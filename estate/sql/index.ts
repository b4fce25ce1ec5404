import { OF_AGENT } from "./agent";
import { OF_AGENT_JOBS } from "./agent-jobs";
import { OF_BACKUPS } from "./backups";
import { OF_DATABASES } from "./databases";
import { OF_INSTANCES } from "./instance";
import { OF_RESTORES } from "./restores";
import type { Statement } from "./statement";
import { OF_WATCHES } from "./watch";

/** Every statement that the product can send. */
export const CORPUS: readonly Statement[] = [
  ...OF_INSTANCES,
  ...OF_DATABASES,
  ...OF_BACKUPS,
  ...OF_RESTORES,
  ...OF_AGENT,
  ...OF_AGENT_JOBS,
  ...OF_WATCHES,
];

const BY_NAME = new Map(CORPUS.map((statement) => [statement.name, statement]));
export const statementNamed = (name: string): Statement | undefined => BY_NAME.get(name);

export * from "./agent";
export * from "./agent-jobs";
export * from "./backups";
export * from "./databases";
export * from "./instance";
export * from "./restores";
export * from "./statement";
export * from "./watch";
