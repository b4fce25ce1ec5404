import type { Change, HostState, Job, Run, StepResult } from "../estate/documents";

/**
 * The port: all that the product asks of a host. Each way to reach hosts implements it; nothing above knows which.
 * Every method rejects with a HostError; "unreachable" and "access denied" are errors and never look like "not there".
 */
export interface Host {
  readonly fqdn: string;
  /** Everything that resources on this host need, in one read. */
  state(options?: CallOptions): Promise<HostState>;
  /** Makes one change and answers with the state after it. Can be repeated. */
  apply(change: Change, options?: CallOptions): Promise<HostState>;
  /** Runs an installed job now, or a document as a one-off; resolves when it has ended, however it ended. */
  run(work: Work, options?: RunOptions): Promise<Run>;
  /** Result files, newest first. */
  results(query: { job: string; last: number }, options?: CallOptions): Promise<Run[]>;
  /** Frees sessions. The host stays as it is. */
  close(): Promise<void>;
}

export type Work = { job: string } | { document: Job };

export interface CallOptions {
  /** Ours, because the engine has none. */
  timeoutMs?: number;
  signal?: AbortSignal;
}

export interface RunOptions extends CallOptions {
  /** Called as steps begin and end. */
  onProgress?: (progress: Progress) => void;
  /** Asks the person who has started the run. Without this nobody is there, and a step that asks fails. */
  confirm?: (question: Question) => Promise<Answer>;
}

export interface Question {
  title: string;
  /** With what the answer will do. */
  ask: string;
  /** What must be typed to confirm it; without this, yes. */
  type?: string;
}

export interface Answer {
  /** Who has given it. */
  by: string;
  typed: string;
}

export type Progress =
  | { kind: "step-started"; id: string; title: string; index: number; of: number }
  | { kind: "step-ended"; result: StepResult };

export type HostErrorCode =
  | "unreachable"
  | "access-denied"
  | "timed-out"
  | "cancelled"
  | "foreign"
  | "not-found"
  | "refused"
  | "busy"
  | "protocol";

/** What failed, on which host, and what to do next. */
export class HostError extends Error {
  override readonly name = "HostError";
  constructor(
    readonly code: HostErrorCode,
    readonly host: string,
    message: string,
    readonly advice?: string,
  ) {
    super(`${host}: ${message}${advice === undefined ? "" : ` ${advice}`}`);
  }
}
