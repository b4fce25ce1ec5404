import { LabError } from "./error";
import { allDatabases } from "./model/databases";
import { everyUser } from "./model/directory-users";
import { movePool } from "./model/pairing";
import { loseServer } from "./model/losses";
import type { ContactStore, UserRow } from "./model/users";
import { Store } from "./store";
import { inWorld, own, type World } from "./world";

/** What users and administrators do in a deployment, and what fate takes from it. */

/** The rows of a user wherever his data live. */
function rowsOf(world: World, sip: string): UserRow[] {
  const rows = allDatabases(world).flatMap(({ contents }) => {
    const homes = contents && "homes" in contents ? Object.values(contents.homes) : [];
    return homes.flatMap(({ users }) => own(users, sip) ?? []);
  });
  if (rows.length > 0) return rows;
  throw new LabError(`There is no user ${sip} in the lab.`, 2);
}

export function addContact(folder: string, sip: string, contact: string): Promise<void> {
  return inWorld(new Store(folder), (world) => {
    for (const row of rowsOf(world, sip)) if (row.contactStore === "lync") row.contacts.push(contact);
  });
}

/** To the unified contact store in Exchange, or back from there. */
export function moveContacts(folder: string, sip: string, to: ContactStore): Promise<void> {
  return inWorld(new Store(folder), (world) => {
    const user = everyUser(world).get(sip.toLowerCase());
    if (user) user.contactStore = to;
    for (const row of rowsOf(world, sip)) {
      Object.assign(row, { contactStore: to, ...(to === "exchange" ? { contacts: [] } : {}) });
      delete row.corrupted;
    }
  });
}

/** As after Invoke-CsPoolFailOver, or after Invoke-CsPoolFailBack. */
export function movePoolUsers(folder: string, fqdn: string, state: "FailedOver" | "Active"): Promise<void> {
  return inWorld(new Store(folder), (world) => {
    const { topology } = world.deployment;
    const pool = topology.pools.find((one) => one.fqdn === fqdn);
    if (pool?.pairedWith === undefined) throw new LabError(`There is no paired pool ${fqdn} in the lab.`, 2);
    movePool(world, topology, pool, state);
  });
}

/** A SQL Server and what was on its disks are gone; what is mirrored lives on at the mirror. */
export const loseSqlServer = (folder: string, server: string): Promise<void> =>
  inWorld(new Store(folder), (world) => {
    loseServer(world, server);
  });
