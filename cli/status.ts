import { jobsOf } from "../estate/estate";
import { note, print, printJson } from "./output";
import { estatePicture } from "./picture";
import { hostStatesOf, openStack } from "./stack";

export interface StatusCommand {
  stack: string;
  json?: boolean;
}

export async function status(options: StatusCommand): Promise<void> {
  const stack = await openStack(options.stack);
  const hosts = await hostStatesOf(stack);
  if (options.json === true) {
    printJson({ stack: stack.name, deployment: stack.estate.topology.deployment, jobs: jobsOf(stack.estate), hosts });
  } else {
    print(estatePicture(stack, hosts).join("\n"));
  }
  const problems = hosts.flatMap(({ problem }) => problem ?? []);
  for (const problem of problems) note(problem);
  if (problems.length > 0) process.exitCode = 1;
}
