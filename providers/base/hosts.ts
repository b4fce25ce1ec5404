import type { Change, HostReference, HostState } from "../../estate/documents";
import type { Host } from "../../hosts/host";
import { openHost } from "../../hosts/open";

import type { Settings } from "./settings";

/**
 * The hosts of one provider process. Calls to a host queue up, because an old server does not love sixteen sessions
 * at once; its state is read once, shared by all resources, and replaced by what a change answers.
 */
class SharedHost {
  private tail: Promise<unknown> = Promise.resolve();
  private known: Promise<HostState> | undefined;

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

export class Hosts {
  private readonly shared = new Map<string, SharedHost>();

  constructor(
    private readonly settings: Settings,
    private readonly open: typeof openHost = openHost,
  ) {}

  at(reference: HostReference): SharedHost {
    const key = `${JSON.stringify(reference.reach)} ${reference.name}`;
    let host = this.shared.get(key);
    if (!host) {
      host = new SharedHost(this.open(reference, { lab: this.settings.lab }), this.settings.hostTimeoutSeconds * 1000);
      this.shared.set(key, host);
    }
    return host;
  }
}
