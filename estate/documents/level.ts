import { z } from "zod";
import { Datum, Name, Scope } from "./common";

/** What a business asks of its backups; each means something that is checked. */
export const Priority = z.enum(["continuity", "completeness", "criticality", "portability", "cost"]);
export type Priority = z.infer<typeof Priority>;

const hours = z.number().positive().max(87600);

/**
 * What is promised for a datum. Where several levels promise something for one obligation, the most particular one
 * counts, for each promise by itself: one that names scopes before one that names data before one for all; among equals
 * the stricter. Logs are not among all: they are how databases lose less.
 */
export const ServiceLevel = z.strictObject({
  name: Name,
  data: z.union([z.literal("all"), z.array(Datum).min(1)]).default("all"),
  scopes: z.union([z.literal("all"), z.array(Scope).min(1)]).default("all"),
  priorities: z.array(Priority).default([]),
  rpoHours: hours
    .optional()
    .describe("How much may be lost where data are lost or corrupted: the age of the newest set"),
  poolLossRpoMinutes: z
    .number()
    .positive()
    .optional()
    .describe("How much may be lost with a pool that fails over to its partner"),
  missedStarts: z
    .int()
    .min(0)
    .max(100)
    .default(0)
    .describe("How many starts in a row, of a job and of a courier, recovery points must outlast; 0 asks for nothing"),
  downMinutes: z
    .int()
    .min(0)
    .max(525_600)
    .optional()
    .describe(
      "How long a host is down at most: so soon Task Scheduler makes up for what was missed; else nobody knows",
    ),
  rtoHours: hours.optional().describe("How long a restore may take"),
  keepDays: z
    .int()
    .min(1)
    .max(36600)
    .optional()
    .describe(
      "How far back one must be able to go: so long stays a set, of which there may be one for each month only",
    ),
  budgetGigabytes: z
    .number()
    .positive()
    .optional()
    .describe("What all sets together may take, on targets and in each copy"),
  growthPercent: z
    .number()
    .min(0)
    .max(10_000)
    .default(20)
    .describe("How much data grow in a year: budgets are judged by the sizes of a year from now"),
});
export type ServiceLevel = z.infer<typeof ServiceLevel>;

export const Check = z.enum([
  "rpo",
  "rpo-offsite",
  "rpo-pool-loss",
  "rto",
  "keep",
  "keep-offsite",
  "lock",
  "lifecycle",
  "continuity",
  "completeness",
  "criticality-copy",
  "criticality-drill",
  "portability",
  "cost",
  "cost-offsite",
]);
export type Check = z.infer<typeof Check>;

/** Whether a promise is kept, with the working. What is not known is never taken for kept. */
export const Verdict = z.strictObject({
  check: Check,
  level: Name.describe("The service level that asks for it"),
  about: z.string().min(1).describe("The obligation, or all that a budget is for"),
  by: z.string().min(1).optional().describe("The protection, the drill or the copy that it rests on"),
  outcome: z.enum(["met", "missed", "unknown"]),
  working: z.string().min(1).describe("One line that a person can check"),
  sum: z
    .strictObject({
      unit: z.enum(["minutes", "bytes"]),
      terms: z.array(z.strictObject({ label: z.string().min(1), amount: z.number() })),
      total: z.number().describe("Of the terms"),
      limit: z.number().describe("What is promised"),
      must: z.enum(["not exceed", "reach"]).describe("What the total must do with the limit"),
    })
    .optional()
    .describe("The working for machines, where there is arithmetic in it"),
  missing: z.array(z.string().min(1)).default([]).describe("What must be known before it can be told"),
});
export type Verdict = z.infer<typeof Verdict>;
