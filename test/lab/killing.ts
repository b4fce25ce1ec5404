import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { child, temporaryFolder } from "./fixture";

/** Processes that are killed at a moment of their own, each in a copy of the same lab. */

/** A write to the files of the lab, by its number; of a run also by the step that it is in, and the number therein. */
export type MomentInStep = `${string}+${number}`;
export type Moment = number | MomentInStep;

function copyOf(lab: string): string {
  const copy = path.join(temporaryFolder(), ".lab");
  fs.cpSync(lab, copy, { recursive: true });
  return copy;
}

/** How many moments it has when nobody kills it; of a run also how many each step has. */
export async function momentsOf(
  lab: string,
  [what = "", ...rest]: readonly string[],
): Promise<{ all: number; steps: { id: string; moments: number }[] }> {
  const whole = child([what, copyOf(lab), ...rest], 0);
  assert.equal(await whole.ended, 0);
  const all = Number(/ (\d+)$/.exec(whole.output())?.[1]);
  assert.ok(all > 5, `${String(all)} moments`);
  const steps = [...whole.output().matchAll(/^(\S+) (\d+)$/gm)];
  return { all, steps: steps.map(([, id = "", moments]) => ({ id, moments: Number(moments) })) };
}

/** Kills it at each of these moments, and looks what it left. */
export async function killAt<M extends Moment>(
  moments: readonly M[],
  lab: string,
  [what = "", ...rest]: readonly string[],
  look: (copy: string, moment: M) => Promise<void>,
): Promise<void> {
  const left = [...moments];
  const worker = async (): Promise<void> => {
    for (let moment = left.shift(); moment !== undefined; moment = left.shift()) {
      const copy = copyOf(lab);
      try {
        assert.equal(await child([what, copy, ...rest], moment).ended, "SIGKILL");
        await look(copy, moment);
      } catch (error) {
        throw new Error(`killed at moment ${String(moment)}: ${(error as Error).message}`, { cause: error });
      }
      fs.rmSync(path.dirname(copy), { recursive: true });
    }
  };
  await Promise.all([worker(), worker()]);
}
