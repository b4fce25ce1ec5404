import { FRONT_END_POOLS, type Datum, type Pool, type Topology } from "../documents";
import type { Obligation } from "../obligations";
import { databasesOf } from "../topology/databases";
import { fileStoresOf, productOf, storesOf } from "../topology/stores";
import { CENTRAL_MANAGEMENT_MINUTES, POOL_MINUTES } from "./targets";

/** What is lost with a pool, and what of it the Backup Service has replicated to the partner. */

export interface PoolLoss {
  pools: readonly Pool[];
  /** What the partner has, as far as Microsoft's engineering targets go; or why it has nothing. */
  replica: { minutes: number } | { none: string } | { open: string };
}

export type PoolLosses = (obligation: Obligation) => PoolLoss | undefined;

const NEVER: Partial<Record<Datum, string>> = {
  locations: "the Backup Service never replicates locations",
  "call-park-music": "the Backup Service never replicates Call Park settings",
  "announcement-audio": "the Backup Service never replicates announcements",
  "file-store": "the Backup Service replicates no more of a file store than conference content",
};
const OF_POOLS: readonly Datum[] = ["user-data", "response-groups", "call-park-music", "announcement-audio"];

export function poolLosses(topology: Topology): PoolLosses {
  const pools = new Map(topology.pools.map((pool) => [pool.fqdn, pool]));
  const stores = storesOf(topology);
  const files = new Map(fileStoresOf(topology).map((store) => [store.path, store.pools]));
  // What else lies in the SQL Server of a pool is lost with it.
  const backEnds = new Map(
    databasesOf(topology, stores)
      .filter(({ store }) => store.holder === "back-end")
      .map(({ instance, store }) => [instance, store.pools]),
  );
  const lostWith = ({ datum, scope }: Obligation): readonly Pool[] => {
    const frontEnds = (list: readonly (Pool | undefined)[]): Pool[] =>
      list.filter((pool): pool is Pool => pool !== undefined && FRONT_END_POOLS.includes(pool.kind));
    if (scope.of === "pool") return OF_POOLS.includes(datum) ? frontEnds([pools.get(scope.pool)]) : [];
    if (scope.of === "store") return frontEnds(files.get(scope.path) ?? []);
    if (scope.of === "database") return backEnds.get(scope.instance) ?? [];
    if (datum !== "configuration" && datum !== "locations") return [];
    return frontEnds([pools.get(topology.centralManagement.active)]);
  };
  return (obligation) => {
    const lost = lostWith(obligation);
    return lost.length === 0 ? undefined : { pools: lost, replica: replicaOf(obligation, lost, topology) };
  };
}

function replicaOf({ datum }: Obligation, lost: readonly Pool[], topology: Topology): PoolLoss["replica"] {
  const never = NEVER[datum];
  if (never !== undefined) return { none: never };
  if (datum === "configuration") {
    return topology.centralManagement.standby === undefined
      ? { none: "no pool holds a standby of the Central Management store" }
      : { minutes: CENTRAL_MANAGEMENT_MINUTES };
  }
  if (datum !== "user-data" && datum !== "response-groups") {
    return { none: "the Backup Service replicates no database of Archiving, Monitoring or Persistent Chat" };
  }
  const single = lost.find(({ pairedWith }) => pairedWith === undefined);
  if (single) return { none: `${single.fqdn} is paired with no pool` };
  const products = lost.map((pool) => productOf(topology, pool));
  if (datum === "user-data") return { minutes: Math.max(...products.map((product) => POOL_MINUTES[product])) };
  return products.some((product) => product === "lync2013" || product === "sfb2015")
    ? { none: "the Backup Service replicates Response Groups from Skype for Business Server 2019 on" }
    : {
        open: "whether the Backup Service replicates Response Groups (EnableRgsBackupService, from the July 2019 update on)",
      };
}
