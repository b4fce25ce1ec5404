import type { HostReference } from "../estate/documents";
import type { Host } from "./host";

/** The one place that knows every way to reach a host. Each is loaded when it is needed, and not before. */
export async function openHost(reference: HostReference, options: { lab: string }): Promise<Host> {
  switch (reference.reach.via) {
    case "lab": {
      const { openLabHost } = await import("../lab/host");
      return openLabHost(options.lab, reference.name);
    }
  }
}
