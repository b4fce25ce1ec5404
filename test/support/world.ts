import { Change, type ChangeAction, type Owner } from "../../estate/documents";
import { agentPackage } from "../../hosts/agent/package";
import { openHost } from "../../hosts/open";

/** Changes made past the product: as another stack, or before the resource that is tried. */
export const SOMEBODY: Owner = { project: "other", stack: "team", name: "theirs" };
export const PREPARER: Owner = { project: "test", stack: "test", name: "prepared" };

export async function applyTo(lab: string, host: string, action: ChangeAction, owner: Owner): Promise<void> {
  const opened = await openHost({ name: host, reach: { via: "lab" } }, { lab });
  try {
    await opened.apply(Change.make({ owner, action }));
  } finally {
    await opened.close();
  }
}

export async function installAgent(lab: string, host: string, owner: Owner = PREPARER): Promise<void> {
  await applyTo(lab, host, { kind: "set-agent", agent: agentPackage() }, owner);
}
