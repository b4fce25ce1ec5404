import { Envelope, HostState, Job, Run, type Change, type Failure } from "../../estate/documents";
import { HostError, type CallOptions, type Host, type RunOptions, type Work } from "../host";
import { asHostError, explain, isConnection } from "./explain";
import { followRun, type Looked } from "./follow";
import { Session, SessionFailure, type Launch } from "./session";

/** A host behind PowerShell, wherever that runs: one session, opened when it is needed, one call at a time. */

export interface PowerShellHostOptions {
  /** Sessions are not for ever: what a long one gathers goes with it. */
  callsPerSession?: number;
  /** How often a run is looked at. */
  pollMs?: number;
  /** Passwords of accounts that are no managed ones; they go with the call that makes their task, and nowhere else. */
  secret?: (account: string) => string | undefined;
}

const USUAL_TIMEOUT_MS = 120_000;

export class PowerShellHost implements Host {
  private session: Session | undefined;
  private tail: Promise<unknown> = Promise.resolve();
  private readonly callsPerSession: number;
  private readonly pollMs: number;
  private readonly secret: (account: string) => string | undefined;

  constructor(
    readonly fqdn: string,
    private readonly launch: () => Launch,
    options: PowerShellHostOptions = {},
  ) {
    this.callsPerSession = options.callsPerSession ?? 200;
    this.pollMs = options.pollMs ?? 1000;
    this.secret = options.secret ?? (() => undefined);
  }

  async state(options?: CallOptions): Promise<HostState> {
    return this.asState(await this.call("state", {}, options));
  }

  async apply(change: Change, options?: CallOptions): Promise<HostState> {
    return this.asState(await this.call("apply", { change, ...this.secretOf(accountIn(change)) }, options));
  }

  async run(work: Work, options: RunOptions = {}): Promise<Run> {
    const document = "document" in work ? work.document : await this.installed(work.job, options);
    const job = "job" in work ? work.job : work.document.name;
    // Begun twice is run twice: this one call is not repeated.
    const attended = options.confirm !== undefined;
    const once = "document" in work ? work.document : undefined;
    const given = { document: once ? Job.write(once) : "", ...this.secretOf(once?.account) };
    const asked = { job, trigger: "command", attended, ...given };
    const begun = (await this.call("begin", asked, callOf(options), false)) as { token: string };
    return followRun({
      host: this.fqdn,
      pollMs: this.pollMs,
      options,
      steps: document?.steps ?? [],
      look: async () => asLooked(this.fqdn, await this.call("look", { job, token: begun.token })),
      cancel: async (run) => {
        await this.call("cancel", { run });
      },
      answer: async (run, step, { by, typed }) => {
        await this.call("answer", { run, step, by, typed });
      },
    });
  }

  async results(query: { job: string; last: number }, options?: CallOptions): Promise<Run[]> {
    const found = await this.call("results", query, options);
    return (Array.isArray(found) ? found : []).map((one) => Run.read(one));
  }

  async close(): Promise<void> {
    const { session } = this;
    this.session = undefined;
    await session?.close();
  }

  /** A managed account has no password. */
  private secretOf(account: string | undefined): { secret?: string } {
    const secret = account === undefined || account.endsWith("$") ? undefined : this.secret(account);
    return secret === undefined ? {} : { secret };
  }

  /** Its steps, where somebody wants to see them begin, or is to be asked. */
  private async installed(job: string, options: RunOptions): Promise<Job | undefined> {
    if (!options.onProgress && !options.confirm) return undefined;
    const { jobs } = await this.state(callOf(options));
    const text = jobs.find(({ name }) => name === job)?.text;
    try {
      return text === undefined || text === null ? undefined : Job.parse(text);
    } catch {
      return undefined;
    }
  }

  private asState(data: unknown): HostState {
    const state = this.checked(() => HostState.read(data));
    if (state.host === this.fqdn) return state;
    const advice = "Look at the name in the estate, or at what the name leads to.";
    throw new HostError("refused", this.fqdn, `the computer that answered is ${state.host}.`, advice);
  }

  /** One at a time, in order. What can be repeated is, once, in a new session, where the old one was lost. */
  private call(
    what: string,
    given: Readonly<Record<string, unknown>>,
    options: CallOptions = {},
    repeatable = true,
  ): Promise<unknown> {
    const result = this.tail.then(async () => {
      const worn = this.session;
      try {
        return await this.once(what, given, options);
      } catch (error) {
        const lost = repeatable && worn !== undefined && error instanceof SessionFailure && isConnection(error);
        if (!lost) throw error;
        return this.once(what, given, options);
      }
    });
    this.tail = result.catch(() => undefined);
    return result.catch((error: unknown) => {
      throw error instanceof SessionFailure ? explain(this.fqdn, error) : error;
    });
  }

  private async once(what: string, given: Readonly<Record<string, unknown>>, options: CallOptions): Promise<unknown> {
    const session = await this.open();
    const { timeoutMs = USUAL_TIMEOUT_MS, signal } = options;
    try {
      const body = { do: what, with: given };
      const text = await session.call(body, { timeoutMs, ...(signal ? { signal } : {}) });
      const envelope = this.checked(() => Envelope.parse(text));
      if (envelope.ok) return envelope.data;
      throw asHostError(this.fqdn, envelope.error as Failure);
    } finally {
      if (!session.usable) {
        if (this.session === session) this.session = undefined;
        await session.killed();
      }
    }
  }

  private async open(): Promise<Session> {
    if (this.session && (!this.session.usable || this.session.answered >= this.callsPerSession)) await this.close();
    return (this.session ??= new Session(this.launch()));
  }

  private checked<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      const message = `what it answered is not understood: ${(error as Error).message}.`;
      throw new HostError("protocol", this.fqdn, message, "Update lync-backup on this desk.");
    }
  }
}

/** Of the task that the change makes, where that needs a password. */
function accountIn({ action }: Change): string | undefined {
  if (action.kind !== "set-job" || action.task.by === "sql-agent" || action.task.logon !== "password") return undefined;
  return Job.parse(Buffer.from(action.base64, "base64").toString("utf8")).account;
}

/** The time limit of a run is not that of the call that begins it. */
const callOf = ({ signal }: RunOptions): CallOptions => (signal ? { signal } : {});

function asLooked(host: string, data: unknown): Looked {
  const { run, live, waiting, lastResult } = data as Partial<Record<keyof Looked, unknown>>;
  if (typeof live !== "boolean") throw new HostError("protocol", host, "what it told of a run is not understood.");
  return {
    run: run === null || run === undefined ? undefined : Run.read(run),
    live,
    waiting: waiting === true,
    lastResult: typeof lastResult === "number" ? lastResult : undefined,
  };
}
