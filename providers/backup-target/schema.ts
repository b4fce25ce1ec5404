import { z } from "zod";
import { Fqdn, Instant, Name, Owner, Reach, TargetDeclaration } from "../../estate/documents";

const declaration = TargetDeclaration.shape;

export const BackupTargetInputs = z.strictObject({
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
export type BackupTargetInputs = z.infer<typeof BackupTargetInputs>;

export const BackupTargetOutputs = z.strictObject({
  freeGigabytes: z.number().nullable().describe("When it was last read"),
  seenAt: Instant.describe("The host's clock when it was read"),
});
export type BackupTargetOutputs = z.infer<typeof BackupTargetOutputs>;
