import { Option, type Command } from "commander";
import { startOfRun } from "../estate/documents";
import { advance, createLab, DEPLOYMENTS, labStatus, resetLab, type LabStatus } from "../lab/commands";
import { requireS3, s3Status, startS3, stopS3 } from "../lab/s3";
import { addBucketCommands } from "./lab-buckets";
import { addFaults } from "./lab-faults";
import { addFileCommands } from "./lab-files";
import { addSqlCommands, type Change } from "./lab-sql";
import { ageText, answer, CliError, colours, table } from "./output";
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
  const change: Change = (usage, description, work) => {
    command(usage, description).action(async (...given: unknown[]) => {
      const options = given.at(-2) as Common;
      const words = given.slice(0, -2).filter((word): word is string => typeof word === "string");
      const done = await work(await folderOf(options), ...words);
      answer(options, { done }, () => done);
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
      answer(options, { ...made, done }, () => done);
    });
  change("reset", "make it anew; everything in it is lost", async (folder) => {
    await stopS3(folder);
    await resetLab(folder);
    return `Made the lab in ${folder} anew. Stacks still remember the old one: npm run pulumi -- up --refresh --stack NAME`;
  });
  command("status", "show the clock, the hosts and what lies on them").action(async (options: Common) => {
    const folder = await folderOf(options);
    const [status, s3] = [await labStatus(folder), await s3Status(folder)];
    answer(options, { ...status, s3 }, () =>
      labText(status, s3.running ? `S3 server at ${s3.endpoint}` : "S3 server: not running"),
    );
  });
  command("advance <time>", "move the clock, such as 90m, 36h or 7d; what is due runs").action(
    async (time: string, options: Common) => {
      const { now, fired } = await advance(await folderOf(options), minutesOf(time));
      answer(options, { now, fired }, () =>
        [...fired.map(({ at, host, job, outcome }) => `${at}  ${host}  ${job}  ${outcome}`), `It is ${now}.`].join(
          "\n",
        ),
      );
    },
  );

  command("start", "start the S3 server").action(async (options: Common) => {
    const { endpoint } = await startS3(await folderOf(options));
    answer(options, { endpoint }, () => `The S3 server answers at ${endpoint}.`);
  });
  change("stop", "stop the S3 server", async (folder) => {
    await stopS3(folder);
    return "The S3 server is stopped.";
  });
  command("s3", "print how other tools reach the S3 server").action(async (options: Common) => {
    const access = await requireS3(await folderOf(options));
    answer(options, access, () =>
      [
        `AWS_ENDPOINT_URL=${access.endpoint}`,
        `AWS_ACCESS_KEY_ID=${access.accessKeyId}`,
        `AWS_SECRET_ACCESS_KEY=${access.secretAccessKey}`,
        `AWS_REGION=${access.region}`,
      ].join("\n"),
    );
  });

  addFaults(change);
  addFileCommands(change);
  addSqlCommands(change);
  addBucketCommands(change);
}

const UNITS: Readonly<Record<string, number>> = { m: 1, h: 60, d: 1440 };

function minutesOf(time: string): number {
  const [, count = "", unit = ""] = /^(\d{1,6})(m|h|d)$/.exec(time) ?? [];
  const minutes = Number(count) * (UNITS[unit] ?? 0);
  if (minutes > 0) return minutes;
  throw new CliError("a time is a number and m, h or d, such as 90m, 36h or 7d", 2);
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
