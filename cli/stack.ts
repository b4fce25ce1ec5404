import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import type { HostReference, HostState } from "../estate/documents";
import { jobsOf, type Estate } from "../estate/estate";
import type { Host } from "../hosts/host";
import { openHost } from "../hosts/open";
import { messageOf } from "../providers/base/errors";
import { readStack, type Settings } from "../providers/base/settings";
import { estateNamed, listText } from "../stacks";
import { CliError } from "./output";
import { secretsFor } from "./secrets";

/** The folder of Pulumi.yaml; compiled code lies two levels below it. */
export const ROOT = path.join(__dirname, "..", "..");

export interface Stack {
  name: string;
  estate: Estate;
  settings: Settings;
}

const StackFile = z.object({ config: z.record(z.string(), z.unknown()).default({}) });

/** What a stack declares, read from its files: the CLI must work on the day when the engine and its state do not. */
export async function openStack(name: string): Promise<Stack> {
  const read = readStack(withoutSecrets(configurationOf(name)));
  if ("problem" in read) throw new CliError(`stacks/Pulumi.${name}.yaml: ${read.problem}`);
  const { settings, estate } = read;
  return {
    name,
    estate: await estateNamed(estate),
    settings: { ...settings, lab: path.resolve(ROOT, settings.lab) },
  };
}

/** Encrypted as they stand there; who needs one asks the engine for it. */
const withoutSecrets = (config: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(config).filter(([, value]) => !Encrypted.safeParse(value).success));
const Encrypted = z.object({ secure: z.string() });

function configurationOf(name: string): Record<string, unknown> {
  if (!/^[A-Za-z0-9._-]{1,100}$/.test(name))
    throw new CliError("a stack's name has letters, digits, dots and hyphens", 2);
  const file = path.join(ROOT, "stacks", `Pulumi.${name}.yaml`);
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    throw new CliError(`there is no stack ${name} (stacks/Pulumi.${name}.yaml), only ${listText(stackNames())}`, 2);
  }
  const parsed = StackFile.safeParse(parse(text) ?? {});
  if (!parsed.success) throw new CliError(`stacks/Pulumi.${name}.yaml is not a stack configuration`);
  return parsed.data.config;
}

function stackNames(): string[] {
  const files = readdirSync(path.join(ROOT, "stacks"));
  return files.flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []).sort();
}

export async function withHost<T>(stack: Stack, name: string, work: (host: Host) => Promise<T>): Promise<T> {
  const reference = referenceOf(stack.estate, name);
  const host = await openHost(reference, {
    lab: stack.settings.lab,
    secret: await secretsFor({ stack: stack.name, folder: ROOT, account: stack.estate.account }, reference),
  });
  try {
    return await work(host);
  } finally {
    await host.close();
  }
}

function referenceOf(estate: Estate, name: string): HostReference {
  const host = estate.hosts.find((one) => one.name === name.toLowerCase());
  if (host) return host;
  const names = estate.hosts.map((one) => one.name).join(", ");
  throw new CliError(`${name} is not a host of this estate, which has ${names}`, 2);
}

export function jobNamed(stack: Stack, name: string): ReturnType<typeof jobsOf>[number] {
  const jobs = jobsOf(stack.estate);
  const job = jobs.find((one) => one.name === name);
  if (job) return job;
  throw new CliError(`the estate has no job ${name}, only ${jobs.map((one) => one.name).join(", ")}`, 2);
}

export interface HostStatus {
  host: string;
  state: HostState | undefined;
  problem: string | undefined;
}

/** The clock of the hosts, by the last that has answered. */
export const seenAt = (hosts: readonly HostStatus[]): string =>
  hosts
    .map(({ state }) => state?.at ?? "")
    .sort()
    .at(-1) ?? "";

/** What each host of the estate shows now. A host that does not answer is a line of the report, not the end of it. */
export async function hostStatesOf(stack: Stack): Promise<HostStatus[]> {
  const timeoutMs = stack.settings.hostTimeoutSeconds * 1000;
  return Promise.all(
    stack.estate.hosts.map(async ({ name }): Promise<HostStatus> => {
      try {
        const state = await withHost(stack, name, (host) => host.state({ timeoutMs }));
        return { host: name, state, problem: undefined };
      } catch (error) {
        return { host: name, state: undefined, problem: messageOf(error) };
      }
    }),
  );
}
