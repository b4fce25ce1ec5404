import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { performance } from "node:perf_hooks";
import { format } from "prettier";
import { Change, Job, type ChangeAction, type Owner } from "../estate/documents";
import { configurationJob } from "../estate/jobs/configuration";
import { agentPackage } from "../hosts/agent/package";
import { advance, createLab, editTask } from "../lab/commands";
import { openLabHost } from "../lab/host";
import { Store } from "../lab/store";
import { inWorld } from "../lab/world";
import { fingerprint } from "../test/support/fingerprint";
import { ROOT } from "../test/support/root";

/**
 * A year of the large deployment, 60 computers on which 60 jobs run every night while its people work, meet and move: how
 * long it takes to advance the clock by it, and what one run costs when it is asked for by a command of its own. Twice the
 * same lab: it ends the same.
 */
const DAYS = Number(process.argv[2] ?? 365);
const JOBS = 60;
const RUNS_BY_COMMAND = 60;

const ACCOUNT = String.raw`FABRIKAM\lync-backup$`;
const KEEPER = "keep01.fabrikam.com";
const owner: Owner = { project: "bench", stack: "lab", name: "year" };

interface Placed {
  host: string;
  job: string;
}

/** The computers that run cmdlets have one job each, and some a second one. */
async function makeLab(folder: string): Promise<Placed[]> {
  await createLab(folder, { deployment: "fabrikam-sfb2015", seed: "bench" });
  const hosts = await inWorld(new Store(folder), (world) =>
    world.computers().filter((fqdn) => {
      const { lync, domain } = world.computer(fqdn);
      return lync !== null && domain !== null;
    }),
  );
  const change = async (host: string, action: ChangeAction): Promise<void> => {
    await (await openLabHost(folder, host)).apply(Change.make({ owner, action }));
  };
  await change(KEEPER, {
    kind: "set-target",
    target: {
      name: "vault",
      path: String.raw`D:\LyncBackup`,
      share: "LyncBackup$",
      writers: [ACCOUNT],
      readers: [],
      keepFreeBytes: 0,
      encryption: "bitlocker",
      location: "remote",
      media: "disk",
    },
  });
  for (const host of hosts) await change(host, { kind: "set-agent", agent: agentPackage() });
  const placed = Array.from({ length: JOBS }, (_, index): Placed => {
    return { host: hosts[index % hosts.length] ?? "", job: `configuration-${String(index).padStart(2, "0")}` };
  });
  for (const [index, one] of placed.entries()) await change(one.host, setJob(one, index));
  return placed;
}

function setJob({ host, job: name }: Placed, index: number): ChangeAction {
  const job = configurationJob({
    owner,
    name,
    product: "sfb2015",
    deployment: "fabrikam",
    placement: [{ host }],
    account: ACCOUNT,
    timeLimitMinutes: 60,
    target: { name: "vault", host: KEEPER, path: `\\\\${KEEPER}\\LyncBackup$` },
    keepFreeBytes: 0,
    retention: { last: 3, daily: 7, weekly: 4, monthly: 12, yearly: 0 },
  });
  const text = Job.write(job);
  const at = `02:${String(index).padStart(2, "0")}`;
  return {
    kind: "set-job",
    name,
    base64: Buffer.from(text).toString("base64"),
    sha256: createHash("sha256").update(text).digest("hex"),
    task: {
      by: "task-scheduler",
      logon: "managed",
      enabled: true,
      triggers: [{ kind: "daily", at, everyDays: 1 }],
      startWhenMissed: true,
    },
  };
}

/** Real time, and the time for which it kept a processor busy: the one depends on what else the computer does. */
async function measured(work: () => Promise<unknown>): Promise<{ real: number; busy: number }> {
  const [begin, used] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(used);
  return { real: (performance.now() - begin) / 1000, busy: (user + system) / 1e6 };
}

async function main(): Promise<void> {
  const top = fs.mkdtempSync(path.join(os.tmpdir(), "lync-backup-year-"));
  try {
    const [one, other] = [path.join(top, "one"), path.join(top, "other")];
    let placed: Placed[] = [];
    const made = await measured(async () => (placed = await makeLab(one)));
    fs.cpSync(one, other, { recursive: true });

    let runs = 0;
    const passed = await measured(async () => {
      const { fired } = await advance(one, DAYS * 1440);
      const bad = fired.find(({ outcome }) => outcome !== "succeeded");
      if (bad) throw new Error(`${bad.job} on ${bad.host} at ${bad.at}: ${bad.outcome}`);
      runs = fired.length;
    });
    await advance(other, DAYS * 1440);
    const same = fingerprint(one) === fingerprint(other);

    for (const { host, job } of placed) await editTask(other, host, job, { triggers: [] });
    const commanded = await measured(async () => {
      for (const { host, job } of placed.slice(0, RUNS_BY_COMMAND)) {
        await (await openLabHost(other, host)).run({ job });
      }
    });
    const row = (what: string, count: number, { real, busy }: { real: number; busy: number }): string =>
      `| ${[what, String(count), `${real.toFixed(1)} s`, `${busy.toFixed(1)} s`, count > 0 ? `${((real * 1000) / count).toFixed(1)} ms` : ""].join(" | ")} |`;
    const table = [
      "# A year of the lab",
      `The large deployment: 60 computers, 100,000 files, and ${String(JOBS)} jobs every night, kept by days, weeks and months on one target. Its people, meetings, chats and administrators go on meanwhile.`,
      "Repeat it with `npm run bench`. Real times depend on the computer and on what else it does.",
      [
        "| what | runs | real time | processor | real time per run |",
        "| --- | --- | --- | --- | --- |",
        row("lab made, 60 jobs placed", 0, made),
        row(`clock advanced by ${String(DAYS)} days`, runs, passed),
        row("run by run, by command, after that year", RUNS_BY_COMMAND, commanded),
      ].join("\n"),
      `The same lab advanced a second time ${same ? "ended" : "DID NOT END"} byte for byte the same.`,
    ].join("\n\n");
    console.log(table);
    if (!same) throw new Error("The same lab had two histories.");
    if (process.argv[2] === undefined) {
      fs.writeFileSync(
        path.join(ROOT, "bench", "lab-year.md"),
        await format(table, { parser: "markdown", printWidth: 120 }),
      );
    }
  } finally {
    fs.rmSync(top, { recursive: true, force: true });
  }
}

void main();
