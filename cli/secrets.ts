import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { HostReference } from "../estate/documents";
import { Credentials } from "../providers/base/credentials";
import { NAMESPACE } from "../providers/base/settings";
import { CliError } from "./output";

interface Configured {
  stack: string;
  /** That of Pulumi.yaml. */
  folder: string;
  /** Of the jobs. */
  account: string;
}

/**
 * The passwords that a way to a host names, and that of the jobs' account where it is no managed one. The stack's configuration keeps them encrypted, and the engine
 * alone can read them: it is asked only where a host needs one, and answers on its standard output.
 */
export async function secretsFor(
  { stack, folder, account }: Configured,
  { reach }: HostReference,
): Promise<(name: string) => string | undefined> {
  const logsOn = reach.via === "winrm" && reach.logon.by === "credential";
  const makesTasks = reach.via !== "lab" && !account.endsWith("$");
  const known: Credentials = logsOn || makesTasks ? await credentialsOf(stack, folder) : {};
  return (name) => known[name];
}

async function credentialsOf(stack: string, folder: string): Promise<Credentials> {
  const key = `${NAMESPACE}:credentials`;
  let json: string;
  try {
    const args = ["config", "get", key, "--stack", stack, "--non-interactive"];
    json = (await promisify(execFile)("pulumi", args, { cwd: folder, windowsHide: true })).stdout;
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    const said = stderr === undefined || stderr === "" ? message : stderr.trim();
    throw new CliError(`${key} of the stack ${stack} cannot be read: ${said}`);
  }
  const read = Credentials.safeParse(json);
  if (read.success) return read.data;
  throw new CliError(`${key} of the stack ${stack}: expected names, each with its password`);
}
