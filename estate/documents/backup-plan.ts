import { z } from "zod";
import { Account, Datum, Fqdn, Name, Product, Scope, SetKind, TimeOfDay, Version } from "./common";
import { defineDocument, type DocumentOf } from "./document";
import { Schedule, Weekday } from "./schedule";

/** The backup and restoration plan: what Microsoft's procedures want to see written down, from the declaration alone. */

const text = z.string().min(1);

const Said = z.strictObject({
  about: text,
  says: text,
  add: text.optional().describe("Not declared: what to add to the estate"),
});
export type Said = z.infer<typeof Said>;

const Sheet = z
  .strictObject({
    name: Name,
    title: text,
    about: text,
    columns: z.array(text).min(1),
    rows: z.array(z.array(z.string())).describe("One cell for each column; empty: nothing to say"),
  })
  .describe("A table that a person rebuilds from");
export type Sheet = z.infer<typeof Sheet>;

const PlannedObligation = z.strictObject({
  datum: Datum,
  title: text,
  scope: Scope,
  because: text.describe("Why it must be backed up"),
  neededForService: z.boolean(),
  by: z.enum(["job", "external", "waiver", "nothing"]),
  protections: z.array(Name),
  says: z.array(text).describe("Whose protection it is and what it promises; of a waiver, until when and why"),
  tool: text,
  rights: text,
  guidance: text.describe("How often Microsoft's documentation asks for it"),
  longestGap: text.optional().describe("Between the starts of the jobs that back it up"),
  promises: z.array(text).describe("Of the service levels"),
  restore: text.describe("What brings it back"),
  add: text.optional().describe("Where nothing protects it: the line to add"),
});
export type PlannedObligation = z.infer<typeof PlannedObligation>;

const PlannedJob = z.strictObject({
  name: Name,
  title: text,
  series: Name,
  setKind: SetKind,
  tools: z.array(text),
  hosts: z.array(Fqdn),
  account: Account,
  schedule: Schedule,
  starts: text,
  longestGap: text,
  target: Name,
  destination: text,
  retention: text,
  timeLimitMinutes: z.int(),
  enabled: z.boolean(),
  disabledReason: text.optional(),
});
export type PlannedJob = z.infer<typeof PlannedJob>;

const PlannedCopy = z
  .strictObject({
    name: Name,
    sets: text.describe("Which it carries"),
    hosts: z.array(Fqdn).describe("Who carries; none: another machine or a pipeline"),
    credentials: Name,
    starts: text,
    place: text.describe("The bucket, what keys begin with, and the store"),
    retention: text.describe("What stays there"),
    lock: text,
    looksClosely: text.optional(),
    removes: text.optional().describe("Without it nothing is removed there"),
    enabled: z.boolean(),
    disabledReason: text.optional(),
  })
  .describe("Sets that leave the site; a copy that keeps or locks them differently is one for each");
export type PlannedCopy = z.infer<typeof PlannedCopy>;

const Calendar = z.strictObject({
  zone: text,
  week: z.array(
    z.strictObject({
      day: Weekday,
      starts: z.array(z.strictObject({ at: TimeOfDay, jobs: z.array(Name).min(1) })),
    }),
  ),
  repeating: z.array(
    z.strictObject({
      job: Name,
      everyMinutes: z.int().min(1),
      from: TimeOfDay,
      until: TimeOfDay.optional().describe("Without it all day long"),
    }),
  ),
  onRequest: z.array(Name).describe("Nothing starts them by itself"),
  collisions: z
    .array(
      z.strictObject({
        jobs: z.array(Name).min(2),
        hosts: z.array(Fqdn).min(1).describe("On which they start in the same minute"),
        at: z.array(TimeOfDay).min(1),
        days: z.array(Weekday).min(1),
      }),
    )
    .describe("Starts in the same minute on the same computer: allowed, and worth a look"),
});
export type Calendar = z.infer<typeof Calendar>;

const RestoreStage = z.strictObject({
  name: Name,
  title: text,
  how: text,
  where: text,
  rights: text,
  by: z.enum(["script", "script on the server", "hand"]),
});
export type RestoreStage = z.infer<typeof RestoreStage>;

const PlannedScenario = z.strictObject({
  scenario: Name,
  title: text,
  stages: z.array(RestoreStage).describe("In this order"),
  restores: z.array(z.strictObject({ what: text, from: text, with: text })),
  people: z.array(Said).describe("Who decides, who carries it out, how long it takes"),
});
export type PlannedScenario = z.infer<typeof PlannedScenario>;

const Practice = z.strictObject({
  practice: text,
  kept: z.enum(["yes", "no", "by hand"]),
  says: text,
  source: text.describe("The topic of Microsoft's documentation"),
});
export type Practice = z.infer<typeof Practice>;

export const BackupPlan = defineDocument({
  name: "backup-plan",
  version: 1,
  about:
    "The backup and restoration plan of an estate, from its declaration alone: requirements, what is backed up, when, by whom, where to, and what a person needs to rebuild it.",
  writer: "`lync-backup plan`",
  readers: "administrators, auditors, whoever must restore",
  shape: {
    deployment: Name,
    product: Product,
    cumulativeUpdate: Version.optional(),
    domain: Fqdn,
    requirements: z.array(Said),
    obligations: z.array(PlannedObligation),
    exempt: z.array(z.strictObject({ database: text, instance: text, because: text })),
    jobs: z.array(PlannedJob),
    copies: z.array(PlannedCopy).default([]).describe("Offsite"),
    calendar: Calendar,
    responsibilities: z.array(Said),
    places: z.array(Said),
    worksheets: z.array(Sheet),
    scenarios: z.array(PlannedScenario),
    practices: z.array(Practice),
    validation: z.array(Said),
    decisions: z.array(Said).describe("What is open, and what to add"),
  },
});
export type BackupPlan = DocumentOf<typeof BackupPlan>;
