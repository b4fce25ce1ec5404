import { poolOf, PRODUCT_NAMES, type JobState, type TaskState } from "../estate/documents";
import { coverageOfEstate, jobsOf, type Estate } from "../estate/estate";
import { scheduleOf } from "../estate/schedules";
import { instancesOf, storesOf } from "../estate/topology/stores";
import { ageText, box, colours, padded, sizeText, widthOf } from "./output";
import { seenAt, type HostStatus, type Stack } from "./stack";

/** The estate as a picture: hosts on the left, what they leave and where on the right, offsite below. */
export function estatePicture(stack: Stack, hosts: readonly HostStatus[], footer: readonly string[] = []): string[] {
  const { estate } = stack;
  const now = seenAt(hosts);
  const left = hostBoxes(estate, hosts);
  const right = estate.targets.flatMap((target) => targetBox(estate, target, hosts, now));
  const { deployment, product } = estate.topology;
  const clock = now === "" ? "no host answers" : `${now.slice(0, 16).replace("T", " ")} UTC`;
  return [
    "",
    ` ${colours.bold(deployment)}  ${PRODUCT_NAMES[product]}  ${colours.dim(`stack ${stack.name} · ${clock}`)}`,
    "",
    ...sideBySide(left, right),
    "",
    coverageLine(estate, now),
    ...footer,
  ];
}

/** What the topology makes it necessary to back up, in one line. Evidence of other tools is as old as the hosts say. */
function coverageLine(estate: Estate, now: string): string {
  const { rows } = coverageOfEstate(estate, now === "" ? new Date().toISOString() : now);
  const missing = rows.filter(({ state }) => state === "gap" || state === "stale").length;
  const mark = missing === 0 ? colours.green("●") : colours.yellow("○");
  const more = missing === 0 ? "" : colours.dim(" (lync-backup coverage names the others)");
  return ` ${mark} ${String(rows.length - missing)} of ${String(rows.length)} obligations are covered${more}`;
}

const LEFT = 44;
const RIGHT = 74;

function hostBoxes(estate: Estate, hosts: readonly HostStatus[]): string[] {
  const targets = new Set(estate.targets.map(({ host }) => host));
  const { topology } = estate;
  const sql = new Set(instancesOf(topology, storesOf(topology)).map((instance) => instance.split("\\")[0]));
  const groups = new Map<string, HostStatus[]>();
  for (const status of hosts) {
    const pool = poolOf(topology, status.host);
    const title = pool
      ? `${pool.fqdn} · ${pool.site}`
      : targets.has(status.host)
        ? "backup computers"
        : sql.has(status.host)
          ? "SQL Servers"
          : "management";
    groups.set(title, [...(groups.get(title) ?? []), status]);
  }
  return [...groups].flatMap(([title, members]) =>
    box(
      title,
      members.map((status) => hostLine(status)),
      LEFT,
    ),
  );
}

function hostLine({ host, state }: HostStatus): string {
  const name = padded(host.split(".")[0] ?? host, 9);
  if (!state) return `${colours.red("✗")} ${name} ${colours.red("does not answer")}`;
  if (!state.agent) return `${colours.yellow("○")} ${name} ${colours.yellow("module not installed")}`;
  return `${colours.green("●")} ${name} module ${state.agent.version}  ${colours.dim(`PowerShell ${state.computer.powershell}`)}`;
}

function targetBox(
  estate: Estate,
  target: Estate["targets"][number],
  hosts: readonly HostStatus[],
  now: string,
): string[] {
  const state = hosts.find(({ host }) => host === target.host)?.state;
  const found = state?.targets.find(({ name }) => name === target.name);
  const free = typeof found?.freeBytes !== "number" ? "not there" : `${sizeText(found.freeBytes)} free`;
  const where = target.share === undefined ? target.path : `\\\\${target.host}\\${target.share}`;
  const bySeries = new Map<string, string[]>();
  for (const job of jobsOf(estate).filter((one) => one.target === target.name)) {
    bySeries.set(job.series, [...(bySeries.get(job.series) ?? []), job.name]);
  }
  const zones = new Set(hosts.flatMap((host) => (host.state?.tasks.length ? [host.state.timeZone] : [])));
  const zone = zones.size === 1 ? [...zones].join() : "";
  const facts = `${target.location}, encryption ${target.encryption}, ${free}`;
  const heads = [`  ${padded(zone, NAME)} ${padded("starts at", WHEN)} newest set`];
  const rows = [...bySeries].flatMap(([series, jobs]) => seriesLines(series, jobs, hosts, now));
  const lines = rows.length === 0 ? [] : ["", ...heads.map((head) => colours.dim(head)), ...rows];
  return box(`${target.name} on ${target.host}`, [where, colours.dim(facts), ...lines], RIGHT);
}

