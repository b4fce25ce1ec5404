import { forgetServer, knownServers } from "../sql/servers";
import type { World } from "../world";
import { allDatabases, serverOf } from "./databases";
import { leaveCopy } from "./homes";
import { backupServiceWorks } from "./pairing";

/** What is gone for good, and what it leaves behind. */

/** A SQL Server is lost: of what is mirrored the mirror serves. The Backup Service has brought the rest to the partner. */
export function loseServer(world: World, server: string): void {
  const { topology } = world.deployment;
  const lost = allDatabases(world).filter(({ copies }) => copies.every((instance) => serverOf(instance) === server));
  for (const pool of topology.pools) {
    const { pairedWith: partner } = pool;
    const isHit = lost.some(
      ({ name, contents }) => name === "rtcxds" && contents && "homes" in contents && pool.fqdn in contents.homes,
    );
    if (partner !== undefined && isHit && backupServiceWorks(world, topology, pool))
      leaveCopy(world, topology, pool.fqdn, partner);
  }
  for (const database of allDatabases(world)) {
    database.copies = database.copies.filter((instance) => serverOf(instance) !== server);
    if (database.copies.length === 0) database.contents = null;
  }
  for (const { instance } of knownServers(world)) if (serverOf(instance) === server) forgetServer(world, instance);
}
