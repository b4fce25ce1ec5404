import { PRODUCTS_WITH, type Product } from "./common";
import {
  FRONT_END_POOLS,
  type Pool,
  type PoolKind,
  type Role,
  type SqlStore,
  type TopologyParts,
} from "./topology-parts";

/** What a topology must not say, because it contradicts itself. What is merely unwise is advice, and no part of this. */

type Problem = (path: PropertyKey[], message: string) => void;

/** Kinds of pools that store something, with the roles that may do so there. */
const ROLES_OF: Partial<Record<PoolKind, readonly Role[]>> = {
  enterprise: ["response-group", "call-park", "announcement", "conferencing", "archiving", "monitoring", "e911"],
  standard: [
    "response-group",
    "call-park",
    "announcement",
    "conferencing",
    "archiving",
    "monitoring",
    "persistent-chat",
    "e911",
  ],
  "persistent-chat": ["persistent-chat"],
};
const WITH_BACK_END: readonly PoolKind[] = ["enterprise", "persistent-chat"];
export const STORES = [
  "backEnd",
  "archivingStore",
  "monitoringStore",
  "persistentChatStore",
  "complianceStore",
] as const satisfies readonly (keyof Pool)[];
const hasPersistentChat = (product: Product): boolean =>
  (PRODUCTS_WITH.persistentChat as readonly Product[]).includes(product);

export function topologyRules(topology: TopologyParts, problem: Problem): void {
  const pools = new Map(topology.pools.map((pool) => [pool.fqdn, pool]));
  const sites = new Set(topology.sites.map(({ name }) => name));
  const once = onceOnly(problem);
  const agrees = agreement(problem);

  for (const [index, site] of topology.sites.entries()) {
    once("sites", site.name, ["sites", index, "name"], "names a site twice");
    for (const key of ["federationRoute", "xmppRoute"] as const) {
      refersTo(pools, site[key], ["edge"], ["sites", index, key], problem);
    }
  }
  for (const [index, pool] of topology.pools.entries()) {
    const at = (...path: PropertyKey[]): PropertyKey[] => ["pools", index, ...path];
    once("pools", pool.fqdn, at("fqdn"), "names a pool twice");
    for (const [number, server] of pool.servers.entries()) {
      once("servers", server.fqdn, at("servers", number, "fqdn"), "names a server that is in a pool already");
      if (server.site !== undefined && !sites.has(server.site)) problem(at("servers", number, "site"), NO_SITE);
    }
    if (!sites.has(pool.site)) problem(at("site"), NO_SITE);
    poolRules(topology, pool, (path, message) => problem(at(...path), message));
    for (const key of STORES) if (pool[key]) agrees(key, pool[key], at(key));
    neighbourRules(pools, pool, (path, message) => problem(at(...path), message));
  }
  centralRules(topology, pools, problem);
  sqlRules(topology, once, problem);
  for (const [index, { path }] of topology.fileStores.entries()) {
    once("fileStores", path, ["fileStores", index, "path"], "names a file store twice");
  }
}

const NO_SITE = "names a site that is not in the topology";

/** Several pools may keep data of one kind in one instance; they must agree on its partners. */
function agreement(problem: Problem): (kind: string, store: SqlStore, path: PropertyKey[]) => void {
  const known = new Map<string, SqlStore>();
  return (kind, store, path) => {
    const id = `${kind} ${store.instance}`;
    const first = known.get(id);
    if (!first) known.set(id, store);
    for (const key of ["mirror", "witness", "listener"] as const) {
      if (first && first[key] !== store[key])
        problem([...path, key], `differs from what is said of ${store.instance} before`);
    }
  };
}

function onceOnly(problem: Problem): (list: string, name: string, path: PropertyKey[], message: string) => void {
  const seen = new Set<string>();
  return (list, name, path, message) => {
    const key = `${list} ${name}`;
    if (seen.has(key)) problem(path, message);
    seen.add(key);
  };
}

function refersTo(
  pools: ReadonlyMap<string, Pool>,
  name: string | undefined,
  kinds: readonly PoolKind[],
  path: PropertyKey[],
  problem: Problem,
): void {
  if (name === undefined) return;
  const pool = pools.get(name);
  if (!pool) problem(path, "names a pool that is not in the topology");
  else if (!kinds.includes(pool.kind)) problem(path, `names a pool of kind ${pool.kind}, not ${kinds.join(" or ")}`);
}

