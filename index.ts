import * as pulumi from "@pulumi/pulumi";
import { clockOf } from "./hosts/open";
import { readStack } from "./providers/base/settings";
import { BackupEstate } from "./providers/backup-estate";
import { estateNamed } from "./stacks";

/** Which stack, which estate, declare it. */
export = async () => {
  const read = readStack(pulumi.runtime.allConfig());
  if ("problem" in read) throw refusal(`the configuration of this stack is not valid: ${read.problem}`);
  const declared = await estateNamed(read.estate).catch((error: unknown) => {
    throw refusal(error instanceof Error ? error.message : String(error));
  });
  // Read here, because `check` asks nobody: what is said of old evidence and of waivers goes by it.
  const reaches = declared.hosts.map(({ reach }) => reach);
  const now = await clockOf(reaches, read.settings).catch((error: unknown) => {
    throw refusal(error instanceof Error ? error.message : String(error));
  });
  const estate = new BackupEstate(declared.topology.deployment, declared, { now });
  return {
    targets: [...estate.targets.values()].map(({ reference }) => reference),
    jobs: Object.fromEntries(
      [...estate.jobs].map(([name, { nextRunAt, newestSet, lastOutcome }]) => [
        name,
        { nextRunAt, newestSet, lastOutcome },
      ]),
    ),
    coverage: estate.coverage,
    serviceLevels: estate.serviceLevels,
  };
};

/**
 * A bad declaration is no crash: the engine shows the message alone. Without a stack, because it would take the SDK a
 * quarter of a minute to colour one.
 */
function refusal(message: string): pulumi.RunError {
  const error = new pulumi.RunError(message);
  error.stack = "";
  return error;
}
