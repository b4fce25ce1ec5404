import type { Command } from "commander";
import { diffSets } from "./diff";

/** `lync-backup sets …`: looking into sets, wherever they lie; no estate and no host is asked. */
export function addSetsCommands(sets: Command): void {
  sets
    .command("diff <older> <newer>")
    .description("show in words what changed between two sets: each is a folder, or a name below --target and --series")
    .option("--target <folder>", "the folder of the target")
    .option("--series <name>", "the series of both")
    .option("--json", "print the result as JSON")
    .action(diffSets);
}
