import type { Command } from "commander";
import { diffSets } from "./diff";
import { showRestorePlan } from "./restore-plan";

/** `lync-backup sets …`: looking into sets, wherever they lie; no estate and no host is asked. */
export function addSetsCommands(sets: Command): void {
  sets
    .command("diff <older> <newer>")
    .description("show in words what changed between two sets: each is a folder, or a name below --target and --series")
    .option("--target <folder>", "the folder of the target")
    .option("--series <name>", "the series of both")
    .option("--json", "print the result as JSON")
    .action(diffSets);
  sets
    .command("restore-plan")
    .description(
      "show which SQL Server backups bring a database back to a moment, in which order, or what stands in the way",
    )
    .requiredOption("--target <folder>", "the folder of the target, or of fetched sets")
    .requiredOption("--database <name>", "the database that is brought back")
    .option("--instance <name>", "whose it is, as the sets name it, where several have one of that name")
    .option("--at <moment>", "a moment in UTC, such as 2026-03-01T02:00:00Z; whole seconds count", "newest")
    .option("--as <name>", "restore it under another name")
    .option("--data <folder>", "where its data files go on the server that restores")
    .option("--log <folder>", "where its log goes; beside the data, if it is not said")
    .option("--reach <folder>", "the target as the service account of that server reaches it")
    .option("--server-version <version>", "of that server, such as 11.0.7001: an older one cannot restore")
    .option("--replace", "past the database that is there under the name")
    .option("--script", "print the statements, to be run by hand")
    .option("--json", "print the result as JSON")
    .action(showRestorePlan);
}
