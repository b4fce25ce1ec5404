import { byHand, endRuns } from "./edits";
import { LabError } from "./error";
import type { CmdletFault } from "./faults";
import { findDatabase, type Database, type DatabaseName } from "./model/databases";
import { loseServer } from "./model/losses";
import { startServices, stopServices } from "./model/services";
import { Store } from "./store";
import { inWorld, type Computer, type World } from "./world";

/** What breaks, and what is lost for good. */

function mustHaveService({ fqdn, services = {} }: Computer, service: string): string {
  const name = Object.keys(services).find((one) => one.toLowerCase() === service.toLowerCase());
  if (name !== undefined) return name;
  throw new LabError(`There is no service ${service} on ${fqdn}. It has ${Object.keys(services).join(", ")}.`, 2);
}

/** With what depends on it. */
export const stopService = byHand((computer, _, service: string) => {
  stopServices(computer, [mustHaveService(computer, service)]);
});

export const startService = byHand((computer, world, service: string) => {
  startServices(world, computer, [mustHaveService(computer, service)]);
});

/** From now on a cmdlet refuses on this computer, hangs, or writes half of its file and says nothing. */
export const breakCmdlet = byHand((computer, _, cmdlet: string, fault: CmdletFault) => {
  (computer.brokenCmdlets ??= {})[cmdlet.toLowerCase()] = fault;
});

/** All of them work again. */
export const mendCmdlets = byHand((computer) => {
  delete computer.brokenCmdlets;
});

/** The computer is gone with all that was on its disks. Switched on again, it is a new one of the old name. */
export const loseComputer = byHand((computer, world) => {
  const { fqdn: host } = computer;
  Object.assign(computer, { off: true, reachable: false, tasks: {}, shares: {}, access: {} });
  delete computer.openFiles;
  delete computer.certificates;
  endRuns(world, host);
  for (const drive of Object.keys(computer.volumes)) {
    const root = `${drive}:\\`;
    for (const name of world.disk.names({ host, local: root })) world.disk.remove({ host, local: root + name });
  }
  loseServer(world, host);
});

function lose(world: World, store: string, name: DatabaseName): Database | undefined {
  const database = findDatabase(world, store, name);
  if (database) Object.assign(database, { copies: [], contents: null });
  return database;
}

/** All copies of a database: of a store as the topology names it. */
export const loseDatabase = (folder: string, store: string, name: string): Promise<void> =>
  inWorld(new Store(folder), (world) => {
    if (!lose(world, store, name as DatabaseName)) throw new LabError(`There is no database ${name} of ${store}.`, 2);
  });

/** The databases of the active Central Management store; a standby stays what it is. */
export const loseCentralManagement = (folder: string): Promise<void> =>
  inWorld(new Store(folder), (world) => {
    for (const name of ["xds", "lis"] as const) lose(world, world.deployment.store.location, name);
  });
