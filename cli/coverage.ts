import type { CoverageRow, CoverageState } from "../estate/coverage";
import { scopeKey } from "../estate/documents";
import { coverageOfEstate } from "../estate/estate";
import { clockOf } from "../hosts/open";
import { answer, CliError, colours, note } from "./output";
import { openStack } from "./stack";

export interface CoverageCommand {
  stack: string;
  json?: boolean;
}

/** What the topology makes it necessary to back up, and what does that; where nothing does, the line to add. */
export async function coverage(options: CoverageCommand): Promise<void> {
  const stack = await openStack(options.stack);
  const now = await clockOf(
    stack.estate.hosts.map(({ reach }) => reach),
    stack.settings,
  );
  const { rows, idle, exempt, open } = coverageOfEstate(stack.estate, now);
  const counts = Object.fromEntries(STATES.map((state) => [state, rows.filter((row) => row.state === state).length]));
  const obligations = rows.map(({ obligation, ...row }) => ({ ...obligation, ...row }));
  answer(options, { stack: stack.name, now, counts, obligations, idle, exempt, open }, () =>
    STATES.flatMap((state) => {
      const lines = rows.filter((row) => row.state === state).flatMap(linesOf);
      return lines.length === 0 ? [] : [colours.bold(`${TITLES[state]} (${String(counts[state])})`), ...lines, ""];
    }).join("\n"),
  );
  for (const name of idle) note(`${name} protects nothing that is in the topology`);
  for (const one of open) note(one);
  const missing = rows.filter(({ state }) => state === "gap" || state === "stale").length;
  if (missing === 0) return;
  throw new CliError(
    `${String(missing)} of ${String(rows.length)} obligations are not covered; an estate may also waive one`,
  );
}

const STATES = ["covered", "waived", "stale", "gap"] as const satisfies readonly CoverageState[];
const TITLES = {
  covered: "Covered",
  waived: "Waived",
  stale: "Covered by another tool whose evidence is old",
  gap: "Not covered",
};
const MARKS = {
  covered: colours.green("●"),
  waived: colours.dim("○"),
  stale: colours.yellow("○"),
  gap: colours.red("✗"),
};

function linesOf({ obligation, state, says, add }: CoverageRow): string[] {
  const what = `${MARKS[state]} ${obligation.datum}, ${scopeKey(obligation.scope)}`;
  const why = says.map((text) => colours.dim(`  ${text}`));
  return [what, ...why, ...(add === undefined ? [] : [`  add ${colours.cyan(add)}`])];
}
