import type {
  Accepted,
  Artefact,
  ArtefactDeclaration,
  Cover,
  Failure,
  Job,
  Manifest,
  Run,
  Scope,
  StepResult,
} from "../../estate/documents";
import type { SealedSet } from "../../estate/chains";
import { DocumentError, hostLayout, seriesOf, targetLayout } from "../../estate/documents";
import type { RunOptions } from "../../hosts/host";
import { CmdletRefusal } from "../cmdlets/refusal";
import type { Actor } from "../files";
import { FileError, joinWindows } from "../paths";
import { SqlError } from "../sql/error";
import type { Store } from "../store";
import { inWorld, type World } from "../world";

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

export type RunControl = Pick<RunOptions, "signal" | "onProgress" | "confirm">;

/** One run of one job: what its steps share. */
export interface Execution extends Underway {
  readonly store: Store;
  readonly control: RunControl;
  /** What finished steps left, by id. */
  readonly results: Map<string, Json>;
  /** Below forEach. */
  item?: Json;
  /** Read when it is first asked for. */
  last?: LastSets;
  /** Simulated milliseconds that the step has taken so far. */
  spentMs: number;
}

/** What of a run is kept between two steps: with it, it can be put down and taken up again. */
interface Underway {
  readonly job: Job;
  /** The account of the task, with a batch logon: it can go on to SQL Server and shares. */
  readonly actor: Actor;
  /** The result file as it is now. */
  readonly run: Run;
  /** The version of the module, which manifests name. */
  readonly toolVersion: string;
  readonly artefacts: MadeArtefact[];
  /** Failures of steps that let the run go on, and nothing be sealed. */
  readonly noted: string[];
  /** Failures of steps after which what was made is sealed all the same. */
  readonly kept: string[];
  /** What a verification has found wrong: the set is sealed all the same, as one that is not good. */
  readonly damaged: { path: string; message: string }[];
  /** Whether a folder for the set was made on the target, which must go where it is not sealed. */
  hasSetFolder: boolean;
  /** The index of the step that comes next. */
  next: number;
  /** What came of the one that has begun: it counts from its end on. */
  performed?: StepResult;
  /** The one that has begun waits, and is performed again when it looks again. */
  waiting?: Waiting;
}

export interface Waiting {
  looks: number;
  /** Of a step that waits: the time before the first look has passed. */
  isDue: boolean;
  nextAt: string;
  /** When the step began. */
  startedAt?: string;
  /** Below forEach: the items that are done. */
  each?: NonNullable<StepResult["each"]>;
}

/** A run that goes on while the clock does. */
export type RunUnderway = Underway & { results: Record<string, Json> };

export const underwayIn = (world: World): Record<string, RunUnderway> => world.underway as Record<string, RunUnderway>;

export function putDown(execution: Execution): RunUnderway {
  const { store: _store, control: _control, item: _item, last: _last, spentMs: _spentMs, ...rest } = execution;
  return { ...rest, results: Object.fromEntries(execution.results) };
}

export const takeUp = (store: Store, underway: RunUnderway, control: RunControl = {}): Execution => ({
  ...underway,
  results: new Map(Object.entries(underway.results)),
  store,
  control,
  spentMs: 0,
});

/** The sets of the series, as `last` and `chain` see them. */
export interface LastSets {
  sets: readonly SealedSet[];
  /** What `last` refers to: the newest, and the newest full one. */
  reference: Json;
  /** The newest good one of the job's own kind. */
  comparable: Manifest | undefined;
  accepted: Accepted["artefacts"];
}

/** A file that a step has made, on its way into the set. */
export interface MadeArtefact {
  /** In the set, with forward slashes. */
  path: string;
  in: "work" | "set";
  datum: string;
  scope: Scope;
  format: ArtefactDeclaration["format"];
  atLeastBytes: number;
  covers?: Cover[];
  facts: Record<string, Json>;
  bytes?: number;
  sha256?: string;
  parts?: NonNullable<Artefact["parts"]>;
}

/** What a step that did not fail has to say. */
export interface Done {
  message: string;
  data: Record<string, Json>;
  outcome?: "stood-down" | "nothing-to-do";
  answer?: NonNullable<StepResult["answer"]>;
}

/** A step that cannot do what it is for. */
export class StepFailure extends Error {
  override readonly name = "StepFailure";
  constructor(
    readonly code: string,
    message: string,
    readonly advice?: string,
    /** What the step leaves although it failed, for whoever decides what to do next. */
    readonly data: { [key: string]: Json } = {},
  ) {
    super(message);
  }
}

export function failureOf(error: unknown): Failure {
  if (error instanceof StepFailure || error instanceof CmdletRefusal || error instanceof SqlError) {
    const { code, message, advice } = error;
    return { code, message, ...(advice === undefined ? {} : { advice }) };
  }
  if (error instanceof FileError) return { code: error.code, message: error.message };
  if (error instanceof DocumentError) return { code: "invalid-document", message: `${error.message}.` };
  return { code: "internal", message: error instanceof Error ? error.message : String(error) };
}

/** What a step did before it failed stays done: half a file is there. */
export async function look<T>(execution: Execution, work: (world: World) => Promise<T> | T): Promise<T> {
  const ended = await inWorld(execution.store, async (world) => {
    try {
      return { value: await work(world) };
    } catch (error) {
      return { error };
    }
  });
  if ("error" in ended) throw ended.error;
  return ended.value;
}

/** Paths as the run's own computer names them. */
export const workPath = ({ run }: Execution, file: string): string =>
  joinWindows(hostLayout.data, hostLayout.work(run.id), file);

export const setPath = (execution: Execution, file: string): string =>
  joinWindows(targetOf(execution).path, targetLayout.artefact(seriesOf(execution.job), execution.run.id, file));

export const mirrorPath = (execution: Execution, file: string): string =>
  joinWindows(targetOf(execution).path, targetLayout.mirror(seriesOf(execution.job)), file);

export const artefactPath = (execution: Execution, artefact: MadeArtefact): string =>
  artefact.in === "work" ? workPath(execution, artefact.path) : setPath(execution, artefact.path);

export function targetOf({ job }: Execution): NonNullable<Job["target"]> {
  if (!job.target) throw new StepFailure("no-target", `The job ${job.name} names no target.`);
  return job.target;
}
