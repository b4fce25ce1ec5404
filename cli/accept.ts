import os from "node:os";
import { Change, RESULTS, type ResultOf, type Run } from "../estate/documents";
import { answer, CliError, sizeText } from "./output";
import { jobNamed, openStack, withHost, type Stack } from "./stack";

export interface AcceptCommand {
  stack: string;
  reason: string;
  json?: boolean;
}

type Shrunk = NonNullable<ResultOf<"check">["shrunk"]>[number];

/** An operator's word that what the newest run found too small is right so: the next run passes. */
export async function acceptSizes(name: string, command: AcceptCommand): Promise<void> {
  const { stack: stackName, reason } = command;
  const stack = await openStack(stackName);
  const job = jobNamed(stack, name);
  const run = await newestRun(stack, job);
  const shrunk = run ? shrunkIn(run) : [];
  if (!run || shrunk.length === 0) {
    throw new CliError(
      `nothing to accept: the newest run of ${name}${run ? `, ${run.id},` : ""} did not fail because of a size`,
      2,
    );
  }
  const target = stack.estate.targets.find((one) => one.name === job.target);
  if (!target) throw new CliError(`the estate has no target ${job.target}`);
  await withHost(stack, target.host, async (host) => {
    for (const { path, bytes } of shrunk) {
      const said = { target: target.name, series: job.series, path, bytes, by: operator(), reason };
      const owner = { project: "lync-backup", stack: stackName, name };
      await host.apply(Change.make({ owner, action: { kind: "accept-size", ...said } }));
    }
  });
  answer(command, { job: name, run: run.id, accepted: shrunk }, () =>
    [...shrunk.map(lineOf), `The next run of ${name} passes with these sizes.`].join("\n"),
  );
}

const lineOf = ({ path, bytes, before, set }: Shrunk): string =>
  `${path}: ${sizeText(bytes)} accepted; in the set ${set} it had ${sizeText(before)}`;

/** Of all hosts where it is placed, the newest that did not stand down. */
async function newestRun(stack: Stack, { name, hosts }: { name: string; hosts: string[] }): Promise<Run | undefined> {
  const found = await Promise.all(
    hosts.map((host) => withHost(stack, host, (opened) => opened.results({ job: name, last: 10 }))),
  );
  const acted = found.flat().filter(({ outcome }) => outcome !== "stood-down" && outcome !== "running");
  return acted.sort((a, b) => (a.id < b.id ? -1 : 1)).at(-1);
}

function shrunkIn(run: Run): Shrunk[] {
  const step = run.steps.find((one) => one.kind === "check" && one.outcome === "failed");
  const parsed = RESULTS.check.safeParse(step?.data);
  return parsed.success ? (parsed.data.shrunk ?? []) : [];
}

/** Who says so; Windows tells the domain too. */
function operator(): string {
  const domain = process.env["USERDOMAIN"];
  const { username } = os.userInfo();
  return domain === undefined ? username : `${domain}\\${username}`;
}
