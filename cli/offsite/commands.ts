import { Option, type Command } from "commander";
import { LEAST_WAIT_MINUTES } from "../../offsite/prune/prune";
import { fetchOffsite, type FetchCommand } from "./fetch";
import { listOffsiteSets } from "./list";
import { addStoreOptions, encryption, fraction, lock, names, retention, wholeNumber } from "./options";
import { installCourier, performStep } from "./perform";
import { addPolicyCommand } from "./policy";
import { probeOffsite } from "./probe";
import { pruneOffsite } from "./prune";
import { pushOffsite } from "./push";
import { verifyOffsite } from "./verify";

/** `lync-backup offsite …`: sets in S3 storage, with or without an estate that declares it. */
export function addOffsiteCommands(offsite: Command): void {
  const command = (usage: string, description: string): Command =>
    addStoreOptions(offsite.command(usage).description(description));
  const SERIES = ["--series <name>", "only this series; several times for several", names] as const;

  command("push", "carry every sealed set of a target that is not offsite yet")
    .requiredOption("--target <folder>", "the folder of the target")
    .option(...SERIES)
    .option("--copy <name>", "what receipts on the target call this copy", "offsite")
    .option(
      "--keep <rules>",
      "the retention of the bucket, such as last=7,daily=30: what it has removed stays removed",
      retention,
    )
    .option("--lock <mode:days>", "lock every object, such as compliance:30", lock)
    .option("--legal-hold", "put every object under a legal hold")
    .option("--storage-class <class>", "for data and packs, such as STANDARD_IA")
    .option("--encryption <how>", "sse-s3, or sse-kms:KEY", encryption)
    .action(pushOffsite);

  command("verify", "look whether what is offsite can be restored; leaves a report beside each set")
    .addOption(new Option("--quick", "manifests, contents and sizes (what it does without an option)"))
    .addOption(new Option("--full", "every byte against its SHA-256").conflicts(["quick", "sample"]))
    .addOption(new Option("--sample", "some objects, every byte").conflicts(["quick", "full"]))
    .addOption(
      new Option("--damage <fraction>", "which damage a sample is to find (0.05)")
        .argParser(fraction)
        .conflicts(["quick", "full"]),
    )
    .addOption(
      new Option("--confidence <fraction>", "with which probability (0.95)")
        .argParser(fraction)
        .conflicts(["quick", "full"]),
    )
    .addOption(new Option("--seed <text>", "draw the same sample again").conflicts(["quick", "full"]))
    .option(...SERIES)
    .option(
      "--set <set>",
      "only this set and what it needs; several times for several",
      (one: string, before: string[] = []) => [...before, one],
    )
    .option("--no-record", "write no report to the bucket")
    .action(verifyOffsite);

  command("fetch <series> <set> [files...]", "bring back a set (or newest), or some files of it, every byte verified")
    .requiredOption("--to <folder>", "the folder that becomes that of the set")
    .option("--manifest-sha256 <hash>", "take no other manifest than that of a receipt")
    .action((series: string, set: string, files: string[], options: FetchCommand) =>
      fetchOffsite(series, set, files, options),
    );

  command("list", "show what is offsite")
    .option(...SERIES)
    .option("--age", "only how old the newest verified set of each series is: what a restore would bring")
    .action(listOffsiteSets);

  command("prune", "remove what no set needs that is to be kept; what is to go is marked first, and waits")
    .requiredOption("--keep <rules>", "the retention, such as last=7,daily=30,monthly=12", retention)
    .option(...SERIES)
    .option("--target <folder>", "the folder of the target they come from: who holds a set there holds it here")
    .option("--dry-run", "explain set by set what stays, what goes and why; change nothing")
    .option("--wait", "wait in this run until what is marked may go; without it that goes the next time")
    .option(
      "--wait-minutes <count>",
      "longer than any push needs at its end (60)",
      wholeNumber(LEAST_WAIT_MINUTES, 10_080),
    )
    .action(pruneOffsite);

  command("probe", "find out by trying what a store can do; writes some small objects and removes them").action(
    probeOffsite,
  );

  offsite
    .command("install")
    .description("note where lync-backup is on this computer, so that the courier steps of its jobs start it")
    .option("--data <folder>", "where the module keeps its data (%ProgramData%\\LyncBackup)")
    .action(installCourier);

  offsite
    .command("perform <step> <answer>")
    .description("perform one courier step of a job: what the module on a host starts")
    .requiredOption("--credentials <folder>", "where the files with credentials lie")
    .action(performStep);

  addPolicyCommand(offsite);
}
