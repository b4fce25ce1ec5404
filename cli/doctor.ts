import type { HostState, Run } from "../estate/documents";
import { resourcesOf, type JobResource } from "../estate/estate";
import { EXPORT_GROUP, preflightJob, type Preflight } from "../estate/jobs";
import { judgePreflight, type Finding } from "../estate/preflight";
import { agentPackage, moduleHash, packageHash } from "../hosts/agent/package";
import { HostError, type Host } from "../hosts/host";
import { CliError, colours, print, printJson, table } from "./output";
import { openStack, withHost, type Stack } from "./stack";

export interface DoctorCommand {
  stack: string;
  host: string;
  instance: readonly string[];
  json?: boolean;
}

/** Whether a host can be reached, whether its module is whole, and what the account of its jobs can do there. */
export async function doctor({ stack: name, host, instance, json }: DoctorCommand): Promise<void> {
  const stack = await openStack(name);
  const findings = await examine(stack, host.toLowerCase(), instance);
  if (json === true) printJson({ host: host.toLowerCase(), ok: findings.every(isFine), findings });
  else print(tableOf(findings));
  const bad = findings.filter((one) => !isFine(one)).length;
  if (bad > 0) throw new CliError(`${host}: ${String(bad)} of ${String(findings.length)} findings must be mended`);
}

const isFine = ({ verdict }: Finding): boolean => verdict !== "bad";

function examine(stack: Stack, name: string, instances: readonly string[]): Promise<Finding[]> {
  const timeoutMs = stack.settings.hostTimeoutSeconds * 1000;
  return withHost(stack, name, async (host) => {
    let state: HostState;
    try {
      state = await host.state({ timeoutMs });
    } catch (error) {
      if (error instanceof HostError) return [asFinding("reach", error)];
      throw error;
    }
    const seen = [{ what: "reach", verdict: "good", found: `answers as ${state.host}` } as const, ...inSession(state)];
    const wanted = preflightOf(stack, name, instances);
    return wanted === undefined || state.agent === null ? seen : [...seen, ...(await asAccount(host, wanted))];
  });
}

/** What runs under the account is a task of its own: a session could not go on to other computers. */
async function asAccount(host: Host, wanted: Preflight): Promise<Finding[]> {
  let run: Run;
  try {
    run = await host.run({ document: preflightJob(wanted) });
  } catch (error) {
    if (error instanceof HostError) return [asFinding("task of the account", error)];
    throw error;
  }
  return judgePreflight(wanted, run);
}

const asFinding = (what: string, { message, advice }: HostError): Finding => {
  const found = advice === undefined ? message : message.slice(0, -advice.length).trim();
  return { what, verdict: "bad", found, ...(advice === undefined ? {} : { mend: advice }) };
};

/** What a session sees by itself. */
function inSession({ computer, agent, tasks, problems }: HostState): Finding[] {
  return [
    powershellOf(computer.powershell),
    moduleOf(agent),
    ...tasks
      .filter(({ lastResult }) => lastResult !== null && lastResult in LOGON)
      .map((task): Finding => {
        const [found, mend] = LOGON[task.lastResult ?? 0] ?? ["", ""];
        return { what: `task ${task.name}`, verdict: "bad", found, mend: mend.replace("ACCOUNT", task.account.name) };
      }),
    ...problems.map(({ message, advice }): Finding => {
      return { what: "state", verdict: "bad", found: message, mend: advice ?? "Look at it on the host." };
    }),
  ];
}

/** Last results of a task that say why its account could not begin. */
const LOGON: Readonly<Record<number, readonly [found: string, mend: string]>> = {
  0x8007052e: [
    "the account could not log on (0x8007052E)",
    "Run Install-ADServiceAccount for ACCOUNT there, or give its password again.",
  ],
  0x80070569: [
    "the account may not log on as a batch job (0x80070569)",
    'Grant ACCOUNT the right "Log on as a batch job" there.',
  ],
};

function powershellOf(version: string): Finding {
  const what = "PowerShell";
  if (Number.parseInt(version, 10) >= 3) return { what, verdict: "good", found: version };
  const mend =
    "Install Windows Management Framework 3.0 or later; of an old SQL or file server, place the job elsewhere.";
  return { what, verdict: "bad", found: `${version} is too old`, mend };
}

function moduleOf(agent: HostState["agent"]): Finding {
  const [what, mend] = ["module", "Run pulumi up, which installs it."];
  if (agent === null) return { what, verdict: "bad", found: "not installed", mend };
  const own = agentPackage();
  if (agent.version !== own.version) {
    return { what, verdict: "bad", found: `${agent.version}, and this desk has ${own.version}`, mend };
  }
  if (moduleHash(agent.files) === packageHash(own)) return { what, verdict: "good", found: agent.version };
  return { what, verdict: "bad", found: `${agent.version}, but its files are not those of the release`, mend };
}

/** Jobs of these kinds call Lync's cmdlets. */
const CALLING: readonly JobResource["kind"][] = ["configuration", "userData", "responseGroups", "persistentChat"];

/** Undefined: no job is placed there, so no account has to do anything. */
function preflightOf({ name: stack, estate }: Stack, host: string, more: readonly string[]): Preflight | undefined {
  const placed = resourcesOf(estate).filter(({ common }) => common.hosts.some(({ name }) => name === host));
  const declared = placed.flatMap(({ common }) => common.hosts.flatMap((place) => instanceAt(place, host)));
  const instances = [...new Set([...declared, ...more])];
  if (placed.length === 0 && instances.length === 0) return undefined;
  const { topology, account, targets } = estate;
  const used = targets.filter(({ name }) => placed.some(({ common }) => common.target === name));
  return {
    owner: { project: "lync-backup", stack, name: "preflight" },
    host,
    product: topology.product,
    deployment: topology.deployment,
    account,
    ...(placed.some(({ kind }) => CALLING.includes(kind)) ? { group: EXPORT_GROUP } : {}),
    targets: used.map(({ name, host: keeper, path, share, keepFreeGigabytes }) => ({
      ...{ name, host: keeper, keepFreeBytes: keepFreeGigabytes * 1_000_000_000 },
      path: keeper === host || share === undefined ? path : `\\\\${keeper}\\${share}`,
    })),
    instances,
  };
}

const instanceAt = (place: { name: string; instance?: string | undefined }, host: string): string[] =>
  place.name === host && place.instance !== undefined ? [place.instance] : [];

const MARKS = { good: colours.green("ok"), bad: colours.red("BAD"), unknown: colours.yellow("?") };

function tableOf(findings: readonly Finding[]): string {
  const rows = findings.map(({ what, verdict, found }) => [MARKS[verdict], what, found]);
  const todo = findings.flatMap(({ what, verdict, mend }) =>
    verdict === "good" || mend === undefined ? [] : [`  ${what}: ${mend}`],
  );
  const mended = todo.length === 0 ? [] : ["", "What mends it:", ...todo];
  return [table(["", "what", "found"], rows), ...mended].join("\n");
}
