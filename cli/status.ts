import { coverageOfEstate, findingsOf, jobsOf } from "../estate/estate";
import { staleIn } from "../estate/posture";
import { clockOf } from "../hosts/open";
import { answer, colours, note } from "./output";
import { estatePicture } from "./picture";
import { hostStatesOf, openStack } from "./stack";

export interface StatusCommand {
  stack: string;
  json?: boolean;
}

export async function status(options: StatusCommand): Promise<void> {
  const stack = await openStack(options.stack);
  const hosts = await hostStatesOf(stack);
  const { name, estate } = stack;
  const findings = findingsOf(
    estate,
    hosts.flatMap(({ state }) => state ?? []),
  );
  const reaches = estate.hosts.map(({ reach }) => reach);
  const stale = staleIn(coverageOfEstate(estate, await clockOf(reaches, stack.settings)));
  const { deployment } = estate.topology;
  const footer = findings.map(({ schedule, finding }) => ` ${colours.yellow("!")} ${schedule}: ${finding}`);
  answer(options, { stack: name, deployment, jobs: jobsOf(estate), hosts, findings, stale }, () =>
    estatePicture(stack, hosts, footer).join("\n"),
  );
  const problems = [
    ...hosts.flatMap(({ problem }) => problem ?? []),
    ...stale.map((says) => `${says}: ask for what is missing, and write it into the estate, under external`),
  ];
  for (const problem of problems) note(problem);
  if (problems.length > 0) process.exitCode = 1;
}
