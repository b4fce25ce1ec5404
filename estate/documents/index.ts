import { BackupPlan } from "./backup-plan";
import { Change, Envelope } from "./change";
import { CourierAnswer, CourierPlace } from "./courier";
import { Job } from "./job";
import { TargetMark } from "./layout";
import { Manifest } from "./manifest";
import { Posture } from "./posture";
import { Run } from "./run";
import { Accepted, Carried, Drilled, Held, PruneMark, Verified } from "./side";
import { HostState } from "./state";
import { Topology } from "./topology";

/** Every document, for the pages, the JSON Schemas and the examples that stay readable for ever. */
export const DOCUMENTS = [
  Topology,
  HostState,
  Change,
  Envelope,
  Job,
  Run,
  Manifest,
  TargetMark,
  Verified,
  Carried,
  PruneMark,
  Drilled,
  Accepted,
  Held,
  Posture,
  BackupPlan,
  CourierPlace,
  CourierAnswer,
] as const;

export * from "./agent-job";
export * from "./bucket";
export * from "./backup-plan";
export * from "./change";
export * from "./common";
export * from "./courier";
export * from "./document";
export * from "./job";
export * from "./layout";
export * from "./level";
export * from "./manifest";
export * from "./posture";
export * from "./protection";
export * from "./reach";
export * from "./results";
export * from "./run";
export * from "./schedule";
export * from "./side";
export * from "./sql-agent-schedule";
export * from "./state";
export * from "./steps";
export * from "./store";
export * from "./target-reference";
export * from "./topology";
export * from "./topology-parts";
export * from "./values";
