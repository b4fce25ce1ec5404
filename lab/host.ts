import { promises as timers } from "node:timers";
import { DocumentError, type Change, type HostState, type Run } from "../estate/documents";
import { HostError, type CallOptions, type Host, type RunOptions, type Work } from "../hosts/host";
import { applyChange } from "./changes";
import { LabError } from "./error";
import { FileError } from "./paths";
import { LockError } from "./lock";
import { runNow } from "./run-now";
import { readRuns } from "./runs";
import { readState } from "./state";
import { Store } from "./store";
import { inWorld, NoLabError, type World } from "./world";

/** A computer of the lab, behind the port. Sessions are network logons: they do what is local to the computer. */
export function openLabHost(folder: string, fqdn: string): Promise<Host> {
  return Promise.resolve(new LabHost(new Store(folder), fqdn.toLowerCase()));
}

class LabHost implements Host {
  constructor(
    private readonly store: Store,
    readonly fqdn: string,
  ) {}

  state(options?: CallOptions): Promise<HostState> {
    return this.call(options, (world) => readState(world, this.fqdn));
  }

  apply(change: Change, options?: CallOptions): Promise<HostState> {
    return this.call(options, (world) => {
      applyChange(world, this.fqdn, change);
      return readState(world, this.fqdn);
    });
  }

  async run(work: Work, options: RunOptions = {}): Promise<Run> {
    const { onProgress, confirm, signal, timeoutMs } = options;
    const limit = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs);
    const either = AbortSignal.any([signal, limit].filter((one) => one !== undefined));
    await this.call(options, () => undefined);
    const run = await this.translated(() =>
      runNow(this.store, this.fqdn, work, {
        signal: either,
        ...(onProgress ? { onProgress } : {}),
        ...(confirm ? { confirm } : {}),
      }),
    );
    if (limit?.aborted === true && run.outcome === "cancelled") throw this.timedOut(timeoutMs);
    return run;
  }

  results(query: { job: string; last: number }, options?: CallOptions): Promise<Run[]> {
    return this.call(options, (world) => readRuns(world, this.fqdn, query.job, query.last));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Latency is spent outside the lock: a slow host delays nobody else. */
  private async call<T>(options: CallOptions | undefined, work: (world: World) => T): Promise<T> {
    const before = await this.translated(() => inWorld(this.store, (world) => world.computer(this.fqdn).delayMs));
    await this.latency(before, options);
    return this.translated(() =>
      inWorld(this.store, (world) => {
        if (!world.computer(this.fqdn).reachable) {
          const mend = `npm run lync-backup -- lab mend ${this.fqdn}`;
          const advice = `Check the network and that the computer runs; in the lab: ${mend}`;
          throw new HostError("unreachable", this.fqdn, "it does not answer.", advice);
        }
        return work(world);
      }),
    );
  }

  private async latency(delayMs: number, { timeoutMs, signal }: CallOptions = {}): Promise<void> {
    const cancelled = new HostError("cancelled", this.fqdn, "the call was cancelled; nothing was done.");
    if (signal?.aborted === true) throw cancelled;
    const late = timeoutMs !== undefined && timeoutMs < delayMs;
    const wait = late ? timeoutMs : delayMs;
    if (wait === 0) return;
    await timers.setTimeout(wait, undefined, signal ? { signal } : {}).catch(() => {
      throw cancelled;
    });
    if (late) throw this.timedOut(timeoutMs);
  }

  private timedOut(timeoutMs: number | undefined): HostError {
    const advice = "Give it more time, or look why it is slow.";
    return new HostError("timed-out", this.fqdn, `it did not answer within ${String(timeoutMs)} ms.`, advice);
  }

  private async translated<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof NoLabError) {
        const advice = "Make one: npm run lync-backup -- lab create";
        throw new HostError("unreachable", this.fqdn, `there is no lab in ${this.store.folder}.`, advice);
      }
      if (error instanceof LockError) throw new HostError("busy", this.fqdn, error.message);
      if (error instanceof FileError) throw new HostError("refused", this.fqdn, error.message);
      if (error instanceof LabError || error instanceof DocumentError) {
        throw new HostError("protocol", this.fqdn, error.message);
      }
      throw error;
    }
  }
}
