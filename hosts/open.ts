import type { HostReference, Reach, StoreReference } from "../estate/documents";
import type { Host } from "./host";

export interface OpenOptions {
  /** The folder of the simulated deployment. */
  lab: string;
  /** Passwords by the name of a credential, or by account, read when they are needed. */
  secret?: (name: string) => string | undefined;
}

/** The one place that knows every way to reach a host. Each is loaded when it is needed, and not before. */
export async function openHost(reference: HostReference, options: OpenOptions): Promise<Host> {
  switch (reference.reach.via) {
    case "lab": {
      const { openLabHost } = await import("../lab/host");
      return openLabHost(options.lab, reference.name);
    }
    case "local":
    case "ssh":
    case "winrm": {
      const [{ PowerShellHost }, { launchFor }] = await Promise.all([
        import("./powershell/host"),
        import("./powershell/ways"),
      ]);
      const { secret } = options;
      const known = secret ? { secret } : {};
      return new PowerShellHost(reference.name, () => launchFor(reference, known), known);
    }
  }
}

/** What time it is where these hosts are: the lab has a clock of its own, and all others share ours. */
export async function clockOf(reaches: readonly Reach[], { lab }: Pick<OpenOptions, "lab">): Promise<string> {
  if (!reaches.some(({ via }) => via === "lab")) return new Date().toISOString();
  const { labTime } = await import("../lab/time");
  return labTime(lab);
}

export interface ReachableStore {
  reference: StoreReference;
  /** Of the lab's store, to which nobody else has keys. */
  keys?: { accessKeyId: string; secretAccessKey: string };
}

/** Where clients find a store: that of the lab is declared without its port, and all others are where they say. */
export async function storeAt(declared: StoreReference, { lab }: Pick<OpenOptions, "lab">): Promise<ReachableStore> {
  if (declared.endpoint?.startsWith("lab:") !== true) return { reference: declared };
  const { atLab } = await import("../lab/s3");
  return atLab(lab, declared);
}
