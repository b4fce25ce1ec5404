import { Command, CommanderError } from "commander";
import { acceptSizes } from "./accept";
import { addLabCommands } from "./lab";
import { addOffsiteCommands } from "./offsite/commands";
import { colours, note } from "./output";
import { runJob } from "./run";
import { addSetsCommands } from "./sets/commands";
import { status } from "./status";

const STACK = ["-s, --stack <name>", "the stack whose estate is meant", "lab"] as const;
const JSON_OUT = ["--json", "print the result as JSON"] as const;

function program(): Command {
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
    .action(status);
  cli
    .command("run <job>")
    .description("run a job now on every host where it is placed; its guard decides which of them acts")
    .option(...STACK)
    .option("--host <fqdn>", "only on this host")
    .option(...JSON_OUT)
    .action(runJob);
  cli
    .command("accept <job>")
    .description("accept the sizes that the newest run refused as too small: the next run passes")
    .requiredOption("--reason <text>", "why it is right so; it is recorded beside the sets")
    .option(...STACK)
    .option(...JSON_OUT)
    .action(acceptSizes);
  cli
    .command("start")
    .description("bring the lab up, declare its estate, make a first set, and show the picture")
    // The engine's library takes longer to load than most commands run.
    .action(async () => (await import("./start")).start());
  addLabCommands(
    cli.command("lab").description("the simulated deployment: create, look at, advance, break and reset it"),
  );
  addSetsCommands(cli.command("sets").description("look into sets: what changed between two of them"));
  addOffsiteCommands(
    cli.command("offsite").description("sets in S3 storage: push, verify, fetch, list, prune, probe, policy"),
  );
  return cli;
}

/** Kinds of errors that only a defect of the program throws: these keep their stack. */
const DEFECTS = [TypeError, ReferenceError, RangeError, SyntaxError];

async function main(): Promise<void> {
  try {
    await program().parseAsync();
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
