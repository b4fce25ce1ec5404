#!/usr/bin/env node
import readline from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { Job, type Change, type Run } from "../../estate/documents";
import { HostError, type Answer, type Host } from "../../hosts/host";
import { openLabHost } from "../../lab/host";

/**
 * What answers to the name of a program that begins a session, and speaks its protocol, with a computer of the lab behind
 * it: the whole way to a host, but for PowerShell itself. The lab and the computer stand in its environment.
 */
const { LYNC_BACKUP_STAND_IN_LAB: folder = "", LYNC_BACKUP_STAND_IN_HOST: fqdn = "" } = process.env;

type Given = Record<string, unknown>;

/** A run that was begun here. */
class Begun {
  private ended = false;
  /** Of one that has ended: nothing need be left of what was run once. */
  private done: Run | undefined;
  private failed: unknown;
  private readonly cancel = new AbortController();
  private give: ((answer: Answer) => void) | undefined;

  constructor(
    host: Host,
    private readonly results: () => Promise<Run[]>,
    /** Runs of one second are told apart by nothing but chance. */
    private readonly before: ReadonlySet<string>,
    { job, document, attended }: Given,
  ) {
    const work = document === "" ? { job: String(job) } : { document: Job.parse(String(document)) };
    const confirm = () => new Promise<Answer>((resolve) => (this.give = resolve));
    host
      .run(work, { signal: this.cancel.signal, ...(attended === true ? { confirm } : {}) })
      .then((run) => (this.done = run))
      .catch((error: unknown) => (this.failed = error))
      .finally(() => (this.ended = true));
  }

  /** Refused, or there. */
  async started(): Promise<void> {
    while (!this.ended && (await this.look()).run === null) await sleep(10);
    if (this.failed) throw this.failed as Error;
  }

  async look(): Promise<{ run: Run | null; live: boolean; waiting: boolean; lastResult: null }> {
    const live = !this.ended;
    const run = this.done ?? (await this.results()).find(({ id }) => !this.before.has(id)) ?? null;
    if (run?.outcome === "running" && this.give) run.outcome = "waiting";
    return { run, live, waiting: false, lastResult: null };
  }

  answer(answer: Answer): void {
    this.give?.(answer);
    this.give = undefined;
  }

  abort(): void {
    this.cancel.abort();
  }
}

let begun: Begun | undefined;

async function perform(what: string, given: Given): Promise<unknown> {
  const host = await openLabHost(folder, fqdn);
  const results = (): Promise<Run[]> => host.results({ job: String(given["job"]), last: 100 });
  switch (what) {
    case "state":
      return host.state();
    case "apply":
      return host.apply(given["change"] as Change);
    case "results":
      return host.results(given as { job: string; last: number });
    case "begin":
      begun = new Begun(host, results, new Set((await results()).map(({ id }) => id)), given);
      await begun.started();
      return { token: "0a1b2c3d" };
    case "look":
      return begun?.look();
    case "cancel":
      begun?.abort();
      return {};
    case "answer":
      begun?.answer({ by: String(given["by"]), typed: String(given["typed"]) });
      return {};
  }
  throw new Error(`nobody knows the call ${what}`);
}

async function envelope(call: string, what: string, given: Given): Promise<string> {
  const head = { document: "envelope", version: 1, call, host: fqdn };
  try {
    return JSON.stringify({ ...head, ok: true, data: await perform(what, given) });
  } catch (error) {
    const { message, advice, code } = error as HostError;
    const plain = message.replace(`${fqdn}: `, "").slice(0, advice === undefined ? undefined : -advice.length);
    const failure = { code: error instanceof HostError ? code : "internal", message: plain.trim() };
    return JSON.stringify({ ...head, ok: false, error: { ...failure, ...(advice === undefined ? {} : { advice }) } });
  }
}

async function answerLines(): Promise<void> {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const [, base64] = /^Invoke-LyncBackupCall -Call '([A-Za-z0-9+/=]+)'$/.exec(line) ?? [];
    if (base64 !== undefined) {
      const body = JSON.parse(Buffer.from(base64, "base64").toString("utf8")) as {
        call: string;
        do: string;
        with: Given;
      };
      const text = await envelope(body.call, body.do, body.with);
      process.stdout.write(`\u001b[?1h<<lync-backup:${body.call}:${Buffer.from(text).toString("base64")}>>\r\n`);
    } else if (line.startsWith("'<<")) process.stdout.write(`${line.slice(1, -1)}\n`);
  }
  // Whoever asked has gone; what runs ends with it, as a session's work does.
  process.exit(0);
}

void answerLines();
