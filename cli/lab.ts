import { Option, type Command } from "commander";
import { startOfRun } from "../estate/documents";
import {
  advance,
  changeGroup,
  createLab,
  DEPLOYMENTS,
  cutHost,
  editAgentFile,
  editTask,
  fillDisk,
  labStatus,
  loadHost,
  mendHost,
  moveCentralManagement,
  powerOff,
  powerOn,
  removeShare,
  removeTask,
  resetLab,
  setEncryption,
  slowHost,
  stopCentralManagement,
  type LabStatus,
} from "../lab/commands";
import { requireS3, s3Status, startS3, stopS3 } from "../lab/s3";
import { addFileCommands } from "./lab-files";
import { addSqlCommands } from "./lab-sql";
import { ageText, CliError, colours, print, printJson, sizeText, table } from "./output";
import { openStack } from "./stack";

interface Common {
  stack: string;
  json?: boolean;
}

/** `lync-backup lab …`: the simulated deployment from outside, as its colleagues and its fate would treat it. */
export function addLabCommands(lab: Command): void {
  const command = (usage: string, description: string): Command =>
    lab
      .command(usage)
      .description(description)
      .option("-s, --stack <name>", "the stack whose lab is meant", "lab")
      .option("--json", "print the result as JSON");
  const folderOf = async ({ stack }: Common): Promise<string> => (await openStack(stack)).settings.lab;
  /** A command that changes the lab and says in a sentence what is so now. */
  const change = (
    usage: string,
    description: string,
    work: (folder: string, ...words: string[]) => Promise<string>,
  ): void => {
    command(usage, description).action(async (...given: unknown[]) => {
      const options = given.at(-2) as Common;
      const words = given.slice(0, -2).filter((word): word is string => typeof word === "string");
      const done = await work(await folderOf(options), ...words);
      if (options.json === true) printJson({ done });
      else print(done);
    });
  };

  command("create", "make the lab where there is none")
    .addOption(new Option("--deployment <name>", "which one").choices(Object.keys(DEPLOYMENTS)))
    .option("--seed <text>", "all that is in it by chance follows from it, and so does all that happens")
    .action(async ({ deployment, seed, ...options }: Common & { deployment?: string; seed?: string }) => {
      const folder = await folderOf(options);
      const made = await createLab(folder, { ...(deployment ? { deployment } : {}), ...(seed ? { seed } : {}) });
      const done = made.created
        ? `Created the lab in ${folder}: ${made.deployment}.`
        : `There is a lab in ${folder}: ${made.deployment}.`;
      if (options.json === true) printJson({ ...made, done });
      else print(done);
    });
  change("reset", "make it anew; everything in it is lost", async (folder) => {
    await stopS3(folder);
    await resetLab(folder);
    return `Made the lab in ${folder} anew. Stacks still remember the old one: npm run pulumi -- up --refresh --stack NAME`;
  });
  command("status", "show the clock, the hosts and what lies on them").action(async (options: Common) => {
    const folder = await folderOf(options);
    const [status, s3] = [await labStatus(folder), await s3Status(folder)];
    if (options.json === true) printJson({ ...status, s3 });
    else print(labText(status, s3.running ? `S3 server at ${s3.endpoint}` : "S3 server: not running"));
  });
  command("advance <time>", "move the clock, such as 90m, 36h or 7d; what is due runs").action(
    async (time: string, options: Common) => {
      const { now, fired } = await advance(await folderOf(options), minutesOf(time));
      if (options.json === true) printJson({ now, fired });
      else
        print(
          [...fired.map(({ at, host, job, outcome }) => `${at}  ${host}  ${job}  ${outcome}`), `It is ${now}.`].join(
            "\n",
          ),
        );
    },
  );

  command("start", "start the S3 server").action(async (options: Common) => {
    const { endpoint } = await startS3(await folderOf(options));
    if (options.json === true) printJson({ endpoint });
    else print(`The S3 server answers at ${endpoint}.`);
  });
  change("stop", "stop the S3 server", async (folder) => {
    await stopS3(folder);
    return "The S3 server is stopped.";
  });
  command("s3", "print how other tools reach the S3 server").action(async (options: Common) => {
    const access = await requireS3(await folderOf(options));
    if (options.json === true) printJson(access);
    else
      print(
        `AWS_ENDPOINT_URL=${access.endpoint}\nAWS_ACCESS_KEY_ID=${access.accessKeyId}\nAWS_SECRET_ACCESS_KEY=${access.secretAccessKey}\nAWS_REGION=${access.region}`,
      );
  });

  change("cut <host>", "the host no longer answers", async (folder, host = "") => {
    await cutHost(folder, host);
    return `${host} does not answer any more.`;
  });
  change("mend <host>", "the host answers again, at once", async (folder, host = "") => {
    await mendHost(folder, host);
    await slowHost(folder, host, 0);
    return `${host} answers again.`;
  });
  change(
    "slow <host> <milliseconds>",
    "every call to the host takes so long",
    async (folder, host = "", delay = "") => {
      await slowHost(folder, host, numberOf(delay));
      return `Every call to ${host} takes ${delay} ms.`;
    },
  );
  change(
    "load <host> <times>",
    "what runs on the host takes so many times as long",
    async (folder, host = "", times = "") => {
      await loadHost(folder, host, numberOf(times));
      return `What runs on ${host} takes ${times} times as long.`;
    },
  );
  change("power-off <host>", "the computer is switched off; what runs on it ends", async (folder, host = "") => {
    await powerOff(folder, host);
    return `${host} is off.`;
  });
  change("power-on <host>", "the computer is switched on again", async (folder, host = "") => {
    await powerOn(folder, host);
    return `${host} is on.`;
  });
  change("move-store <server>", "the Central Management store is active elsewhere", async (folder, server = "") => {
    await moveCentralManagement(folder, server);
    return `The Central Management store is active on ${server}.`;
  });
  change("stop-store", "the Central Management store answers nobody", async (folder) => {
    await stopCentralManagement(folder, true);
    return "The Central Management store is down.";
  });
  change("start-store", "the Central Management store answers again", async (folder) => {
    await stopCentralManagement(folder, false);
    return "The Central Management store is up.";
  });

  change("disable-task <host> <job>", "a colleague disables a task", async (folder, host = "", job = "") => {
    await editTask(folder, host, job, { enabled: false });
    return `The task ${job} on ${host} is disabled.`;
  });
  change("remove-task <host> <job>", "a colleague removes a task", async (folder, host = "", job = "") => {
    await removeTask(folder, host, job);
    return `The task ${job} on ${host} is gone.`;
  });
  change("edit-module <host>", "a colleague improves the module", async (folder, host = "") => {
    await editAgentFile(folder, host, "LyncBackup.psm1", "# improved by a colleague\n");
    return `The module on ${host} is not what was installed.`;
  });
  change("remove-share <host> <share>", "a colleague stops sharing", async (folder, host = "", share = "") => {
    await removeShare(folder, host, share);
    return `${share} on ${host} is no longer shared.`;
  });
  change(
    "fill <host> <drive> <bytes>",
    "only so many bytes are free",
    async (folder, host = "", drive = "", bytes = "") => {
      await fillDisk(folder, host, drive, numberOf(bytes));
      return `${drive} on ${host} has ${sizeText(numberOf(bytes))} free.`;
    },
  );
  change("decrypt <host> <drive>", "a colleague turns encryption off", async (folder, host = "", drive = "") => {
    await setEncryption(folder, host, drive, "none");
    return `${drive} on ${host} is not encrypted.`;
  });
  change("leave-group <account> <group>", "an account loses a membership", async (folder, account = "", group = "") => {
    await changeGroup(folder, account, group, "remove");
    return `${account} is no longer in ${group}.`;
  });
  change("join-group <account> <group>", "an account gains a membership", async (folder, account = "", group = "") => {
    await changeGroup(folder, account, group, "add");
    return `${account} is in ${group}.`;
  });
  addFileCommands(change);
  addSqlCommands(change);
}