const NAME = 24;
const WHEN = 19;

/** One line of sets, whichever of its jobs adds to it. */
function seriesLines(series: string, names: readonly string[], hosts: readonly HostStatus[], now: string): string[] {
  const states = hosts.flatMap(({ state }) => (state ? [state] : []));
  const jobs = states.flatMap((state) => state.jobs.filter(({ name }) => names.includes(name)));
  const tasks = states.flatMap((state) => state.tasks.filter(({ name }) => names.includes(name)));
  const newest = jobs
    .flatMap(({ newestSet }) => (newestSet ? [newestSet] : []))
    .sort(bySet)
    .at(-1);
  const mark = newest ? colours.green("●") : colours.yellow("○");
  const age = newest ? `${ageText(Date.parse(now) - Date.parse(newest.sealedAt))} old` : "";
  const set = newest ? `${sizeText(newest.bytes).padStart(6)}  ${age}` : "  none yet";
  return [
    `${mark} ${colours.bold(padded(series, NAME))} ${padded(whenText(names, tasks), WHEN)} ${set}`,
    ...disabledLine(tasks),
    ...names.flatMap((name) => failureLine(jobs.filter((job) => job.name === name))),
  ];
}

function failureLine(jobs: readonly JobState[]): string[] {
  const runs = jobs.flatMap(({ lastRun }) => (lastRun ? [lastRun] : [])).sort((a, b) => (a.id < b.id ? -1 : 1));
  const last = runs.filter(({ outcome }) => outcome !== "stood-down").at(-1);
  return last && ["failed", "interrupted"].includes(last.outcome)
    ? [`  ${colours.red(`${last.job} ${last.outcome}: ${last.error?.message ?? "no reason was recorded"}`)}`]
    : [];
}

/** As the tasks have it, in the order of the jobs. */
function whenText(names: readonly string[], tasks: readonly TaskState[]): string {
  const texts = names.flatMap((name) => {
    const task = tasks.find((one) => one.name === name);
    return task ? [startText(task)] : [];
  });
  return texts.length === 0 ? "not scheduled" : texts.join(", ");
}

function startText({ triggers }: TaskState): string {
  const schedule = scheduleOf(triggers);
  if (!schedule || schedule.every === "command" || schedule.every === "run") return "on command";
  if (schedule.every === "minutes") return `each ${String(schedule.minutes)} min`;
  const days = schedule.every === "week" ? `${schedule.on.map((day) => day.slice(0, 3)).join(" ")} ` : "";
  return `${days}${schedule.at.join(", ")}`;
}

function disabledLine(tasks: readonly TaskState[]): string[] {
  const disabled = tasks.filter(({ enabled }) => !enabled).length;
  return disabled === 0 ? [] : [`  ${colours.red(`${String(disabled)} of ${String(tasks.length)} tasks disabled`)}`];
}

const bySet = (a: { set: string }, b: { set: string }): number => (a.set < b.set ? -1 : 1);

/** Left and right, an arrow between them; on a narrow terminal one below the other. */
function sideBySide(left: readonly string[], right: readonly string[]): string[] {
  const columns = process.stdout.columns;
  if (process.stdout.isTTY && columns < LEFT + RIGHT + 8) return [...left, ...right].map((line) => ` ${line}`);
  const rows = Math.max(left.length, right.length);
  const middle = Math.floor(Math.min(left.length, right.length) / 2);
  return Array.from({ length: rows }, (_, row) => {
    const here = left[row] ?? "";
    const arrow = row === middle ? colours.cyan(" ━━▶ ") : "     ";
    return ` ${here}${" ".repeat(Math.max(0, LEFT - widthOf(here)))}${arrow}${right[row] ?? ""}`.trimEnd();
  });
}
