import * as pulumi from "@pulumi/pulumi";
import { BackupEstate } from "./providers/backup-estate";
import { estateNamed } from "./stacks";

/** Which stack, which estate, declare it. */
export = async () => {
  const config = new pulumi.Config();
  const declared = await estateNamed(config.require("estate")).catch((error: unknown) => {
    // A bad declaration is no crash: the engine shows the message alone. Without a stack, because it would take the
    // SDK a quarter of a minute to colour one.
    const refusal = new pulumi.RunError(error instanceof Error ? error.message : String(error));
    refusal.stack = "";
    throw refusal;
  });
  const estate = new BackupEstate(declared.topology.deployment, declared);
  return {
    targets: [...estate.targets.values()].map(({ reference }) => reference),
    jobs: Object.fromEntries(
      [...estate.jobs].map(([name, { nextRunAt, newestSet, lastOutcome }]) => [
        name,
        { nextRunAt, newestSet, lastOutcome },
      ]),
    ),
  };
};
