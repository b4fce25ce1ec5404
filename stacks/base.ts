import type { defineEstate } from "../estate/estate";
import { contosoPlan } from "./contoso-plan";

type Declared = Parameters<typeof defineEstate>[1];

export const ACCOUNT = String.raw`CONTOSO\lync-backup$`;

/** What all environments of contoso share. Each says itself where it differs: hosts and reach, targets, how long. */
export const base = {
  account: ACCOUNT,
  defaults: { retention: { last: 7, daily: 14, weekly: 8, monthly: 12 } },
  configuration: { onChange: {} },
  serviceLevels: [
    { name: "everything", rpoHours: 26, rtoHours: 8, keepDays: 30 },
    {
      name: "service",
      data: ["configuration", "user-data"],
      priorities: ["continuity"],
      poolLossRpoMinutes: 30,
    },
  ],
  plan: contosoPlan,
} satisfies Partial<Declared>;

/** `fe01.contoso.com` of `fe01`. */
export const inContoso = (name: string): string => `${name}.contoso.com`;

/** Those of the deployment on which jobs run: its Front Ends that export, and all SQL Servers. */
export const EXPORTERS = ["fe01", "fe02", "fe11"].map(inContoso);
export const SQL_SERVERS = ["sql01", "sql02", "sql03", "sql11", "sql12"].map(inContoso);