const UNITS: Readonly<Record<string, number>> = { m: 1, h: 60, d: 1440 };

function minutesOf(time: string): number {
  const [, count = "", unit = ""] = /^(\d{1,6})(m|h|d)$/.exec(time) ?? [];
  const minutes = Number(count) * (UNITS[unit] ?? 0);
  if (minutes > 0) return minutes;
  throw new CliError("a time is a number and m, h or d, such as 90m, 36h or 7d", 2);
}

function numberOf(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new CliError(`${text} is not a whole number`, 2);
}

function labText(status: LabStatus, s3: string): string {
  const { deployment, now, centralManagement: store, hosts } = status;
  const rows = hosts.map((host) => {
    const last = host.runs[0];
    return [
      host.host,
      host.pool ?? "",
      host.off
        ? colours.red("off")
        : host.reachable
          ? host.delayMs > 0
            ? `slow, ${String(host.delayMs)} ms`
            : "answers"
          : colours.red("cut off"),
      host.agent ?? "",
      host.tasks.map(({ name, enabled }) => (enabled ? name : `${name} (disabled)`)).join(", "),
      last ? `${last.outcome}, ${ageText(Date.parse(now) - Date.parse(startOfRun(last.run)))} ago` : "",
    ];
  });
  const where = store.running ? `active on ${store.master}` : colours.red("down");
  return [
    `${colours.bold(deployment)}  ${now}`,
    `Central Management store: ${where}, ${String(store.policies)} policies. ${s3}`,
    "",
    table(["host", "pool", "network", "module", "tasks", "last run"], rows),
  ].join("\n");
}
