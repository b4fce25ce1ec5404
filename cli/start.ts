import { LocalWorkspace, type EngineEvent } from "@pulumi/pulumi/automation";
import { advance, createLab, labExists } from "../lab/commands";
import { giveKey, provideBucket } from "../lab/edits-of-buckets";
import { startS3 } from "../lab/s3";
import { S3_ENDPOINT } from "../lab/s3-endpoint";
import { jobsOf, offsiteOf, shortName } from "../estate/estate";
import { agesTable } from "./ages";
import { CliError, colours, note, padded, print } from "./output";
import { estatePicture } from "./picture";
import { runEverywhere, summary } from "./run";
import { hostStatesOf, openStack, ROOT, type HostStatus, type Stack } from "./stack";

/** The main job on the lab, from nothing to sets that are verified offsite; the second time there is nothing to do. */
export async function start(): Promise<void> {
  const stack = await openStack("lab");
  const { lab } = stack.settings;
  step("The simulated deployment");
  if (labExists(lab)) {
    detail("is there");
  } else {
    await createLab(lab, { deployment: "contoso" });
    detail(`created ${stack.estate.topology.deployment} in ${lab}`);
  }
  const s3 = await startS3(lab);
  detail(`S3 server at ${s3.endpoint}`);

  for (const copy of offsiteOf(stack.estate).filter(({ store }) => store.endpoint === S3_ENDPOINT)) {
    await provideBucket(lab, copy.store.bucket);
    for (const host of copy.hosts) await giveKey(lab, host, copy.credentials);
    detail(`bucket ${copy.store.bucket}, and a key to it on ${copy.hosts.map(shortName).join(", ")}`);
  }

  step("pulumi up");
  await up(stack.name);

  step("A first set of every series");
  const first = await firstSets(stack, await hostStatesOf(stack));

  step("A week of the lab's time");
  const hosts = await firstWeek(stack, first);

  print(estatePicture(stack, hosts).join("\n"));
  print(`\n${agesTable(stack.estate, hosts)}\n`);
  print(footer(stack, s3.endpoint).join("\n"));
}

/** So that there is something to look at: the schedules have run for a week, and a courier has carried what they left. */
async function firstWeek(stack: Stack, hosts: HostStatus[]): Promise<HostStatus[]> {
  if (hasPoints(hosts)) {
    detail("nothing to do");
    return hosts;
  }
  for (let day = 0; day < DAYS; day++) {
    const { now, fired } = await advance(stack.settings.lab, MINUTES_A_DAY);
    const sealed = fired.filter(({ outcome }) => outcome === "succeeded").length;
    detail(`${now.slice(0, 10)}  ${String(fired.length)} runs, ${String(sealed)} of them had something to do`);
    for (const { at, host, job, outcome } of fired.filter((one) => !GOOD_ENDS.has(one.outcome))) {
      detail(`${padded(job, 28)} ${padded(shortName(host), 6)} ${outcome} at ${at.slice(0, 16).replace("T", " ")}`);
    }
  }
  const after = await hostStatesOf(stack);
  if (!hasPoints(after)) {
    throw new CliError("No set was verified offsite in this week; see above, and npm run lync-backup -- status");
  }
  return after;
}

const DAYS = 7;
const MINUTES_A_DAY = 1440;
const GOOD_ENDS = new Set(["succeeded", "nothing-to-do", "stood-down", "running"]);
const hasPoints = (hosts: readonly HostStatus[]): boolean =>
  hosts.some(({ state }) => state?.jobs.some(({ offsite }) => offsite.length > 0));

/** The first job of each series begins it; the schedules do the rest. Answers with what the hosts show then. */
async function firstSets(stack: Stack, hosts: HostStatus[]): Promise<HostStatus[]> {
  const there = new Set(
    hosts.flatMap(({ state }) => (state?.jobs ?? []).flatMap(({ name, newestSet }) => (newestSet ? [name] : []))),
  );
  const first = new Map(
    jobsOf(stack.estate)
      .toReversed()
      .map((job) => [job.series, job]),
  );
  const missing = [...first.values()].toReversed().filter(({ name }) => !there.has(name));
  if (missing.length === 0) {
    detail("nothing to do");
    return hosts;
  }
  for (const { name } of missing) {
    const outcomes = await runEverywhere(stack, name, undefined, false);
    for (const outcome of outcomes.filter(({ run }) => run?.outcome !== "stood-down")) {
      detail(`${padded(name, 28)} ${padded(shortName(outcome.host), 6)} ${summary(outcome)}`);
    }
    if (!outcomes.some(({ run }) => run?.outcome === "succeeded")) {
      throw new CliError(`${name} sealed no set; see above, and npm run lync-backup -- status`);
    }
  }
  return hostStatesOf(stack);
}

const step = (text: string): void => {
  print(`${colours.cyan("▸")} ${colours.bold(text)}`);
};
const detail = (text: string): void => {
  print(`  ${text}`);
};

function footer(stack: Stack, endpoint: string): string[] {
  const [job] = jobsOf(stack.estate);
  return [
    ` ${colours.green("●")} offsite storage at ${endpoint}`,
    "",
    ` Next: ${colours.bold(`npm run lync-backup -- run ${job?.name ?? ""}`)}, npm run lync-backup -- lab --help,`,
    `       npm run lync-backup -- offsite list --age --stack ${stack.name},`,
    `       npm run pulumi -- preview --stack ${stack.name} --refresh --diff`,
    "",
  ];
}

/** Through the real engine; each change is a line, and errors are the engine's own words. */
async function up(name: string): Promise<void> {
  const errors: string[] = [];
  let changes = 0;
  const onEvent = (event: EngineEvent): void => {
    const line = changeLine(event);
    if (line !== undefined) {
      changes += 1;
      detail(line);
    }
    if (event.diagnosticEvent?.severity === "error") errors.push(event.diagnosticEvent.message.trim());
  };
  try {
    const stack = await LocalWorkspace.createOrSelectStack({ stackName: name, workDir: ROOT });
    await stack.up({ onEvent, color: "never" });
  } catch (error) {
    for (const message of errors) note(message);
    throw new CliError(
      errors.length > 0
        ? "pulumi up failed, for the reasons above. What was made stays; mend it and run npm start again"
        : `pulumi up could not run: ${(error as Error).message}`,
    );
  }
  if (changes === 0) detail("nothing to do");
}

const MARKS: Readonly<Record<string, string>> = { create: "+", update: "~", replace: "±", delete: "-" };

function changeLine(event: EngineEvent): string | undefined {
  const done = event.resOutputsEvent?.metadata;
  if (!done || !done.type.startsWith("pulumi-nodejs:dynamic/")) return undefined;
  const mark = MARKS[done.op];
  const type = done.type.split(":").at(-1) ?? done.type;
  return mark === undefined ? undefined : `${colours.green(mark)} ${type} ${done.urn.split("::").at(-1) ?? ""}`;
}
