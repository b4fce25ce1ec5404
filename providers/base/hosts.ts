import { ownerText, type Change, type ChangeAction, type HostReference, type HostState } from "../../estate/documents";
import { HostError, type Host } from "../../hosts/host";
import { openHost } from "../../hosts/open";
import { ProviderError } from "./errors";
import type { Settings } from "./settings";

/**
 * The hosts of one provider process. Calls to a host queue up, because an old server does not love sixteen sessions
 * at once; its state is read once, shared by all resources, and replaced by what a change answers.
 */
class SharedHost {
  private tail: Promise<unknown> = Promise.resolve();
  private known: Promise<HostState> | undefined;
  /** What this process was told to make here, and whose. */
  private readonly made = new Map<string, string>();

  constructor(
    private readonly host: Promise<Host>,
    private readonly timeoutMs: number,
  ) {}

  state(): Promise<HostState> {
    this.known ??= this.queued(async (host) => host.state({ timeoutMs: this.timeoutMs })).catch((error: unknown) => {
      // A failed read is no knowledge: the next resource asks again.
      this.known = undefined;
      throw error;
    });
    return this.known;
  }

  async apply(change: Change): Promise<HostState> {
    const [thing, owner] = [thingOf(change.action), ownerText(change.owner)];
    // A resource that moved to another URN is made under the new one first and deleted under the old one after.
    if (change.action.kind.startsWith("remove-") && this.made.get(thing) === owner) return this.state();
    if (change.action.kind.startsWith("set-")) this.made.set(thing, owner);
    const answer = this.queued(async (host) => host.apply(change, { timeoutMs: this.timeoutMs }));
    this.known = answer;
    try {
      return await answer;
    } catch (error) {
      // What a failed change left behind is unknown until someone looks.
      this.known = undefined;
      throw error;
    }
  }

  private queued<T>(call: (host: Host) => Promise<T>): Promise<T> {
    const result = this.tail.then(async () => call(await this.host));
    this.tail = result.catch(() => undefined);
    return result;
  }
}

function thingOf(action: ChangeAction): string {
  const kind = action.kind.replace(/^(set|remove)-/, "");
  const name = action.kind === "set-target" ? action.target.name : "name" in action ? action.name : "";
  return `${kind} ${name}`;
}

/** What could not be read is not absent: where a part of the state is unknown, nothing may be said to be gone. */
export function mustBeReadable(state: HostState, ...parts: readonly string[]): void {
  const problem = state.problems.find(({ concerns }) => concerns === undefined || parts.includes(concerns));
  if (!problem) return;
  throw new ProviderError(
    `${state.host}: ${problem.message} Whether it is there cannot be told. ${problem.advice ?? ""}`.trim(),
  );
}

/** What bears another mark by now is no longer ours to remove: then there is nothing left to do. */
export async function unlessForeign(removal: Promise<unknown>): Promise<void> {
  try {
    await removal;
  } catch (error) {
    if (!(error instanceof HostError && error.code === "foreign")) throw error;
  }
}

export class Hosts {
  private readonly shared = new Map<string, SharedHost>();

  constructor(
    private readonly settings: Pick<Settings, "lab" | "hostTimeoutSeconds" | "credentials">,
    private readonly open: typeof openHost = openHost,
  ) {}

  at(reference: HostReference): SharedHost {
    const key = `${JSON.stringify(reference.reach)} ${reference.name}`;
    let host = this.shared.get(key);
    if (!host) {
      const { lab, credentials } = this.settings;
      const opened = this.open(reference, { lab, secret: (name) => credentials[name] });
      // What could not be opened is tried again by the next resource.
      opened.catch(() => this.shared.delete(key));
      host = new SharedHost(opened, this.settings.hostTimeoutSeconds * 1000);
      this.shared.set(key, host);
    }
    return host;
  }
}
