import { spawn } from "node:child_process";
import readline from "node:readline";
import { HostState } from "../../estate/documents";

/**
 * A process that speaks as PowerShell was measured to do, and misbehaves as its first argument says. It understands one
 * line, the call, and the line after it, which it repeats.
 */
const [how = "", host = ""] = process.argv.slice(2);

const state = HostState.make({
  host,
  at: "2026-03-01T09:30:00.000Z",
  timeZone: "W. Europe Standard Time",
  computer: { domain: "contoso.com", operatingSystem: "Windows", powershell: "4.0", lync: null },
  agent: null,
  tasks: [],
  jobs: [],
  targets: [],
});

const out = (text: string): void => void process.stdout.write(text);
const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

function envelope(call: string, patch: Record<string, unknown> = {}): string {
  const body = { document: "envelope", version: 1, call, host, ok: true, data: state, ...patch };
  return `<<lync-backup:${call}:${Buffer.from(JSON.stringify(body)).toString("base64")}>>`;
}

const refusal = { code: "foreign", message: "the job x is there already", advice: "Declare adopt: true." };

const WAYS: Record<string, (call: string, body: object) => void | Promise<void>> = {
  /** Repeats what it was told, as a refusal. */
  told: (call, body) => {
    out(
      `${envelope(call, { ok: false, data: undefined, error: { code: "refused", message: JSON.stringify(body) } })}\n`,
    );
  },
  plain: (call) => {
    out(`${envelope(call)}\n`);
  },
  async slow(call) {
    await sleep(300);
    out(`${envelope(call)}\n`);
  },
  async chopped(call) {
    for (const one of `\u001b[?1h\u001b[?1l${envelope(call)}\r\n`) {
      out(one);
      if (Math.random() < 0.05) await sleep(1);
    }
  },
  glued: (call) => {
    out(`${envelope("77")}\u001b[?1h noise ${envelope(call)}\r\nmore noise`);
  },
  garbage: (call) => {
    out("WARNING: <<lync-backup: >> \u0000\u00ff<<\n");
    process.stderr.write("#< CLIXML\n<Objs></Objs>");
    out(`${envelope(call)}\n`);
  },
  large: async (call) => {
    for (let written = 0; written < 50; written++) {
      if (!process.stdout.write("x".repeat(1024 * 1024))) await new Promise((r) => process.stdout.once("drain", r));
    }
    out(`${envelope(call)}\n`);
  },
  cut: (call) =>
    new Promise(() => {
      process.stdout.write(envelope(call).slice(0, 60), () => process.exit(3));
    }),
  exits: () => process.exit(3),
  refused: () => {
    process.stderr.write("ssh: connect to host fe01.contoso.com port 22: Connection refused\r\n", () =>
      process.exit(255),
    );
  },
  says: (call) => {
    out(`${envelope(call, { ok: false, data: undefined, error: refusal })}\n`);
  },
  unknown: () => {
    process.stderr.write("Invoke-LyncBackupCall : The term 'Invoke-LyncBackupCall' is not recognized\n");
  },
  silent: () => new Promise(() => undefined),
  // Something that it started holds its output open, and lives on.
  family: () => {
    spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "inherit" });
    return new Promise(() => undefined);
  },
  orphan: () => {
    spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "inherit" });
    setTimeout(() => process.exit(4), 200);
    return new Promise(() => undefined);
  },
  elsewhere: (call) => {
    out(`${envelope(call, { data: { ...state, host: "other.contoso.com" } })}\n`);
  },
  nonsense: (call) => {
    out(`${envelope(call, { data: { document: "host-state", version: 99 } })}\n`);
  },
  environment: (call) => {
    const names = Object.keys(process.env).sort().join(" ");
    out(`${envelope(call, { ok: false, data: undefined, error: { code: "refused", message: names } })}\n`);
  },
};

async function answer(): Promise<void> {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const [, base64] = /^Invoke-LyncBackupCall -Call '([A-Za-z0-9+/=]+)'$/.exec(line) ?? [];
    if (base64 !== undefined) {
      const body = JSON.parse(Buffer.from(base64, "base64").toString("utf8")) as { call: string };
      const { call } = body;
      // Of a session that dies once, the second call is the one.
      await (how === "once-more" && call === "2" ? process.exit(9) : (WAYS[how] ?? WAYS["plain"])?.(call, body));
    } else if (line.startsWith("'<<")) {
      out(`${line.slice(1, -1)}\n`);
    }
  }
}

void answer();
