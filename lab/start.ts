import type { Run, Trigger } from "../estate/documents";
import { HostError, type Progress, type Work } from "../hosts/host";
import type { Store } from "./store";

export interface StartOptions {
  trigger: Trigger;
  signal?: AbortSignal;
  onProgress?: (progress: Progress) => void;
}

export function startRun(_store: Store, host: string, _work: Work, _options: StartOptions): Promise<Run> {
  return Promise.reject(new HostError("refused", host, "the lab cannot run jobs yet."));
}
