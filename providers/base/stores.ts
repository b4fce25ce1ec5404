import type { StoreReference } from "../../estate/documents";
import type { Store } from "../../offsite/store/store";
import type { Settings } from "./settings";

/** The S3 stores of one provider process: each is opened once for each of its credentials. */
export class Stores {
  private readonly opened = new Map<string, Promise<Store>>();

  constructor(private readonly settings: Pick<Settings, "storeTimeoutSeconds" | "storeKeys">) {}

  /** How long one waits for what a store has been told to show. */
  get patienceMs(): number {
    return this.settings.storeTimeoutSeconds * 1000;
  }

  /** By the name of credentials: a key of the stack's configuration, or else what this computer has of that name. */
  at(reference: StoreReference, credentials: string): Promise<Store> {
    const key = JSON.stringify([reference, credentials]);
    let store = this.opened.get(key);
    if (!store) {
      store = this.open(reference, credentials);
      // What could not be opened is tried again by the next resource.
      store.catch(() => this.opened.delete(key));
      this.opened.set(key, store);
    }
    return store;
  }

  private async open(reference: StoreReference, credentials: string): Promise<Store> {
    // The client is large, and most stacks have more resources on hosts than in stores.
    const { openStore } = await import("../../offsite/store/open");
    const forMs = this.patienceMs;
    return openStore(reference, {
      credentials,
      keys: this.settings.storeKeys,
      patience: { forMs },
      stallMs: forMs,
    });
  }
}
