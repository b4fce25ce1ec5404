import type { CourierSource, Retention, Schedule, TaskTrigger } from "../documents";
import { timeOf, minutesOf } from "../schedules/day";
import { triggersOf } from "../schedules";
import { courierRuns, type CopyDeclaration, type CourierRun } from "./offsite";

/** What to install where sets are carried by a computer that this product does not manage: a Linux machine, a pipeline. */
export interface Installation {
  /** By their full path. */
  files: Record<string, string>;
  /** Where there is no systemd. */
  crontab: string[];
  /** What a pipeline runs instead of a timer. */
  pipeline: string[];
}

export interface ElsewhereOptions {
  /** Where each target is on that computer. */
  folders: Readonly<Record<string, string>>;
  schedules: Readonly<Record<"push", Schedule>> & { verify?: Schedule | undefined; prune?: Schedule | undefined };
}

const FOLDER = "/etc/lync-backup";
const UNITS = "/etc/systemd/system";

export function installationOf(declared: CopyDeclaration, { folders, schedules }: ElsewhereOptions): Installation {
  const installation: Installation = { files: {}, crontab: [], pipeline: [] };
  const { push, verify, prune } = courierRuns(declared);
  const storeFile = `${FOLDER}/${declared.name}.store.json`;
  installation.files[storeFile] = `${JSON.stringify(declared.store, null, 2)}\n`;
  const add = (run: CourierRun | undefined, schedule: Schedule | undefined): void => {
    if (!run || !schedule) return;
    const script = `${FOLDER}/${run.name}.sh`;
    const commands = run.steps.flatMap((step) => commandsOf(step, storeFile, folders));
    installation.files[script] = scriptOf(run.title, commands);
    installation.pipeline.push(`sh ${script}`);
    installation.crontab.push(...cronTimesOf(schedule).map((times) => `${times} sh ${script}`));
    const unit = `${UNITS}/lync-backup-${run.name}`;
    installation.files[`${unit}.service`] = serviceOf(run.title, script);
    const calendar = calendarOf(schedule);
    if (calendar.length > 0) installation.files[`${unit}.timer`] = timerOf(run.title, calendar);
  };
  add(push, schedules.push);
  add(verify, schedules.verify);
  add(prune, schedules.prune);
  return installation;
}

function commandsOf(
  step: CourierRun["steps"][number],
  storeFile: string,
  folders: ElsewhereOptions["folders"],
): string[][] {
  const { action, credentials, transfers, megabitsPerSecond, copy, level = "quick" } = step;
  const common = [
    ...["--store", storeFile, "--credentials", credentials, "--transfers", String(transfers)],
    ...(megabitsPerSecond === undefined ? [] : ["--megabits", String(Math.max(1, Math.floor(megabitsPerSecond)))]),
  ];
  const targetOf = ({ target }: CourierSource): string[] => ["--target", folders[target.name] ?? `/mnt/${target.name}`];
  const keepOf = ({ keep }: CourierSource): string[] => (keep ? ["--keep", keepText(keep)] : []);
  const command = (...own: string[]): string[] => ["lync-backup", "offsite", action, ...own, ...common];
  switch (action) {
    case "push":
      return step.sources.map((source) =>
        command(...targetOf(source), ...seriesOf(source), "--copy", copy, ...keepOf(source), ...keepingOf(source)),
      );
    case "verify":
      return [command(level === "sampled" ? "--sample" : `--${level}`)];
    case "prune":
      return step.sources.map((source) => command(...targetOf(source), ...seriesOf(source), ...keepOf(source)));
  }
}

const seriesOf = ({ series }: CourierSource): string[] =>
  series === "all" ? [] : series.flatMap((one) => ["--series", one]);

function keepingOf({ lock, legalHold, storageClass, encryption }: CourierSource): string[] {
  return [
    ...(lock ? ["--lock", `${lock.mode}:${String(lock.days)}`] : []),
    ...(legalHold ? ["--legal-hold"] : []),
    ...(storageClass === undefined ? [] : ["--storage-class", storageClass]),
    ...(encryption ? ["--encryption", encryption.by === "sse-kms" ? `sse-kms:${encryption.key}` : encryption.by] : []),
  ];
}

const keepText = (keep: Retention): string =>
  Object.entries(keep)
    .filter(([, count]) => typeof count === "number")
    .map(([rule, count]) => `${rule.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}=${String(count)}`)
    .join(",");

/** What fails does not keep the others from being carried, and is the end of it all the same. */
function scriptOf(title: string, commands: readonly string[][]): string {
  const lines = commands.map((words) => `${words.map(quoted).join(" ")} || status=$?`);
  return ["#!/bin/sh", `# ${title}`, "status=0", ...lines, "exit $status", ""].join("\n");
}

const quoted = (word: string): string =>
  /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;

const serviceOf = (title: string, script: string): string =>
  [
    ...["[Unit]", `Description=${title.replaceAll("%", "%%")}`, "Wants=network-online.target"],
    ...["After=network-online.target", "", "[Service]", "Type=oneshot", "User=lync-courier"],
    ...[`ExecStart=/bin/sh ${script}`, ""],
  ].join("\n");

const timerOf = (title: string, calendar: readonly string[]): string =>
  [
    ...["[Unit]", `Description=${title.replaceAll("%", "%%")}`, "", "[Timer]"],
    ...calendar.map((one) => `OnCalendar=${one}`),
    ...["Persistent=true", "", "[Install]", "WantedBy=timers.target", ""],
  ].join("\n");

/** As systemd has it: `Mon,Fri *-*-* 23:00:00`. */
function calendarOf(schedule: Schedule): string[] {
  return triggersOf(schedule).flatMap((trigger) => {
    const days = trigger.kind === "weekly" ? `${trigger.on.map((day) => shortDay(day)).join(",")} ` : "";
    return timesOf(trigger).map(({ hour, minute }) => `${days}*-*-* ${hour}:${minute}:00`);
  });
}

/** As cron has it: `0 23 * * 1,5`. */
function cronTimesOf(schedule: Schedule): string[] {
  return triggersOf(schedule).flatMap((trigger) => {
    const days = trigger.kind === "weekly" ? trigger.on.map((day) => shortDay(day)).join(",") : "*";
    return timesOf(trigger).map(({ hour, minute }) => `${plain(minute)} ${plain(hour)} * * ${days}`);
  });
}

const shortDay = (day: string): string => day.slice(0, 1).toUpperCase() + day.slice(1, 3);
const plain = (digits: string): string => (digits === "*" ? digits : String(Number(digits)));

interface Times {
  hour: string;
  minute: string;
}

/** Each start of a day; the same minutes of every hour are one. */
function timesOf(trigger: TaskTrigger): Times[] {
  if (trigger.kind === "other") return [];
  if (trigger.kind !== "repeating") return [clock(minutesOf(trigger.at))];
  const { minutes, forMinutes } = trigger;
  const first = minutesOf(trigger.at);
  if (forMinutes === 1440 && 60 % minutes === 0) {
    return Array.from({ length: 60 / minutes }, (_, index) => ({
      ...clock((first % minutes) + index * minutes),
      hour: "*",
    }));
  }
  const starts = Array.from({ length: Math.ceil(forMinutes / minutes) }, (_, index) => first + index * minutes);
  return starts.map((start) => clock(start % 1440));
}

function clock(minutes: number): Times {
  const [hour = "", minute = ""] = timeOf(minutes).split(":");
  return { hour, minute };
}
