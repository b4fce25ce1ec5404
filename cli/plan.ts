import { writeFileSync } from "node:fs";
import path from "node:path";
import type { BackupPlan } from "../estate/documents";
import { planOf, renderHtml, renderMarkdown } from "../estate/plan";
import { CliError, note } from "./output";
import { openStack } from "./stack";

export interface PlanCommand {
  stack: string;
  format?: string;
  output?: string;
}

const FORMATS = {
  markdown: renderMarkdown,
  html: renderHtml,
  json: (plan: BackupPlan) => `${JSON.stringify(plan, null, 2)}\n`,
};
type Format = keyof typeof FORMATS;
const isFormat = (name: string): name is Format => Object.hasOwn(FORMATS, name);
const BY_EXTENSION: Readonly<Record<string, Format>> = { ".html": "html", ".htm": "html", ".json": "json" };

/** The backup and restoration plan, from the declaration alone: no host is asked. */
export async function plan({ stack: name, format, output }: PlanCommand): Promise<void> {
  const chosen = format ?? BY_EXTENSION[path.extname(output ?? "").toLowerCase()] ?? "markdown";
  if (!isFormat(chosen)) {
    throw new CliError(`there is no format ${chosen}, only ${Object.keys(FORMATS).join(", ")}`, 2);
  }
  const { estate } = await openStack(name);
  const made = planOf(estate);
  const text = FORMATS[chosen](made);
  if (output === undefined) {
    process.stdout.write(text);
    return;
  }
  try {
    writeFileSync(output, text);
  } catch (error) {
    throw new CliError(`the plan could not be written to ${output}: ${error instanceof Error ? error.message : ""}`);
  }
  note(`${output} is the plan of ${name}: ${String(made.decisions.length)} decisions are open`);
}
