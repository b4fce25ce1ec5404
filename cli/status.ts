import { jobsOf } from "../estate/estate";
import { estatePicture } from "./picture";
import { print, printJson } from "./output";
import { openStack, withHost, type Stack } from "./stack";
import type { HostState } from "../estate/documents";

export interface HostStatus {
  host: string;
  state: HostState | undefined;
  problem: string | undefined;
}

/** What each host of the estate shows now. A host that does not answer is a line of the report, not the end of it. */
export async function statusOf(stack: Stack): Promise<HostStatus[]> {
  const timeoutMs = stack.settings.hostTimeoutSeconds * 1000;
  return Promise.all(
    stack.estate.hosts.map(async ({ name }): Promise<HostStatus> => {
      try {
        return {
          host: name,
          state: await withHost(stack, name, (host) => host.state({ timeoutMs })),
          problem: undefined,
        };
      } catch (error) {
        return { host: name, state: undefined, problem: error instanceof Error ? error.message : String(error) };
      }
    }),
  );
}

export async function status(options: { stack: string; json?: boolean }): Promise<void> {
  const stack = await openStack(options.stack);
  const hosts = await statusOf(stack);
  if (options.json === true) {
    printJson({ stack: stack.name, deployment: stack.estate.topology.deployment, jobs: jobsOf(stack.estate), hosts });
  } else {
    print(estatePicture(stack, hosts).join("\n"));
  }
  if (hosts.some(({ problem }) => problem !== undefined)) process.exitCode = 1;
}
