import fs from "node:fs";
import path from "node:path";
import { targetLayout, type Drilled } from "../../estate/documents";
import { drillJob, verdictOf } from "../../estate/restore";
import type { Progress } from "../../hosts/host";
import { answer, CliError, colours, note } from "../output";
import { openStack, withHost } from "../stack";
import { planned, refusal, type Asked } from "./planned";

export interface DrillCommand extends Omit<Asked, "replace"> {
  stack: string;
  host: string;
  onto: string;
  as: string;
  data: string;
  goodForDays: string;
  json?: boolean;
}

/**
 * Restores a database under another name on another instance, looks whether it is consistent, drops it, and leaves the
 * verdict beside the sets. What is broken is found before the host is asked.
 */
export async function drill(command: DrillCommand): Promise<void> {
  const goodForDays = Number(command.goodForDays);
  if (!Number.isInteger(goodForDays) || goodForDays < 1) {
    throw new CliError(`--good-for-days ${command.goodForDays} is no number of days`, 2);
  }
  const stack = await openStack(command.stack);
  const plan = await planned(command);
  if ("refused" in plan) throw refusal(plan.refused);
  const { chain, placing } = plan;
  const { account, topology } = stack.estate;
  const document = drillJob({
    owner: { project: "lync-backup", stack: stack.name, name: "drill" },
    ...{ product: topology.product, deployment: topology.deployment, account, chain, placing },
    ...{ host: command.host.toLowerCase(), instance: command.onto.toLowerCase() },
  });
  const onProgress = (progress: Progress): void => {
    if (progress.kind === "step-ended") note(`  ${progress.result.message}`);
  };
  const run = await withHost(stack, command.host, (host) => host.run({ document }, { onProgress }));
  const verdict = verdictOf(run, chain, { goodForDays });
  const file = path.join(command.target, targetLayout.drilled(verdict.series, verdict.at, verdict.scenario));
  write(file, verdict);
  answer(command, verdict, () => wordsOf(verdict, command, file));
  if (verdict.verdict === "failed") {
    throw new CliError(`The rehearsal of ${command.database} on ${command.onto} failed: ${verdict.notes.join(" ")}`);
  }
}

/** By rename, so that nobody reads half of it. */
function write(file: string, verdict: Drilled): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(`${file}.part`, `${JSON.stringify(verdict, null, 2)}\n`);
  fs.renameSync(`${file}.part`, file);
}

function wordsOf(
  { verdict, minutes, sets, notes, goodForDays }: Drilled,
  { database, onto }: DrillCommand,
  file: string,
): string {
  const word = verdict === "passed" ? colours.green("passed") : colours.red("failed");
  return [
    `${database} on ${onto}: ${word}; ${String(sets.length)} sets restored in ${minutes.toFixed(1)} min, good for ${String(goodForDays)} days`,
    ...notes.map((one) => `  ${one}`),
    `The verdict is in ${file}.`,
  ].join("\n");
}
