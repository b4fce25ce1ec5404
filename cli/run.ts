import type { Run } from "../estate/documents";
import { jobsOf } from "../estate/estate";
import type { Progress } from "../hosts/host";
import { CliError, colours, note, print, printJson, sizeText } from "./output";
import { openStack, withHost, type Stack } from "./stack";

export interface RunCommand {
  stack: string;
  host?: string;
  json?: boolean;
}

/** Runs a job now, on every host where it is placed: its guard decides which of them acts. */
export async function runJob(name: string, options: RunCommand): Promise<void> {
  const stack = await openStack(options.stack);
  const runs = await runEverywhere(stack, name, options.host, options.json !== true);
  if (options.json === true) printJson(runs);
  const failed = runs.filter((run) => !["succeeded", "stood-down", "nothing-to-do"].includes(run.outcome));
  if (failed.length > 0) {
    throw new CliError(failed.map((run) => `${run.host}: ${name} ${run.outcome}: ${reasonOf(run)}`).join("\n"));
  }
  if (runs.every((run) => run.outcome === "stood-down")) {
    throw new CliError(`${name} stood down on every host, so nothing was backed up: see what its guard says above`);
  }
}

export async function runEverywhere(
  stack: Stack,
  name: string,
  only: string | undefined,
  talk: boolean,
): Promise<Run[]> {
  const job = jobsOf(stack.estate).find((one) => one.name === name);
  if (!job) {
    const names = jobsOf(stack.estate).map((one) => one.name);
    throw new CliError(`the estate has no job ${name}, only ${names.join(", ")}`, 2);
  }
  const hosts = only === undefined ? job.hosts : job.hosts.filter((host) => host === only.toLowerCase());
  if (hosts.length === 0)
    throw new CliError(`${name} is not placed on ${String(only)}, but on ${job.hosts.join(", ")}`, 2);

  const cancel = new AbortController();
  const onInterrupt = (): void => {
    note("Cancelling after the current step …");
    cancel.abort();
  };
  process.once("SIGINT", onInterrupt);
  try {
    const runs: Run[] = [];
    for (const host of hosts) {
      if (cancel.signal.aborted) break;
      if (talk) print(colours.bold(host));
      const run = await withHost(stack, host, (opened) =>
        opened.run({ job: name }, { signal: cancel.signal, ...(talk ? { onProgress: showProgress } : {}) }),
      );
      if (talk) print(`  ${summary(run)}`);
      runs.push(run);
    }
    return runs;
  } finally {
    process.removeListener("SIGINT", onInterrupt);
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

function summary(run: Run): string {
  if (run.set !== undefined) {
    const sealed = run.steps.find((step) => step.kind === "seal")?.data["bytes"];
    return colours.green(`sealed set ${run.set}${typeof sealed === "number" ? `, ${sizeText(sealed)}` : ""}`);
  }
  return run.outcome === "failed"
    ? colours.red(`failed: ${reasonOf(run)}`)
    : colours.dim(run.outcome.replace("-", " "));
}

const reasonOf = (run: Run): string =>
  run.error ? [run.error.message, run.error.advice].filter(Boolean).join(" ") : "no reason was recorded";
