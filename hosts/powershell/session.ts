import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { killTree } from "./kill";
import { Wire } from "./wire";

/** A PowerShell that reads lines and answers calls, one at a time. What became of a call is told apart here. */

export interface Launch {
  program: string;
  args: readonly string[];
  /** Beside what the allow-list lets through. */
  env?: Readonly<Record<string, string>>;
  /** Sent first, without an answer. They may hold secrets, and stand nowhere else. */
  prelude: readonly string[];
}

export type SessionFailureKind = "not-started" | "ended" | "no-envelope" | "timed-out" | "cancelled";

/** Why a call has no answer. Nothing of what was sent is in it. */
export class SessionFailure extends Error {
  override readonly name = "SessionFailure";
  constructor(
    readonly kind: SessionFailureKind,
    message: string,
    /** What the other side wrote about it, if anything. */
    readonly evidence: string,
  ) {
    super(message);
  }
}

/** A session starts nothing that it does not need, and hands no secret of this process on. */
const PASSED_ON = [
  "PATH",
  "HOME",
  "USER",
  "LOGNAME",
  "SSH_AUTH_SOCK",
  "KRB5CCNAME",
  "TMPDIR",
  "SystemRoot",
  "SystemDrive",
  "windir",
  "ComSpec",
  "PATHEXT",
  "TEMP",
  "TMP",
  "USERPROFILE",
  "USERNAME",
  "USERDOMAIN",
  "APPDATA",
  "LOCALAPPDATA",
  "ProgramData",
  "ProgramFiles",
];
const QUIET = { NO_COLOR: "1", TERM: "dumb", POWERSHELL_TELEMETRY_OPTOUT: "1", POWERSHELL_UPDATECHECK: "Off" };

export function sessionEnvironment(from: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const wanted = new Set(PASSED_ON.map((name) => name.toLowerCase()));
  const passed = Object.entries(from).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && wanted.has(entry[0].toLowerCase()),
  );
  return { ...Object.fromEntries(passed), ...QUIET };
}

const EVIDENCE_CHARACTERS = 4000;
const LINGER_MS = 500;
const NO_ENVELOPE = ["no-envelope", "the call came to no answer"] as const;

interface Pending {
  resolve: (envelope: string) => void;
  reject: (failure: SessionFailure) => void;
}

export class Session {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly wire = new Wire();
  private errors = "";
  private pending: Pending | undefined;
  private gone: SessionFailure | undefined;
  private readonly closed: Promise<void>;
  private isClosed = false;
  private unanswered = false;
  private serial = 0;
  /** How many calls it has answered. */
  answered = 0;

  constructor(launch: Launch) {
    this.child = spawn(launch.program, [...launch.args], {
      env: { ...sessionEnvironment(), ...launch.env },
      stdio: ["pipe", "pipe", "pipe"],
      // A group of its own, so that all that it starts can be ended with it.
      detached: process.platform !== "win32",
      windowsHide: true,
    });
    this.closed = new Promise((resolve) => {
      this.child.once("close", () => {
        this.isClosed = true;
        resolve();
      });
    });
    this.child.once("error", (error) => {
      this.end(new SessionFailure("not-started", `${launch.program} could not be started: ${error.message}`, ""));
    });
    this.child.once("close", (code, signal) => {
      const how = signal === null ? `with the code ${String(code)}` : `by ${signal}`;
      const ended = `${launch.program} ended ${how} before it answered`;
      const [kind, message] = this.unanswered ? NO_ENVELOPE : (["ended", ended] as const);
      this.end(new SessionFailure(kind, message, this.evidence()));
    });
    // What it has started may live on, and hold its streams open: nobody answers any more all the same.
    this.child.once("exit", () => {
      setTimeout(() => {
        this.kill();
      }, LINGER_MS).unref();
    });
    // Whoever ends while it is written to is told of by its end.
    this.child.stdin.on("error", () => undefined);
    this.child.stdout.on("data", (chunk: Buffer) => {
      this.receive(chunk);
    });
    this.child.stderr.on("data", (chunk: Buffer) => {
      this.errors = (this.errors + chunk.toString("utf8")).slice(-EVIDENCE_CHARACTERS);
    });
    for (const line of launch.prelude) this.child.stdin.write(`${line}\n`);
  }

  get usable(): boolean {
    return this.gone === undefined;
  }

  /** The text of the envelope. A call that was given up ends the session: nobody could tell what it still does. */
  async call(
    body: Readonly<Record<string, unknown>>,
    options: { timeoutMs: number; signal?: AbortSignal },
  ): Promise<string> {
    if (this.gone) throw this.gone;
    if (this.pending) throw new Error("a session answers one call at a time");
    const id = String(++this.serial);
    const text = Buffer.from(JSON.stringify({ call: id, ...body })).toString("base64");
    this.wire.expect(id);
    try {
      return await new Promise<string>((resolve, reject) => {
        this.pending = { resolve, reject };
        const giveUp = (kind: SessionFailureKind, message: string): void => {
          this.end(new SessionFailure(kind, message, this.evidence()));
          this.kill();
        };
        const timer = setTimeout(() => {
          giveUp("timed-out", `no answer within ${String(options.timeoutMs)} ms`);
        }, options.timeoutMs);
        const abort = (): void => {
          giveUp("cancelled", "the call was cancelled");
        };
        if (options.signal?.aborted === true) abort();
        else options.signal?.addEventListener("abort", abort, { once: true });
        this.settled = () => {
          clearTimeout(timer);
          options.signal?.removeEventListener("abort", abort);
        };
        // The second line comes back whatever becomes of the first: so a call without an answer is known at once.
        this.child.stdin.write(`Invoke-LyncBackupCall -Call '${text}'\n'${this.wire.afterwards(id)}'\n`);
      });
    } finally {
      this.settled();
      this.settled = () => undefined;
      this.pending = undefined;
    }
  }
  private settled: () => void = () => undefined;

  /** Lets it end by itself, for a little while. */
  async close(): Promise<void> {
    this.end(new SessionFailure("ended", "the session was closed", ""));
    this.child.stdin.end();
    const timer = setTimeout(() => {
      this.kill();
    }, 2000);
    await this.closed;
    clearTimeout(timer);
  }

  /** Resolves when nothing of it runs any more. */
  async killed(): Promise<void> {
    this.kill();
    await this.closed;
  }

  private kill(): void {
    if (!this.isClosed) killTree(this.child);
  }

  private receive(chunk: Buffer): void {
    const found = this.wire.receive(chunk.toString("latin1"));
    if (!found || !this.pending) return;
    if (found.kind === "envelope") {
      this.answered++;
      this.pending.resolve(Buffer.from(found.base64, "base64").toString("utf8"));
      return;
    }
    // Its reasons may still be on their way: they have come when it has ended.
    this.unanswered = true;
    this.kill();
  }

  private end(failure: SessionFailure): void {
    this.gone ??= failure;
    this.pending?.reject(failure);
  }

  private evidence(): string {
    return `${this.errors}\n${this.wire.noise()}`.trim();
  }
}
