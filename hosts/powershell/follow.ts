import { setTimeout as sleep } from "node:timers/promises";
import type { Run, Step } from "../../estate/documents";
import { HostError, type RunOptions } from "../host";

/** Follows a run by its result file, until it has ended, whoever runs it. */

export interface Looked {
  run: Run | undefined;
  /** A process is in a run of this job. */
  live: boolean;
  /** Nobody has taken up the request yet. */
  waiting: boolean;
  /** Of the task, as Task Scheduler shows it. */
  lastResult: number | undefined;
}

export interface Following {
  host: string;
  pollMs: number;
  options: RunOptions;
  /** The steps of the document, where it is known. */
  titles: readonly Pick<Step, "id" | "title">[];
  look: () => Promise<Looked>;
  cancel: (run: string) => Promise<void>;
}

const LOGON_FAILURE = 0x8007052e;
const NO_BATCH_RIGHT = 0x80070569;
/** The scheduler starts a task at once; this is for a computer that is very busy. */
const LOOKS_BEFORE_IT_BEGAN = 60;

export async function followRun(following: Following): Promise<Run> {
  const { host, options, pollMs, look, cancel } = following;
  const limit = options.timeoutMs === undefined ? undefined : AbortSignal.timeout(options.timeoutMs);
  const either = AbortSignal.any([options.signal, limit].filter((one) => one !== undefined));
  const report = reporter(following);
  let cancelled = false;
  for (let unseen = 0; ;) {
    const looked = await look();
    const { run } = looked;
    if (run) {
      report(run);
      if (run.outcome !== "running" && run.outcome !== "waiting") {
        if (limit?.aborted === true && run.outcome === "cancelled") throw timedOut(host, options.timeoutMs);
        return run;
      }
      if (either.aborted && !cancelled) {
        cancelled = true;
        await cancel(run.id);
      }
    } else if (++unseen > LOOKS_BEFORE_IT_BEGAN || (unseen > 5 && !looked.live && !looked.waiting)) {
      throw neverBegan(host, looked);
    }
    // Once it was told to end, there is nothing left that could wake it earlier.
    await sleep(pollMs, undefined, cancelled ? {} : { signal: either }).catch(() => undefined);
  }
}

function reporter({ options, titles }: Following): (run: Run) => void {
  let told = 0;
  let begun = -1;
  return (run) => {
    const { onProgress } = options;
    if (!onProgress) return;
    for (const result of run.steps.slice(told)) onProgress({ kind: "step-ended", result });
    told = run.steps.length;
    const next = titles[told];
    if (run.outcome !== "running" || begun >= told || !next) return;
    begun = told;
    onProgress({ kind: "step-started", id: next.id, title: next.title, index: told, of: titles.length });
  };
}

function timedOut(host: string, timeoutMs: number | undefined): HostError {
  const advice = "Give it more time, or look why it is slow.";
  return new HostError(
    "timed-out",
    host,
    `the run did not end within ${String(timeoutMs)} ms, and was cancelled.`,
    advice,
  );
}

function neverBegan(host: string, { lastResult }: Looked): HostError {
  if (lastResult === LOGON_FAILURE) {
    const advice = "Run Install-ADServiceAccount for it there, or declare another account.";
    return new HostError("refused", host, "the account of the job could not log on (0x8007052E).", advice);
  }
  if (lastResult === NO_BATCH_RIGHT) {
    const advice = 'Grant it the right "Log on as a batch job" on the host.';
    return new HostError("refused", host, "the account of the job may not log on as a batch job (0x80070569).", advice);
  }
  const code = lastResult === undefined ? "" : ` Its last result is 0x${lastResult.toString(16).toUpperCase()}.`;
  const advice = "Look at the history of the task there, and at the event log under LyncBackup.";
  return new HostError("refused", host, `the task was started, and no run began.${code}`, advice);
}
