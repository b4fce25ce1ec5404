import { Command } from "commander";
import { DocumentError } from "../estate/documents";
import { HostError } from "../hosts/host";
import { addLabCommands } from "./lab";
import { CliError, colours, note } from "./output";
import { runJob } from "./run";
import { start } from "./start";
import { status } from "./status";

const STACK = ["-s, --stack <name>", "the stack whose estate is meant", "lab"] as const;
const JSON_OUT = ["--json", "print the result as JSON"] as const;

function program(): Command {
  const cli = new Command("lync-backup")
    .description("The backup estate of Lync Server and Skype for Business Server: status, runs, and the lab")
    .showHelpAfterError()
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
    .command("start")
    .description("bring the lab up, declare its estate, make a first set, and show the picture")
    .action(start);
  addLabCommands(
    cli.command("lab").description("the simulated deployment: create, look at, advance, break and reset it"),
  );
  return cli;
}

/** One sentence for what is expected to go wrong; a stack only for what is not. */
async function main(): Promise<void> {
  try {
    await program().parseAsync();
  } catch (error) {
    const expected = error instanceof CliError || error instanceof HostError || error instanceof DocumentError;
    note(colours.red(expected ? error.message : `unexpected: ${(error as Error).stack ?? String(error)}`));
    process.exitCode = error instanceof CliError ? error.exitCode : 1;
  }
}

void main();
