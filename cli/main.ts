import { Command, CommanderError } from "commander";
import type { AcceptCommand } from "./accept";
import type { CoverageCommand } from "./coverage";
import type { DiscoverCommand } from "./discover/options";
import type { DoctorCommand } from "./doctor";
import { colours, note } from "./output";
import type { PlanCommand } from "./plan";
import type { RunCommand } from "./run";
import type { DrillCommand } from "./sets/drill";
import type { StatusCommand } from "./status";

const STACK = ["-s, --stack <name>", "the stack whose estate is meant", "lab"] as const;
const JSON_OUT = ["--json", "print the result as JSON"] as const;

const several = (value: string, before: readonly string[]): string[] => [...before, value];

/** All of them together take longer to load than most commands run: only what is asked for is loaded. */
const GROUPS: Record<string, { description: string; load: () => Promise<(group: Command) => void> }> = {
  lab: {
    description: "the simulated deployment: create, look at, advance, break and reset it",
    load: async () => (await import("./lab")).addLabCommands,
  },
  sets: {
    description: "look into sets: what changed between two of them, and which of them bring a database back",
    load: async () => (await import("./sets/commands")).addSetsCommands,
  },
  offsite: {
    description: "sets in S3 storage: push, verify, fetch, list, prune, probe, policy",
    load: async () => (await import("./offsite/commands")).addOffsiteCommands,
  },
};

async function program(args: readonly string[]): Promise<Command> {
  const cli = new Command("lync-backup")
    .description(
      "The backup estate of Lync Server and Skype for Business Server: status, runs, offsite storage, and the lab",
    )
    .exitOverride()
    .configureHelp({ sortSubcommands: true });

  cli
    .command("status")
    .description("show every host, target, job and newest set of the estate")
    .option(...STACK)
    .option(...JSON_OUT)
    .action(async (options: StatusCommand) => (await import("./status")).status(options));
  cli
    .command("run <job>")
    .description("run a job now on every host where it is placed; its guard decides which of them acts")
    .option(...STACK)
    .option("--host <fqdn>", "only on this host")
    .option(...JSON_OUT)
    .action(async (job: string, options: RunCommand) => (await import("./run")).runJob(job, options));
  cli
    .command("doctor")
    .description("look whether a host can be reached, whether its module is whole, and what the jobs' account can do")
    .requiredOption("--host <fqdn>", "a host of the estate")
    .option(
      "--instance <name>",
      "an instance of SQL Server that the account must log on to; may be repeated",
      several,
      [],
    )
    .option(...STACK)
    .option(...JSON_OUT)
    .action(async (options: DoctorCommand) => (await import("./doctor")).doctor(options));
  cli
    .command("drill <database>")
    .description("rehearse a restore: under another name, on another instance; check it, drop it, keep the verdict")
    .requiredOption("--target <folder>", "the folder of the target, as this desk reaches it")
    .requiredOption("--host <fqdn>", "a host of the estate, which runs it")
    .requiredOption("--onto <instance>", "the instance of SQL Server that restores")
    .requiredOption("--as <name>", "the name under which it is restored; there must be no such database")
    .requiredOption("--data <folder>", "where its data files go there")
    .option("--log <folder>", "where its log goes; beside the data, if it is not said")
    .option("--reach <folder>", "the target as the service account of that instance reaches it")
    .option("--instance <name>", "whose it is, as the sets name it, where several have one of that name")
    .option("--at <moment>", "a moment in UTC, such as 2026-03-01T02:00:00Z", "newest")
    .option("--good-for-days <days>", "then the verdict is stale", "90")
    .option(...STACK)
    .option(...JSON_OUT)
    .action(async (database: string, options: Omit<DrillCommand, "database">) =>
      (await import("./sets/drill")).drill({ ...options, database }),
    );
  cli
    .command("accept <job>")
    .description("accept the sizes that the newest run refused as too small: the next run passes")
    .requiredOption("--reason <text>", "why it is right so; it is recorded beside the sets")
    .option(...STACK)
    .option(...JSON_OUT)
    .action(async (job: string, options: AcceptCommand) => (await import("./accept")).acceptSizes(job, options));
  cli
    .command("coverage")
    .description("show what must be backed up and what does it; for what nothing does, the line to add")
    .option(...STACK)
    .option(...JSON_OUT)
    .action(async (options: CoverageCommand) => (await import("./coverage")).coverage(options));
  cli
    .command("plan")
    .description("write the backup and restoration plan, from the declaration alone")
    .option(...STACK)
    .option("--format <name>", "markdown, html or json; without it as the name of the file says, else markdown")
    .option("--output <file>", "where to; without it to standard output")
    .action(async (options: PlanCommand) => (await import("./plan")).plan(options));
  cli
    .command("discover")
    .description("read a live deployment and write the estate that covers it; again, show what has changed since")
    .requiredOption("--host <fqdn>", "a server of the deployment, or a computer with its management tools")
    .option("--via <way>", "how hosts are reached: local, ssh, winrm, or the lab, as without it")
    .option("--user <name>", "with ssh: as whom")
    .option("--account <name>", "under which jobs run, this one too (default: lync-backup$ of the host's domain)")
    .option("--target <host:path>", "where sets are kept: a computer in no pool; may be repeated", several, [])
    .option("--reader <account>", "who restores from there; may be repeated", several, [])
    .option("--exports <fqdn>", "where exports are placed; may be repeated (default: beside the store)", several, [])
    .option("--owner <name>", "who answers for what is not decided yet (default: the account)")
    .option("--name <name>", "of the deployment and its estate (default: that of its domain)")
    .option("--output <file>", "the file to write (default: stacks/<name>.estate.yaml)")
    .option("-s, --stack <name>", "write nothing: compare with the estate of this stack")
    .option("--force", "write the file anew, whatever was changed in it")
    .option(...JSON_OUT)
    .action(async (options: DiscoverCommand) => (await import("./discover/command")).discover(options));
  cli
    .command("start")
    .description("bring the lab up, declare its estate, make a first set, and show the picture")
    .action(async () => (await import("./start")).start());
  for (const [name, { description, load }] of Object.entries(GROUPS)) {
    const group = cli.command(name).description(description);
    if (args.includes(name)) (await load())(group);
  }
  return cli;
}

/** Kinds of errors that only a defect of the program throws: these keep their stack. */
const DEFECTS = [TypeError, ReferenceError, RangeError, SyntaxError];

async function main(): Promise<void> {
  try {
    const cli = await program(process.argv.slice(2));
    await cli.parseAsync();
  } catch (error) {
    // Commander has said what is wrong; help and version are no failures.
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : 2;
      return;
    }
    const defect = !(error instanceof Error) || DEFECTS.some((kind) => error instanceof kind);
    note(colours.red(defect ? `a defect of lync-backup: ${stackOf(error)}` : error.message));
    process.exitCode = error instanceof Error && "exitCode" in error ? Number(error.exitCode) : 1;
  }
}

const stackOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));

void main();
