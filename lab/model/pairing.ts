import { serversOf, type Pool, type Topology } from "../../estate/documents";
import type { World } from "../world";
import { changeConfiguration } from "./central-management";
import { policiesOf, type Configuration } from "./configuration";
import { answers, storeOfPool } from "./databases";
import { failBack, failOver } from "./homes";

/** Paired pools: whether the Backup Service keeps them alike, and which of them serves whose users. */

/** Of what Set-CsBackupServiceConfiguration sets, until somebody does. */
export const BACKUP_SERVICE_DEFAULTS: Readonly<Record<string, string>> = {
  SyncInterval: "00:02:00",
  MaxConcurrentCalls: "10",
  MaxBatchesPerCmsSync: "500",
  MaxBatchesPerUserStoreSync: "500",
  MaxDataConfPackageSizeKB: "102400",
  AuthorizedUniversalGroups: "Schema admins",
  AuthorizedLocalAccounts: "Network Service",
};

export const partnerOf = (topology: Topology, { pairedWith }: Pool): Pool | undefined =>
  topology.pools.find(({ fqdn }) => fqdn === pairedWith);

/** One Front End of a pool is enough, and its Back End. */
function canReplicate(world: World, topology: Topology, pool: Pool): boolean {
  const backEnd = storeOfPool(topology, pool, "back-end");
  const members = serversOf(pool).map((server) => world.find(server));
  const works = members.some((one) => one?.reachable === true && one.services?.["LYNCBACKUP"] === "running");
  return works && backEnd !== undefined && answers(world, backEnd);
}

/** From this pool to its partner: it takes both. */
export function backupServiceWorks(world: World, topology: Topology, pool: Pool): boolean {
  const partner = partnerOf(topology, pool);
  return partner !== undefined && [pool, partner].every((one) => canReplicate(world, topology, one));
}

const STATE = "RegistrarConfiguration";
const identityOf = (pool: string): string => `Service:Registrar:${pool}`;

/** As a failover notes it in the configuration of the pool's registrar. */
export const isFailedOver = (configuration: Configuration, pool: string): boolean =>
  policiesOf(configuration, STATE).some(
    ({ identity, settings }) => identity === identityOf(pool) && settings["PoolState"] === "FailedOver",
  );

/** The pool in whose databases the data of these users are. */
export function servingPool(configuration: Configuration, topology: Topology, pool: string): string {
  const home = topology.pools.find(({ fqdn }) => fqdn === pool);
  return (isFailedOver(configuration, pool) ? home?.pairedWith : undefined) ?? pool;
}

/** Without the checks that an administrator meets: for what the lab does by hand. */
export function movePool(world: World, topology: Topology, pool: Pool, state: "FailedOver" | "Active"): void {
  const partner = partnerOf(topology, pool);
  if (!partner) return;
  const move = state === "FailedOver" ? failOver : failBack;
  move(world, topology, pool.fqdn, partner.fqdn);
  changeConfiguration(world, (contents) => {
    const others = contents.policies.filter(
      ({ kind, identity }) => kind !== STATE || identity !== identityOf(pool.fqdn),
    );
    contents.policies = [...others, { kind: STATE, identity: identityOf(pool.fqdn), settings: { PoolState: state } }];
  });
}
