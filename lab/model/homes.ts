import type { Topology } from "../../estate/documents";
import type { World } from "../world";
import { findDatabase, storeOfPool } from "./databases";
import { everyUser } from "./directory-users";
import type { ConferenceDirectories, Home, UserRows, UserStore } from "./users";

/** Where the data of a pool's users live, and how imported rows come into them. */

export const homeIn = ({ homes }: UserStore, pool: string): Home => (homes[pool] ??= { users: {} });

/** Takes the rows of an import into a home. What the other contact store wrote is corrupt from then on. */
export function takeRows(world: World, home: Home, rows: UserRows): void {
  const users = everyUser(world);
  for (const [sip, row] of Object.entries(rows)) {
    const current = users.get(sip.toLowerCase())?.contactStore ?? row.contactStore;
    home.users[sip] = current === row.contactStore ? row : { ...row, contactStore: current, corrupted: true };
  }
}

/** All Front Ends of a pool were down, and one starts: now it reads what was imported. */
export function readImported(world: World, topology: Topology, pool: string): void {
  const home = userStoreOf(world, topology, pool)?.homes[pool];
  if (!home?.imported) return;
  const { users, directories } = home.imported;
  takeRows(world, home, users);
  Object.assign(directoriesOf(world, topology, pool)?.directories ?? {}, directories);
  delete home.imported;
}

const backEndOf = (topology: Topology, fqdn: string): string => {
  const pool = topology.pools.find((one) => one.fqdn === fqdn);
  return (pool && storeOfPool(topology, pool, "back-end")) ?? "";
};
const userStoreOf = (world: World, topology: Topology, pool: string): UserStore | null | undefined =>
  findDatabase(world, backEndOf(topology, pool), "rtcxds")?.contents;
const directoriesOf = (world: World, topology: Topology, pool: string): ConferenceDirectories | null | undefined =>
  findDatabase(world, backEndOf(topology, pool), "rtcshared")?.contents;

/** What the Backup Service has brought to the partner by the time that a pool is lost. */
export function leaveCopy(world: World, topology: Topology, pool: string, partner: string): void {
  const home = userStoreOf(world, topology, pool)?.homes[pool];
  const target = userStoreOf(world, topology, partner);
  if (home && target) target.homes[pool] = { users: structuredClone(home.users), standby: true };
}

/** The users of a pool are served by its partner from now on, with what it has of their data. */
export function failOver(world: World, topology: Topology, pool: string, partner: string): void {
  leaveCopy(world, topology, pool, partner);
  const home = userStoreOf(world, topology, partner)?.homes[pool];
  if (home) delete home.standby;
}

/** They are at home again, with what they have done meanwhile. */
export function failBack(world: World, topology: Topology, pool: string, partner: string): void {
  const [source, target] = [userStoreOf(world, topology, partner), userStoreOf(world, topology, pool)];
  const away = source?.homes[pool];
  if (!source || !target || !away) return;
  target.homes[pool] = { users: away.users };
  Reflect.deleteProperty(source.homes, pool);
}