/** What a pool says of itself. */
function poolRules(topology: TopologyParts, pool: Pool, problem: Problem): void {
  const { kind, roles } = pool;
  const product = pool.product ?? topology.product;
  for (const [index, role] of roles.entries()) {
    if (roles.indexOf(role) < index) problem(["roles", index], "names a role twice");
    else if (!ROLES_OF[kind]?.includes(role)) problem(["roles", index], `is no role of a pool of kind ${kind}`);
  }
  if (!hasPersistentChat(product)) {
    const message = "is no part of this product: Persistent Chat ended with Skype for Business Server 2015";
    if (kind === "persistent-chat") problem(["kind"], message);
    if (roles.includes("persistent-chat")) problem(["roles", roles.indexOf("persistent-chat")], message);
    for (const key of ["persistentChatStore", "complianceStore"] as const) if (pool[key]) problem([key], message);
  }
  if (kind === "enterprise") {
    if (!pool.backEnd) problem(["backEnd"], "is missing: the data of an Enterprise pool lie in its Back End");
    if (pool.fileStore === undefined) problem(["fileStore"], "is missing: an Enterprise pool has a file store");
  }
  if (kind === "persistent-chat" && !pool.persistentChatStore && !pool.backEnd) {
    problem(["persistentChatStore"], "is missing: the rooms of a Persistent Chat pool lie in its database");
  }
  if (kind === "standard" && pool.servers.length > 1)
    problem(["servers"], "has several: Standard Edition is one server");
  for (const key of STORES) {
    const store = pool[key];
    if (!store) continue;
    const misplaced = key === "backEnd" ? !WITH_BACK_END.includes(kind) : ROLES_OF[kind] === undefined;
    if (misplaced) problem([key], `has no place in a pool of kind ${kind}`);
    storeRules(store, (path, message) => problem([key, ...path], message));
  }
}

function storeRules(store: SqlStore, problem: Problem): void {
  if (store.mirror === store.instance) problem(["mirror"], "is the instance itself");
  if (store.witness !== undefined && store.mirror === undefined) problem(["witness"], "watches no mirror");
  if (store.mirror !== undefined && store.listener !== undefined) {
    problem(["listener"], "belongs to an availability group, and the store is mirrored");
  }
}

/** What a pool says of other pools. */
function neighbourRules(pools: ReadonlyMap<string, Pool>, pool: Pool, problem: Problem): void {
  const { kind, pairedWith } = pool;
  refersTo(pools, pool.edge, ["edge"], ["edge"], problem);
  refersTo(pools, pool.nextHop, [...FRONT_END_POOLS, "director"], ["nextHop"], problem);
  refersTo(pools, pool.registrar, FRONT_END_POOLS, ["registrar"], problem);
  if (pool.nextHop !== undefined && kind !== "edge") problem(["nextHop"], "is for Edge pools");
  if (kind === "branch" && pool.registrar === undefined) {
    problem(["registrar"], "is missing: the data of branch users lie in a Front End pool");
  }
  if (kind !== "branch" && pool.registrar !== undefined) problem(["registrar"], "is for branch pools");
  if (pairedWith === undefined) return;
  if (!FRONT_END_POOLS.includes(kind)) problem(["pairedWith"], "is for Front End pools");
  else if (pairedWith === pool.fqdn) problem(["pairedWith"], "is the pool itself");
  else {
    refersTo(pools, pairedWith, FRONT_END_POOLS, ["pairedWith"], problem);
    const partner = pools.get(pairedWith);
    if (partner && partner.pairedWith !== pool.fqdn) problem(["pairedWith"], "is not paired with this pool in turn");
  }
}

function centralRules(topology: TopologyParts, pools: ReadonlyMap<string, Pool>, problem: Problem): void {
  const { active, standby, store } = topology.centralManagement;
  const at = (key: string): PropertyKey[] => ["centralManagement", key];
  refersTo(pools, active, FRONT_END_POOLS, at("active"), problem);
  refersTo(pools, standby, FRONT_END_POOLS, at("standby"), problem);
  if (standby === active) problem(at("standby"), "is the active one itself");
  if (store) storeRules(store, (path, message) => problem([...at("store"), ...path], message));
}

function sqlRules(topology: TopologyParts, once: ReturnType<typeof onceOnly>, problem: Problem): void {
  for (const [index, sql] of topology.sql.entries()) {
    const at = (...path: PropertyKey[]): PropertyKey[] => ["sql", index, ...path];
    once("sql", sql.instance, at("instance"), "names an instance twice");
    if (sql.edition === "express" && sql.agent === true) problem(at("agent"), "is not part of Express");
    for (const [number, group] of sql.availabilityGroups.entries()) {
      if (!group.replicas.includes(sql.instance)) {
        problem(at("availabilityGroups", number, "replicas"), "does not name this instance");
      }
    }
    for (const [number, { name }] of (sql.databases ?? []).entries()) {
      const key = `${sql.instance} ${name.toLowerCase()}`;
      once("databases", key, at("databases", number, "name"), "names a database twice");
    }
  }
}
