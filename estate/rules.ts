import type { AssumptionId, SourceId } from "./catalogue";

/**
 * The rules by which topologies and protections are judged, beside those of the catalogue's rows. Each names where it
 * comes from; `own` is what this product asks for without a document that does.
 */
export interface Rule {
  rule: string;
  source: SourceId | AssumptionId | "own";
}

/** Unwise, and allowed: said as warnings. */
export const ADVICE = {
  "pair-across-sites": { rule: "Paired pools stand in different sites.", source: "pairing" },
  "pair-alike": {
    rule: "Only pools of one kind pair: Enterprise with Enterprise, Standard Edition with Standard Edition.",
    source: "pairing",
  },
  "pair-of-one-version": { rule: "Only pools of one product version pair.", source: "pairing" },
  "pair-of-one-availability": {
    rule: "The Back Ends of paired pools use the same high availability: mirroring, Always On or none.",
    source: "pairing",
  },
  "pair-for-continuity": {
    rule: "Where continuity comes first, every Front End pool is paired.",
    source: "disaster-recovery",
  },
  "branch-without-failover": {
    rule: "Branch users do not fail over with the pool of their registrar.",
    source: "pairing",
  },
  "standby-at-the-partner": {
    rule: "Where the pool with the Central Management store is paired, its partner holds the standby.",
    source: "disaster-recovery",
  },
  "no-mirroring-after-2015": {
    rule: "SQL mirroring is not supported after Skype for Business Server 2015.",
    source: "deprecated-2019",
  },
  "always-on-from-2015": {
    rule: "Availability groups are supported from Skype for Business Server 2015 on.",
    source: "always-on",
  },
  "always-on-for-back-ends": {
    rule: "Persistent Chat and reports are not supported in an availability group.",
    source: "always-on",
  },
  "no-express-back-end": {
    rule: "Express is the edition of Standard Edition servers, not of Back Ends.",
    source: "standard-edition-store",
  },
  "named-file-store": {
    rule: "A file store is named; of a Standard Edition server that names none, the default share is assumed.",
    source: "standard-edition-share",
  },
} as const satisfies Record<string, Rule>;
export type AdviceId = keyof typeof ADVICE;

/** What discharges an obligation, and what does not. */
export const COVERAGE_RULES: readonly Rule[] = [
  { rule: "A job covers what its artefacts hold, in the scopes that they name, and nothing else.", source: "own" },
  { rule: "A job that is disabled, or that runs only when it is asked to, covers nothing.", source: "own" },
  { rule: "A log is covered by log backups only: a full backup leaves it as it is.", source: "mirroring" },
  {
    rule: "A database is covered by full backups; log and differential backups restore nothing without one.",
    source: "own",
  },
  {
    rule: "An external tool covers as long as its last success is no older than the recovery point that its owner promises, and its last restore test no older than agreed; after that it is stale.",
    source: "plan",
  },
  {
    rule: "A waiver leaves an obligation open until its last day, with a reason and an owner; then it is a gap.",
    source: "own",
  },
  { rule: "Evidence by the day counts from its first moment; evidence from the future is none.", source: "own" },
];

export const RULES: readonly Rule[] = [...Object.values(ADVICE), ...COVERAGE_RULES];
