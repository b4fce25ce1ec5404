import { z } from "zod";
import { Fqdn, Instant, Owner, Reach, Sha256, Version } from "../../estate/documents";

export const HostAgentInputs = z.strictObject({
  owner: Owner,
  adopt: z.boolean().default(false).describe("Take over a module that another stack installed"),
  host: Fqdn.describe("The computer"),
  reach: Reach.describe("How it is reached"),
  module: z
    .strictObject({ version: Version, hash: Sha256 })
    .optional()
    .describe("Version and hash of the module; always that of this release, so it is not declared"),
});
export type HostAgentInputs = z.infer<typeof HostAgentInputs>;

export const HostAgentOutputs = z.strictObject({
  powershell: z.string().describe("The version of PowerShell on the host"),
  operatingSystem: z.string(),
  timeZone: z.string().describe("The zone of the host's schedules"),
  lync: z.string().nullable().describe("Product and version of the management tools there"),
  seenAt: Instant.describe("The host's clock when it was read"),
});
export type HostAgentOutputs = z.infer<typeof HostAgentOutputs>;
