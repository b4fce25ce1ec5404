import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Name, type Reach } from "../../estate/documents";
import {
  estateFor,
  textOfChange,
  topologyChanges,
  topologyFrom,
  type Choices,
  type Discovery,
} from "../../estate/discovery";
import type { Estate } from "../../estate/estate";
import type { Host } from "../../hosts/host";
import { openHost } from "../../hosts/open";
import { readSettings } from "../../providers/base/settings";
import { estateFile, isBuiltIn, readEstate } from "../../stacks";
import { answer, CliError, colours, note } from "../output";
import { secretsFor } from "../secrets";
import { openStack, ROOT } from "../stack";
import { askDeployment } from "./ask";
import { hostNamed, reachOf, referenceTo, targetsOf, type DiscoverCommand } from "./options";
import { textOfEstate } from "./text";

/** Reads a live deployment, and writes the estate that covers it; where there is one, shows what has changed since. */
export async function discover(options: DiscoverCommand): Promise<void> {
  const host = hostNamed(options.host);
  const targets = targetsOf(options);
  const reach = reachOf(options);
  const known = await declaredIn(options);
  const file = fileOf(options, host);
  const before = known ?? (existsSync(file) ? readEstate(file) : undefined);
  if (!before && targets.length === 0) throw new CliError(NO_TARGET, 2);
  const way = options.via === undefined ? before?.hosts.find(({ name }) => name === host)?.reach : undefined;
  const { found, account } = await look(options, host, way ?? reach(host), before?.account);
  if (before && !(options.force === true && known === undefined)) {
    return compare(options, before, found, known ? `the stack ${String(options.stack)}` : file);
  }
  const choices: Choices = {
    account,
    reach,
    targets: targets.length > 0 ? await withEncryption(targets, options, reach, account) : targetsIn(before),
    protect: before?.protect ?? reach(host).via !== "lab",
    owner: options.owner ?? account,
    ...(options.exports.length > 0 ? { exports: options.exports.map((name) => hostNamed(name, "--exports")) } : {}),
  };
  const { declared, estate, decisions } = estateFor(found, choices);
  const head = { deployment: found.topology.deployment, host, on: found.at.slice(0, 10) };
  writeFileSync(file, textOfEstate(declared, decisions, head));
  answer(options, { host, file, written: true, topology: estate.topology, decisions }, () =>
    [`${colours.bold(path.relative(process.cwd(), file))}: ${summaryOf(estate, decisions.length)}`, ...next(file)].join(
      "\n",
    ),
  );
}

const NO_TARGET = String.raw`say where sets are to be kept, on a computer that is in no pool: --target bk01.contoso.com:D:\LyncBackup`;

async function declaredIn({ stack }: DiscoverCommand): Promise<Estate | undefined> {
  return stack === undefined ? undefined : (await openStack(stack)).estate;
}

/** Named after the deployment, which is named after its domain. */
function fileOf({ output, name }: DiscoverCommand, host: string): string {
  if (output !== undefined) return path.resolve(output);
  const named = deploymentOf(name, host);
  if (isBuiltIn(named)) throw new CliError(`stacks/ has an estate ${named} already: give another --name`, 2);
  return estateFile(named);
}

function deploymentOf(name: string | undefined, host: string): string {
  const named = name ?? host.split(".")[1] ?? host;
  if (Name.safeParse(named).success) return named;
  throw new CliError(`${named} is no name for an estate: --name takes lower-case letters, digits and hyphens`, 2);
}

async function look(
  options: DiscoverCommand,
  host: string,
  reach: Reach,
  declared: string | undefined,
): Promise<{ found: Discovery; account: string }> {
  const deployment = deploymentOf(options.name, host);
  const account = options.account ?? declared ?? `${(host.split(".")[1] ?? host).toUpperCase()}\\lync-backup$`;
  const found = await opened(options, host, reach, account, async (one) => {
    const { answers, product } = await askDeployment(one, {
      account,
      deployment,
      onProgress: (progress) => {
        if (progress.kind === "step-started") note(colours.dim(`  ${progress.title}`));
      },
    });
    return topologyFrom(answers, { deployment, product });
  });
  return { found, account };
}

async function opened<T>(
  { stack, name }: DiscoverCommand,
  host: string,
  reach: Reach,
  account: string,
  work: (host: Host) => Promise<T>,
): Promise<T> {
  const read = readSettings({});
  if ("problem" in read) throw new CliError(read.problem);
  const lab = path.resolve(ROOT, read.settings.lab);
  const reference = referenceTo(host, reach);
  const configured = { stack: stack ?? deploymentOf(name, host), folder: ROOT, account };
  const one = await openHost(reference, { lab, secret: await secretsFor(configured, reference) });
  try {
    return await work(one);
  } finally {
    await one.close();
  }
}

/** What the computer that keeps the sets says of its own disk; where it does not answer, that is left to people. */
function withEncryption(
  targets: Choices["targets"],
  options: DiscoverCommand,
  reach: (host: string) => Reach,
  account: string,
): Promise<Choices["targets"]> {
  return Promise.all(
    targets.map(async (target) => {
      const state = await opened(options, target.host, reach(target.host), account, (host) => host.state()).catch(
        (error: unknown) => {
          note(colours.yellow(error instanceof Error ? error.message : String(error)));
          return undefined;
        },
      );
      const encryption = state?.volumes[target.path.slice(0, 2).toUpperCase()]?.encryption;
      return encryption === "bitlocker" ? { ...target, encryption } : target;
    }),
  );
}

const targetsIn = (before: Estate | undefined): Choices["targets"] =>
  (before?.targets ?? []).map(({ name, host, path: folder, share, encryption, location, readers }) => ({
    ...{ name, host, path: folder, encryption, location, readers },
    ...(share === undefined ? {} : { share }),
  }));

function compare(options: DiscoverCommand, before: Estate, { topology, at }: Discovery, where: string): void {
  const changes = topologyChanges(before.topology, topology);
  const words = changes.map((change) => `  ${textOfChange(change)}`);
  answer(options, { host: options.host, file: where, written: false, at, changes }, () =>
    changes.length === 0 ? `The deployment is as ${where} says` : [`Since ${where} was written:`, ...words].join("\n"),
  );
  if (changes.length === 0) return;
  const mend = options.stack === undefined ? "correct the file, or write it anew with --force" : "correct the estate";
  throw new CliError(`the deployment has changed in ${String(changes.length)} points: ${mend}`);
}

const counted = (count: number, what: string): string => `${String(count)} ${what}${count === 1 ? "" : "s"}`;

function summaryOf({ topology, hosts, waivers }: Estate, decisions: number): string {
  const parts = [
    counted(topology.pools.length, "pool"),
    counted(topology.sql.length, "SQL Server instance"),
    counted(hosts.length, "host"),
  ];
  const open = waivers.length === 0 ? "" : `, ${String(waivers.length)} data that other tools must back up`;
  return `${parts.join(", ")}${open}; ${counted(decisions, "decision")} marked DECIDE`;
}

/** What is read from stacks/ needs no line of code. */
function next(file: string): string[] {
  const name = path.basename(file, ".estate.yaml");
  if (file !== estateFile(name)) return [];
  return [
    "",
    "What comes next:",
    `  npm run pulumi -- stack init ${name}`,
    `  npm run pulumi -- config set estate ${name} --stack ${name}`,
    `  npm run pulumi -- preview --stack ${name}`,
  ];
}
