import type { Run } from "../estate/documents";
import type { Progress } from "../hosts/host";
import { messageOf } from "../providers/base/errors";
import { CliError, colours, note, print, printJson, sizeText } from "./output";
import { jobNamed, openStack, withHost, type Stack } from "./stack";

export interface RunCommand {
  stack: string;
  host?: string;
  json?: boolean;
}

/** What became of a job on one host: a run, or the reason why there was none. */
export interface HostOutcome {
  host: string;
  run: Run | undefined;
  problem: string | undefined;
}

/** Runs a job now, on every host where it is placed: its guard decides which of them acts. */
export async function runJob(name: string, options: RunCommand): Promise<void> {
  const stack = await openStack(options.stack);
  const outcomes = await runEverywhere(stack, name, options.host, options.json !== true);
  if (options.json === true) printJson(outcomes);
  const problems = outcomes.flatMap(({ problem }) => problem ?? []);
  if (problems.length > 0) throw new CliError(problems.join("\n"));
  if (outcomes.every(({ run }) => run?.outcome === "stood-down")) {
    throw new CliError(`${name} stood down on every host, so nothing was backed up: see what its guard says above`);
  }
}

export async function runEverywhere(
  stack: Stack,
  name: string,
  only: string | undefined,
  talk: boolean,
): Promise<HostOutcome[]> {
  const cancel = new AbortController();
  const onInterrupt = (): void => {
    note("Cancelling after the current step …");
    cancel.abort();
  };
  process.once("SIGINT", onInterrupt);
  try {
    const outcomes: HostOutcome[] = [];
    for (const host of hostsOfJob(stack, name, only)) {
      if (cancel.signal.aborted) break;
      if (talk) print(colours.bold(host));
      const outcome = await runOn(stack, name, host, cancel.signal, talk);
      if (talk) print(`  ${summary(outcome)}`);
      outcomes.push(outcome);
    }
    return outcomes;
  } finally {
    process.removeListener("SIGINT", onInterrupt);
  }
}

function hostsOfJob(stack: Stack, name: string, only: string | undefined): string[] {
  const job = jobNamed(stack, name);
  if (only === undefined) return job.hosts;
  const host = job.hosts.find((one) => one === only.toLowerCase());
  if (host === undefined) throw new CliError(`${name} is not placed on ${only}, but on ${job.hosts.join(", ")}`, 2);
  return [host];
}

/** A host that does not answer must not keep the others from their backups. */
async function runOn(
  stack: Stack,
  name: string,
  host: string,
  signal: AbortSignal,
  talk: boolean,
): Promise<HostOutcome> {
  try {
    const options = { signal, ...(talk ? { onProgress: showProgress } : {}) };
    const run = await withHost(stack, host, (opened) => opened.run({ job: name }, options));
    const good = ["succeeded", "stood-down", "nothing-to-do"].includes(run.outcome);
    return { host, run, problem: good ? undefined : `${host}: ${name} ${run.outcome}: ${reasonOf(run)}` };
  } catch (error) {
    return { host, run: undefined, problem: messageOf(error) };
  }
}

const MARKS = { ok: "✓", skipped: "·", "stood-down": "–", "nothing-to-do": "–", failed: "✗" } as const;

function showProgress(progress: Progress): void {
  if (progress.kind === "step-started") return;
  const { outcome, message } = progress.result;
  const mark =
    outcome === "ok" ? colours.green(MARKS.ok) : outcome === "failed" ? colours.red(MARKS.failed) : MARKS[outcome];
  print(`  ${mark} ${message}`);
}

export function summary({ run, problem }: HostOutcome): string {
  if (problem !== undefined) return colours.red(problem);
  if (run?.set !== undefined) {
    const sealed = run.steps.find((step) => step.kind === "seal")?.data["bytes"];
    return colours.green(`sealed set ${run.set}${typeof sealed === "number" ? `, ${sizeText(sealed)}` : ""}`);
  }
  return colours.dim(run?.outcome.replaceAll("-", " ") ?? "did not run");
}

const reasonOf = (run: Run): string =>
  run.error ? [run.error.message, run.error.advice].filter(Boolean).join(" ") : "no reason was recorded";
