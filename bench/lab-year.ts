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
 * A year of an estate of sixty hosts, each with a job every night: how many simulated days pass in a second when the
 * clock is advanced, and when each run is asked for by a command of its own. Twice the same lab: it ends the same.
 */
const DAYS = Number(process.argv[2] ?? 365);
const HOSTS = 60;
const DAYS_BY_COMMAND = 2;

const ACCOUNT = String.raw`CONTOSO\lync-backup$`;
const BK01 = "bk01.contoso.com";
const owner: Owner = { project: "bench", stack: "lab", name: "year" };
const hosts = Array.from({ length: HOSTS }, (_, index) => `mgmt${String(index).padStart(2, "0")}.contoso.com`);
const jobOf = (host: string): string => `configuration-${host.split(".")[0] ?? ""}`;

async function makeLab(folder: string): Promise<void> {
  await createLab(folder);
  await inWorld(new Store(folder), (world) => {
    const tools = world.computer("tools01.contoso.com");
    for (const fqdn of hosts) world.keepPart(`host-${fqdn}`, { ...structuredClone(tools), fqdn });
    for (const account of Object.values(world.directory.accounts)) {
      if (account.name === ACCOUNT) account.installedOn?.push(...hosts);
    }
  });
  const change = async (host: string, action: ChangeAction): Promise<void> => {
    await (await openLabHost(folder, host)).apply(Change.make({ owner, action }));
  };
  await change(BK01, {
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
  for (const [index, host] of hosts.entries()) {
    await change(host, { kind: "set-agent", agent: agentPackage() });
    await change(host, setJob(host, index));
  }
}

function setJob(host: string, index: number): ChangeAction {
  const name = jobOf(host);
  const job = configurationJob({
    owner,
    name,
    product: "lync2013",
    deployment: "contoso",
    placement: [{ host }],
    account: ACCOUNT,
    timeLimitMinutes: 60,
    target: { name: "vault", host: BK01, path: String.raw`\\bk01.contoso.com\LyncBackup$` },
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

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return (performance.now() - begin) / 1000;
}

async function main(): Promise<void> {
  const top = fs.mkdtempSync(path.join(os.tmpdir(), "lync-backup-year-"));
  try {
    const [one, other, byCommand] = ["one", "other", "by-command"].map((name) => path.join(top, name)) as [
      string,
      string,
      string,
    ];
    await makeLab(one);
    for (const copy of [other, byCommand]) fs.cpSync(one, copy, { recursive: true });

    let runs = 0;
    const passed = await seconds(async () => {
      const { fired } = await advance(one, DAYS * 1440);
      const bad = fired.find(({ outcome }) => outcome !== "succeeded");
      if (bad) throw new Error(`${bad.job} at ${bad.at}: ${bad.outcome}`);
      runs = fired.length;
    });
    await advance(other, DAYS * 1440);
    const same = fingerprint(one) === fingerprint(other);

    for (const host of hosts) await editTask(byCommand, host, jobOf(host), { triggers: [] });
    const commanded = await seconds(async () => {
      for (let day = 0; day < DAYS_BY_COMMAND; day++) {
        for (const host of hosts) await (await openLabHost(byCommand, host)).run({ job: jobOf(host) });
      }
    });
    const rates = [DAYS / passed, DAYS_BY_COMMAND / commanded] as const;
    const rows = [
      `| clock advanced | ${String(DAYS)} | ${String(runs)} | ${passed.toFixed(1)} s | ${rates[0].toFixed(1)} |`,
      `| run by run, by command | ${String(DAYS_BY_COMMAND)} | ${String(DAYS_BY_COMMAND * HOSTS)} | ${commanded.toFixed(1)} s | ${rates[1].toFixed(2)} |`,
      `| ratio | | | | ${(rates[0] / rates[1]).toFixed(0)} |`,
    ];
    const table = [
      "# A year of the lab",
      `${String(HOSTS)} hosts with one run a night each, kept by days, weeks and months on one target.`,
      "Repeat it with `npm run bench`. Single times depend on the computer; the ratio is what is compared.",
      [
        "| how | simulated days | runs | real time | days per second |",
        "| --- | --- | --- | --- | --- |",
        ...rows,
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
