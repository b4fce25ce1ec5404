import { LocalWorkspace, type EngineEvent } from "@pulumi/pulumi/automation";
import { createLab, labExists } from "../lab/commands";
import { startS3 } from "../lab/s3";
import { jobsOf, shortName } from "../estate/estate";
import { CliError, colours, note, padded, print } from "./output";
import { estatePicture } from "./picture";
import { runEverywhere, summary } from "./run";
import { hostStatesOf, openStack, ROOT, type HostStatus, type Stack } from "./stack";

/** The main job on the lab, from nothing to a sealed set; the second time there is nothing to do. */
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

  step("pulumi up");
  await up(stack.name);

  step("A first set of every series");
  const hosts = await firstSets(stack, await hostStatesOf(stack));

  print(estatePicture(stack, hosts, footer(stack, s3.endpoint)).join("\n"));
}

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
    ` ${colours.green("●")} offsite storage at ${endpoint} ${colours.dim("(nothing is carried there yet)")}`,
    "",
    ` Next: ${colours.bold(`npm run lync-backup -- run ${job?.name ?? ""}`)}, npm run lync-backup -- lab --help,`,
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
