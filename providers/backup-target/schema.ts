import { z } from "zod";
import { Fqdn, Instant, Name, Owner, Reach, TargetDeclaration } from "../../estate/documents";

const declaration = TargetDeclaration.shape;

const inputs = z.strictObject({
  owner: Owner,
  adopt: z.boolean().default(false).describe("Take over a folder or share that is there and differs, or has content"),
  host: Fqdn.describe("A stand-alone computer: in the deployment's domain, in none of its pools"),
  reach: Reach.describe("How it is reached"),
  domain: Fqdn.describe("The directory domain of the deployment, which the computer must be in"),
  name: Name.describe("What jobs call it"),
  path: declaration.path,
  share: declaration.share,
  writers: declaration.writers,
  readers: declaration.readers,
  keepFreeGigabytes: z.number().min(0).max(1_000_000).default(10).describe("Runs refuse to fill the volume below this"),
  encryption: declaration.encryption,
  location: declaration.location,
  media: declaration.media,
});

/** Windows has these itself, or gives them to every drive. */
const TAKEN_SHARE = /^(admin|ipc|print|[a-z])\$$/i;

export const BackupTargetInputs = inputs.superRefine((target, context) => {
  const problem = (path: PropertyKey[], message: string): void => {
    context.addIssue({ code: "custom", path, message });
  };
  if (target.share !== undefined && TAKEN_SHARE.test(target.share)) problem(["share"], "is a share of Windows itself");
  const writers = new Set(target.writers.map((account) => account.toLowerCase()));
  for (const [index, reader] of target.readers.entries()) {
    if (writers.has(reader.toLowerCase())) problem(["readers", index], "is a writer too, and writers read as well");
  }
});
export type BackupTargetInputs = z.infer<typeof BackupTargetInputs>;

export const BackupTargetOutputs = z.strictObject({
  freeGigabytes: z.number().nullable().describe("When it was last read"),
  seenAt: Instant.describe("The host's clock when it was read"),
});
export type BackupTargetOutputs = z.infer<typeof BackupTargetOutputs>;
