import { z } from "zod";
import { Name, Schedule } from "../../estate/documents";
import { configurationChangeName } from "../../estate/jobs";
import { backupShape, backupRulesOf } from "../job/schema";

export const CmsExportInputs = z
  .strictObject({
    ...backupShape,
    onChange: z
      .strictObject({ schedule: Schedule })
      .optional()
      .describe(
        "Besides, look this often whether the configuration was changed, and export it then: a job of its own, whose sets stand with the others",
      ),
  })
  .superRefine(
    backupRulesOf(({ name, onChange }, problem) => {
      if (onChange && !Name.safeParse(configurationChangeName(name)).success) {
        problem(["name"], "is too long: the job that looks for changes has a longer one, of at most 64 characters");
      }
    }),
  );
export type CmsExportInputs = z.infer<typeof CmsExportInputs>;
