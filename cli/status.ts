import { jobsOf } from "../estate/estate";
import { answer, note } from "./output";
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
  answer(options, { stack: name, deployment: estate.topology.deployment, jobs: jobsOf(estate), hosts }, () =>
    estatePicture(stack, hosts).join("\n"),
  );
  const problems = hosts.flatMap(({ problem }) => problem ?? []);
  for (const problem of problems) note(problem);
  if (problems.length > 0) process.exitCode = 1;
}
