import { writeFileSync } from "node:fs";
import path from "node:path";
import { performance } from "node:perf_hooks";
import { format } from "prettier";
import { coverageOf } from "../estate/coverage";
import { ServiceLevel, type Topology } from "../estate/documents";
import { judgeLevels } from "../estate/levels";
import { dutiesOf } from "../estate/obligations";
import { everyJob } from "../test/estate/protecting";
import { manyPools } from "../test/estate/topologies";
import { ROOT } from "../test/support/root";

/**
 * What it takes to judge an estate: obligations, coverage and service levels, for ever more pools. What is compared is
 * the time for each pool: where it stays the same, the whole is linear.
 */
const COUNTS = [62, 124, 250, 500];
const ROUNDS = 7;
const NOW = "2026-03-01T12:00:00.000Z";
const LEVELS = [
  ServiceLevel.parse({ name: "all", rpoHours: 26, keepDays: 30, priorities: ["completeness", "portability"] }),
  ServiceLevel.parse({ name: "users", data: ["user-data"], rpoHours: 25, poolLossRpoMinutes: 30, rtoHours: 4 }),
];

/** The middle of several rounds, of which the first warms up and does not count. */
function milliseconds(work: () => void): number {
  work();
  const times = Array.from({ length: ROUNDS }, () => {
    const begin = performance.now();
    work();
    return performance.now() - begin;
  });
  return times.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0;
}

function judged(topology: Topology, protections: ReturnType<typeof everyJob>): number {
  const { obligations } = dutiesOf(topology);
  coverageOf(obligations, protections, NOW);
  judgeLevels({ topology, obligations, protections, levels: LEVELS, now: NOW });
  return obligations.length;
}

async function main(): Promise<void> {
  const measured = COUNTS.map((count) => {
    const topology = manyPools(count);
    const protections = everyJob(topology);
    const { obligations } = dutiesOf(topology);
    return {
      count,
      obligations: obligations.length,
      whole: milliseconds(() => judged(topology, protections)),
      duties: milliseconds(() => dutiesOf(topology)),
      coverage: milliseconds(() => coverageOf(obligations, protections, NOW)),
    };
  });
  const least = measured[0];
  const rows = measured.map(({ count, obligations, whole, duties, coverage }) => {
    const perPool = least ? whole / count / (least.whole / least.count) : 1;
    const times = [duties, coverage, whole - duties - coverage, whole].map((one) => `${one.toFixed(0)} ms`);
    return `| ${[count, obligations, ...times, perPool.toFixed(2)].join(" | ")} |`;
  });
  const table = [
    "# The core, for ever more pools",
    "Paired and mirrored pools with all roles, a job for everything that a job kind covers, two service levels. The last column is the time for each pool against that of the smallest deployment: 1 is linear.",
    "Repeat it with `npm run bench`. Single times depend on the computer; the ratios are what is compared.",
    [
      "| pools | obligations | finding them | coverage | service levels | all | per pool |",
      "| --- | --- | --- | --- | --- | --- | --- |",
      ...rows,
    ].join("\n"),
  ].join("\n\n");
  console.log(rows.join("\n"));
  const text = await format(table, { parser: "markdown", printWidth: 120 });
  writeFileSync(path.join(ROOT, "bench", "core.md"), text);
}

void main();
