import { z } from "zod";
import { Datum, Name, Scope } from "./common";

/** What a business asks of its backups; each means something that is checked. */
export const Priority = z.enum(["continuity", "completeness", "criticality", "portability", "cost"]);
export type Priority = z.infer<typeof Priority>;

const hours = z.number().positive().max(87600);

/** What is promised for a datum. Where several levels speak of the same obligation, the most particular one counts. */
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
  rtoHours: hours.optional().describe("How long a restore may take"),
  keepDays: z.int().min(1).max(36600).optional().describe("How far back one must be able to go"),
  budgetGigabytes: z
    .number()
    .positive()
    .optional()
    .describe("What all sets together may take, on targets and offsite each"),
});
export type ServiceLevel = z.infer<typeof ServiceLevel>;
