import * as pulumi from "@pulumi/pulumi";
import { BackupEstate } from "./providers/backup-estate";
import { estateNamed } from "./stacks";

/** Which stack, which estate, declare it. */
export = async () => {
  const config = new pulumi.Config();
  const declared = await estateNamed(config.get("estate") ?? pulumi.getStack()).catch((error: unknown) => {
    // A bad declaration is no crash of the program: the engine then shows the message alone.
    throw new pulumi.RunError(error instanceof Error ? error.message : String(error));
  });
  const estate = new BackupEstate(declared.topology.deployment, declared);
  return {
    targets: [...estate.targets.values()].map(({ reference }) => reference),
    configuration: {
      nextRunAt: estate.configuration.nextRunAt,
      newestSet: estate.configuration.newestSet,
      lastOutcome: estate.configuration.lastOutcome,
    },
  };
};
