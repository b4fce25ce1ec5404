import { z } from "zod";
import { EVERY_SCENARIO } from "../catalogue/scenarios";
import { Fqdn, Name } from "../documents";
import { zoneProblem } from "../schedules/zone";

/**
 * What a plan must say and no topology knows: who, where, with what. All of it is optional; the plan names what is
 * missing. The questions are those of Microsoft's topics on a backup and restoration strategy and plan.
 */

const text = z.string().trim().min(1).max(1000);
const Team = z.string().trim().min(1).max(200).describe("A role or a team, because people change");
const ScenarioName = z.enum(EVERY_SCENARIO);

export const Duty = z.enum(["back-up", "watch", "decide", "restore", "approve", "test", "review"]);
export type Duty = z.infer<typeof Duty>;

const Responsibility = z.strictObject({
  who: Team,
  does: z
    .array(Duty)
    .min(1)
    .describe(
      "back-up and watch: runs backups, looks after them; decide: whether and how to restore; restore: carries it out; " +
        "approve: changes of procedures; test: tries new procedures and restores; review: goes through this plan",
    ),
  tools: z.array(text).default([]).describe("With which tools; none: those of the procedures"),
  computers: z.array(Fqdn).default([]).describe("On which computers"),
  scenarios: z
    .union([z.literal("all"), z.array(ScenarioName).min(1)])
    .default("all")
    .describe("For which losses, where it decides or restores"),
  reached: text.optional().describe("How it is called: a queue, an on-call number, never a private one"),
});
export type Responsibility = z.infer<typeof Responsibility>;

const Place = z.strictObject({
  name: Name.describe("By which the plan calls it"),
  where: text.describe("Site, building, room; who runs it"),
  use: z
    .array(z.enum(["backup", "restore"]))
    .min(1)
    .default(["backup", "restore"])
    .describe("Whether backups are kept there, systems restored there, or both"),
  targets: z.array(Name).default([]).describe("Targets of this estate that are kept there"),
  media: text.optional().describe("What backups lie on there, and where the media go"),
  hardware: z.array(text).default([]).describe("Storage, and what stands ready for a restore"),
  software: z.array(text).default([]).describe("What backup and restore need there: imaging, tools, media"),
  network: z.array(text).default([]).describe("Connectivity that backup and restore need"),
  access: text.optional().describe("Who may enter and who may read, and how that is secured"),
});
export type Place = z.infer<typeof Place>;

export const PlanDetails = z.strictObject({
  timeZone: z
    .string()
    .min(1)
    .superRefine((zone, context) => {
      const problem = zoneProblem(zone);
      if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
    })
    .default("UTC")
    .describe("In which the calendar is read, as Windows or IANA call it: that of the hosts"),
  responsibilities: z.array(Responsibility).default([]).describe("Who uses which tool on which computers"),
  places: z.array(Place).default([]).describe("Where backups are kept and where systems are restored"),
  atHand: z
    .array(
      z.strictObject({
        what: text.describe("Media, software, a certificate, a worksheet"),
        where: text.describe("Where it is found when nothing answers"),
      }),
    )
    .default([])
    .describe("What a restore needs at hand: media and updates, imaging software, certificates, worksheets"),
  agreements: z
    .strictObject({
      availability: text.optional().describe("Hours, maintenance windows, what lies outside"),
      support: text.optional().describe("Hours, contact, classes of incidents, times to respond and to resolve"),
      capacity: text.optional().describe("Limits: users of a pool, longest times of tasks"),
    })
    .prefault({})
    .describe("What service level agreements say besides recovery points and times"),
  choosing: text.optional().describe("By what criteria a restoration procedure is chosen"),
  spareHardware: text.optional().describe("What a lost server is rebuilt on, and how soon it is there"),
  departments: z
    .array(z.strictObject({ who: Team, does: text.describe("What it does in a restore") }))
    .default([])
    .describe("What other departments do in a restore: network, directory, certificates, storage"),
  times: z
    .array(
      z.strictObject({
        scenario: ScenarioName.describe("Which loss"),
        hours: z.number().positive().max(87600).describe("From the decision to service"),
      }),
    )
    .default([])
    .describe("How long a restore takes, as estimated or as last rehearsed"),
  validation: z
    .strictObject({
      audits: text.optional().describe("How one looks that backups occur and can be read"),
      restoreTests: text.optional().describe("How restores are tested, how often, on what"),
      worksheets: text.optional().describe("Where the filled-in worksheets are kept, complete and secure"),
      staff: text.optional().describe("How staff are drilled in the procedures"),
    })
    .prefault({})
    .describe("How one knows that backups and this plan are good"),
  reviewMonths: z.int().min(1).max(60).optional().describe("How often this plan is reviewed"),
  notes: z
    .array(
      z.strictObject({
        of: text.describe("A pool, a SQL Server instance, a file store, a target or a host, by its name"),
        says: text.describe("The note"),
      }),
    )
    .default([])
    .describe("For the worksheets: what whoever rebuilds it must know besides"),
});
export type PlanDetails = z.infer<typeof PlanDetails>;
