import type { JobState } from "../../estate/documents";
import type { ResourceType } from "../base/resource-type";
import { by } from "./observation";
import type { BackupInputs } from "./parts";
import { jobType, type JobKind } from "./reconcile";
import { BackupOutputs, type JobOutputs } from "./schema";

type BackupKind<Inputs extends BackupInputs> = Omit<JobKind<Inputs, BackupOutputs>, "outputs" | "outputsOf">;

/** A job that makes sets, and shows the newest of them. */
export const backupType = <Inputs extends BackupInputs>(
  kind: BackupKind<Inputs>,
): ResourceType<Inputs, BackupOutputs> => jobType({ ...kind, outputs: BackupOutputs, outputsOf: newestIn });

export function newestIn(jobs: readonly JobState[]): Omit<BackupOutputs, keyof JobOutputs> {
  const newest = jobs
    .flatMap(({ newestSet }) => (newestSet ? [newestSet] : []))
    .sort(by(({ set }) => set))
    .at(-1);
  return { newestSet: newest?.set ?? null, newestSetBytes: newest?.bytes ?? null };
}
