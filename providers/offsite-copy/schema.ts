import { z } from "zod";
import { Account, Fqdn, Instant, Name, Reach, RunId, Schedule } from "../../estate/documents";
import { offsiteParts, offsiteRules, offsiteShape } from "../../estate/jobs";
import { JobOutputs, jobShape, rulesOf } from "../job/schema";

const Part = z.strictObject({ schedule: Schedule });

export const OffsiteCopyInputs = z
  .strictObject({
    ...jobShape,
    ...offsiteShape,
    runBy: z
      .enum(["task", "external"])
      .default("task")
      .describe("External: a Linux machine or a pipeline carries; what to install there is an output"),
    hosts: z
      .array(z.strictObject({ name: Fqdn, reach: Reach }))
      .refine((hosts) => new Set(hosts.map(({ name }) => name)).size === hosts.length, "names a host twice")
      .default([])
      .describe("The computer that carries: it needs Node.js 20 or later and this product, so no server of a pool"),
    account: Account.optional().describe(
      "Under which it runs: a group-managed service account, so that there is no password anywhere",
    ),
    folders: z
      .record(Name, z.string().min(1).max(1000).startsWith("/", "expected a path such as /mnt/vault"))
      .default({})
      .describe("External only: where each target is on that computer; without it `/mnt/` and its name"),
    schedule: Schedule.describe("When it carries. `run` looks for new sets every few minutes"),
    verify: Part.extend(offsiteParts.verify.shape)
      .optional()
      .describe(
        "Besides, look closely at what lies there, by a job of its own; what has just arrived is always looked at",
      ),
    prune: Part.extend(offsiteParts.prune.shape)
      .optional()
      .describe("Remove what `keep` does not want there, by a job of its own and with credentials of its own"),
  })
  .superRefine(
    rulesOf((inputs, problem) => {
      const { runBy, hosts, account, folders, sources } = inputs;
      if (hosts.length > 1) problem(["hosts"], "are several: one computer carries, another one is another copy");
      if (runBy === "task") {
        if (hosts.length === 0)
          problem(["hosts"], "are missing: name the computer that carries, or say runBy: external");
        if (account === undefined) problem(["account"], "is missing: it is under this that the task runs");
        if (Object.keys(folders).length > 0) problem(["folders"], "are for runBy: external");
      } else {
        if (hosts.length > 0) problem(["hosts"], "are not ours where runBy is external");
        if (account !== undefined) problem(["account"], "is not ours where runBy is external");
      }
      for (const [index, { target }] of sources.entries()) {
        if (!target.path.startsWith("\\\\") && hosts.some(({ name }) => name !== target.host)) {
          problem(["sources", index, "target", "path"], "is a local path of another computer: give the target a share");
        }
      }
      offsiteRules(inputs, problem);
    }),
  );
export type OffsiteCopyInputs = z.infer<typeof OffsiteCopyInputs>;

export const OffsiteCopyOutputs = JobOutputs.extend({
  recoveryPoints: z
    .array(
      z.strictObject({
        series: Name,
        set: RunId.describe("The newest that a verification found good there, with all that it needs"),
        startedAt: Instant.describe("When its run began: as old are its data"),
        ageHours: z.number().describe("When this was last read"),
        verifiedAt: Instant,
      }),
    )
    .describe("What a restore from there would bring"),
  install: z
    .strictObject({
      files: z.record(z.string(), z.string()).describe("By their path: scripts, and a service and a timer for each"),
      crontab: z.array(z.string()).describe("Where there is no systemd"),
      pipeline: z.array(z.string()).describe("What a pipeline runs instead of a timer"),
    })
    .nullable()
    .describe("External only: what to put on that computer"),
});
export type OffsiteCopyOutputs = z.infer<typeof OffsiteCopyOutputs>;
