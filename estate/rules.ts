import type { AssumptionId, SourceId } from "./catalogue";
import { PRODUCT_NAMES, type Product } from "./documents";
import { CENTRAL_MANAGEMENT_MINUTES, POOL_MINUTES } from "./levels/targets";

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
  "pair-across-sites": { rule: "Paired pools stand in different sites.", source: "disaster-recovery" },
  "pair-alike": {
    rule: "Only pools of one kind pair: Enterprise with Enterprise, Standard Edition with Standard Edition.",
    source: "pairing",
  },
  "pair-of-one-version": { rule: "Only pools of one product version pair.", source: "own" },
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
  "always-on-in-enterprise": {
    rule: "Availability groups of Back Ends need SQL Server Enterprise.",
    source: "always-on",
  },
  "mirror-alike": {
    rule: "Both sides of a mirror have the same release and edition of SQL Server.",
    source: "mirroring",
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
  {
    rule: "A log is covered by log backups only, beside a full backup of the database in the same series: the one leaves the log as it is, and without it the other has no beginning.",
    source: "mirroring",
  },
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

const targetOf = (product: Product): string => `${String(POOL_MINUTES[product])} minutes in ${PRODUCT_NAMES[product]}`;

/** What the promises of a service level, and the priorities of a business, are held against. */
export const LEVEL_RULES: readonly Rule[] = [
  {
    rule: "A promise that cannot be judged is not kept: it is unknown, and what is missing to know it is said.",
    source: "own",
  },
  {
    rule: "A recovery point counts from the start of one run, because what changed later is not in its set, to the end of the next run.",
    source: "own",
  },
  {
    rule: "No start is taken to be missed, neither of a job nor of a courier, unless a level says how many in a row; how soon they are made up for is known only where it says how long a host is down.",
    source: "own",
  },
  {
    rule: "Offsite it counts until the set, and all that it needs, is carried and verified: with the longest wait for the courier, and with every set that waits there.",
    source: "own",
  },
  {
    rule: "A database that SQL Server restores has the recovery point of its log backups, in full recovery and beside a full backup of the same series.",
    source: "mirroring",
  },
  {
    rule: `The loss of a paired pool costs what the Backup Service aims at: ${targetOf("lync2013")}, ${targetOf("sfb2015")}; ${String(CENTRAL_MANAGEMENT_MINUTES)} minutes for the Central Management store.`,
    source: "disaster-recovery",
  },
  { rule: "From 2019 on these targets are taken to be those of 2015.", source: "targets-after-2015" },
  {
    rule: "The Backup Service replicates user data, conference content and the Central Management store; no locations, no Call Park, no announcements, and Response Groups from 2019 on if it is told to. Of the rest a lost pool costs what no set holds.",
    source: "disaster-recovery",
  },
  {
    rule: "A recovery time is what the last drill measured, as long as it is fresh; else the longest way through the runbook. A drill that failed means that the restore does not work.",
    source: "strategy",
  },
  {
    rule: "What is kept counts from the start of a set until newer ones push it out, by the rule that keeps longest; every retention of the series must keep it, and so must the lifecycle of a store.",
    source: "own",
  },
  {
    rule: "A lock is as long as the promise, and no longer than the maximum age; a lifecycle removes nothing that retention keeps.",
    source: "own",
  },
  {
    rule: "Continuity asks for pools that are paired across sites, a standby of the Central Management store, and a second server where archiving that fails blocks messages.",
    source: "strategy",
  },
  {
    rule: "Completeness asks for full recovery and log backups where SQL Server restores the datum.",
    source: "strategy",
  },
  {
    rule: "Criticality asks for a copy under lock or in another site, and for a drill that passed and is not stale.",
    source: "strategy",
  },
  {
    rule: "Portability asks for what Microsoft's own tools restore, in plain objects or files outside the site.",
    source: "strategy",
  },
  {
    rule: "Cost asks for a budget: all sets that a policy keeps at most, one more that is being made, and the growth of a year.",
    source: "strategy",
  },
];

/** What `decideRetention` does, for people; its vectors pin it for other implementations. */
export const RETENTION_RULES: readonly Rule[] = [
  {
    rule: "A set stays as long as one rule wants it: the last ones, the newest of so many days, weeks, months and years, every one of the last days.",
    source: "own",
  },
  {
    rule: "Days, weeks and months are those of UTC, and are counted back from the newest set: a pause costs no history.",
    source: "own",
  },
  { rule: "Only sets that can be restored, with all that they need, count for a rule.", source: "own" },
  {
    rule: "The maximum age overrules the rules. Nothing overrules the promises: the newest good set of each thing that is covered stays, and the newest that is offsite; what is held or locked; what a copy has still to carry; what is newer than all that can be restored; and what a kept set needs.",
    source: "own",
  },
  { rule: "Sets go only after a good run, and each decision is explained.", source: "practices" },
];

/** What is taken for the worst gap between two runs. */
export const SCHEDULE_RULES: readonly Rule[] = [
  {
    rule: "Runs start at the local time of their host, whose time zone is a fact and no part of a schedule.",
    source: "own",
  },
  {
    rule: "What is not certain about a scheduler is taken to be the worse, and said: a start in the hour that summer time skips or brings twice, an interval that does not divide its window.",
    source: "own",
  },
  {
    rule: "The worst gap is the longest time between the starts of two runs, over every change of the clocks that the rules of the zone foresee.",
    source: "own",
  },
];

/** How a live deployment is read. */
export const DISCOVERY_RULES: readonly Rule[] = [
  {
    rule: "A pool is what its services make of it; one of none of Lync's roles, such as a gateway, is no pool of the estate.",
    source: "service-properties",
  },
  {
    rule: "A service names the databases, the file store and the Edge pool that it depends on.",
    source: "service-properties",
  },
  {
    rule: "Which databases are mirrored Test-CsDatabase tells; where it does not answer, SQL Server does.",
    source: "service-properties",
  },
  { rule: "What a server runs is the ProductVersion of its replica.", source: "replica-versions" },
  {
    rule: "Services of version 5 are those of Lync Server 2010, 6 of Lync Server 2013, 7 of Skype for Business Server 2015, 8 of 2019 and of Subscription Edition; which of the two, the computer tells that was asked.",
    source: "service-versions",
  },
  {
    rule: "A SQL Server that does not answer is taken for one with the fewest features: nothing is sent that it would not take.",
    source: "own",
  },
];

export const RULES: readonly Rule[] = [
  ...Object.values(ADVICE),
  ...COVERAGE_RULES,
  ...LEVEL_RULES,
  ...RETENTION_RULES,
  ...SCHEDULE_RULES,
  ...DISCOVERY_RULES,
];
