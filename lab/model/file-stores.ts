import type { AccessEntry, Pool, Topology } from "../../estate/documents";
import { isFrontEnd } from "../../estate/topology/stores";
import { sidOf, UNIVERSAL_SERVER_ADMINS, type Directory } from "../directory";

/** How Lync uses a file store. */

/** Microsoft's reference: open and locked as long as the meeting goes on. */
export const OPEN_MEETING = String.raw`\Meeting.Active`;

const OWNERS = [UNIVERSAL_SERVER_ADMINS, "RTCComponentUniversalServices", "RTCHSUniversalServices"];

/** Whoever owns what is in a file store, besides administrators. */
export const ownersOf = (directory: Directory): AccessEntry[] =>
  OWNERS.map((group) => {
    const account = `${directory.netbios}\\${group}`;
    return { account, sid: sidOf(directory, account), right: "change" };
  });

type Service = "ApplicationServer" | "WebServices" | "CentralMgmt" | "BackupService" | "PersistentChatServer";

/** `1-WebServices-1`: the site, the service, and its number among those of its kind. */
export function folderOf(topology: Topology, pool: Pool, service: Service): string {
  const site = topology.sites.findIndex(({ name }) => name === pool.site) + 1;
  const alike = topology.pools.filter((one) => isFrontEnd(one) === isFrontEnd(pool));
  return [site, service, alike.indexOf(pool) + 1].join("-");
}
