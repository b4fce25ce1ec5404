import { promises as timers } from "node:timers";
import type { Run } from "../estate/documents";
import type { Work } from "../hosts/host";
import { passUntil } from "./clock";
import { takeUp, type RunControl } from "./interpreter/execution";
import { conclude, finish, performNext } from "./interpreter/run";
import { materialiseTargets } from "./materialise";
import { saveRun } from "./runs";
import { LogonError, noteEnd, noteNoStart, startRun } from "./start";
import type { Store } from "./store";
import { inWorld } from "./world";

/**
 * A run by command. It is in this process, and takes its time on the clock: what falls due meanwhile has its turn. The
 * world is locked only while a step looks at it, so that others see the run going on.
 */
export async function runNow(store: Store, host: string, work: Work, control: RunControl): Promise<Run> {
  const begun = await inWorld(store, (world) => startRun(world, host, work, "command")).catch(
    async (error: unknown) => {
      if (error instanceof LogonError && "job" in work) {
        await inWorld(store, (world) => {
          noteNoStart(world, host, work.job, error);
        });
      }
      throw error;
    },
  );
  const execution = takeUp(store, begun, control);
  const { run } = execution;
  try {
    for (let until = await performNext(execution); until !== undefined; until = await performNext(execution)) {
      await passUntil(store, Date.parse(until));
      const result = conclude(execution);
      if (!result) {
        // Whoever it waits for may be in this process.
        await timers.setImmediate();
        continue;
      }
      await inWorld(store, (world) => {
        saveRun(world, run);
      });
      control.onProgress?.({ kind: "step-ended", result });
    }
    return await finish(execution);
  } finally {
    await inWorld(store, (world) => {
      noteEnd(world, work, run);
      materialiseTargets(world);
    });
  }
}
