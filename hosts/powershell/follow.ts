import { setTimeout as sleep } from "node:timers/promises";
import type { Run, Step } from "../../estate/documents";
import { HostError, type Answer, type RunOptions } from "../host";

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
  steps: readonly Step[];
  look: () => Promise<Looked>;
  cancel: (run: string) => Promise<void>;
  answer: (run: string, step: string, answer: Answer) => Promise<void>;
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
  const ask = asker(following);
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
      if (run.outcome === "waiting" && !either.aborted) await ask(run);
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

/** Each step that asks is answered once: the host takes a moment to find the answer. */
function asker({ options, steps, answer }: Following): (run: Run) => Promise<void> {
  let asked = -1;
  return async (run) => {
    const next = nextOf(steps, run);
    if (!options.confirm || !next || asked >= next.index) return;
    const step = steps[next.index];
    if (step?.kind !== "confirm") return;
    asked = next.index;
    const { title, ask, type } = step;
    await answer(run.id, step.id, await options.confirm({ title, ask, ...(type === undefined ? {} : { type }) }));
  };
}

function reporter({ options, steps }: Following): (run: Run) => void {
  let told = 0;
  let begun = -1;
  return (run) => {
    const { onProgress } = options;
    if (!onProgress) return;
    for (const result of run.steps.slice(told)) onProgress({ kind: "step-ended", result });
    told = run.steps.length;
    const next = nextOf(steps, run);
    if (!next || begun >= next.index) return;
    begun = next.index;
    onProgress({ kind: "step-started", ...next, of: steps.length });
  };
}

/** The step that is going on; undefined: none is, or the document is not known here. */
function nextOf(steps: readonly Step[], run: Run): { index: number; id: string; title: string } | undefined {
  if (run.outcome !== "running" && run.outcome !== "waiting") return undefined;
  const last = run.steps.at(-1);
  const ended = run.steps.some(({ id, outcome }) => isEnd(outcome, steps.find((step) => step.id === id)?.onFailure));
  const after = steps.findIndex(({ id }) => id === last?.id) + 1;
  const index = steps.findIndex(({ runs }, at) => at >= after && (!ended || runs === "always"));
  const step = steps[index];
  return step && { index, id: step.id, title: step.title };
}

/** After this only what tidies up is performed. */
const isEnd = (outcome: Run["steps"][number]["outcome"], onFailure: Step["onFailure"] = "stop"): boolean =>
  outcome === "failed" ? onFailure === "stop" : outcome === "stood-down" || outcome === "nothing-to-do";

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
