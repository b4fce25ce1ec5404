import {
  pathText,
  PRODUCTS_WITH,
  type Pool,
  type Priority,
  type Product,
  type SqlStore,
  type Topology,
} from "../documents";
import type { AdviceId } from "../rules";
import { instanceIndex, isFrontEnd, productOf, storesOf } from "./stores";

/** What a topology may say and had better not: warnings, never refusals, because Topology Builder allows all of it. */
export interface Advice {
  path: string;
  says: string;
  /** Which rule it is: the table says where that comes from. */
  rule: AdviceId;
}

type Say = (path: PropertyKey[], says: string, rule: AdviceId) => void;

export function adviceOn(topology: Topology, priorities: readonly Priority[] = []): Advice[] {
  // A fact may concern several stores of one pool: it is said once.
  const advice = new Map<string, Advice>();
  const say: Say = (path, says, rule) => advice.set(`${pathText(path)} ${says}`, { path: pathText(path), says, rule });
  const pools = new Map(topology.pools.map((pool) => [pool.fqdn, pool]));
  const continuity = priorities.includes("continuity");

  for (const [index, pool] of topology.pools.entries()) {
    const at = (key: keyof Pool): PropertyKey[] => ["pools", index, key];
    const partner = pool.pairedWith === undefined ? undefined : pools.get(pool.pairedWith);
    // Said once for each pair, at the pool that stands first.
    if (partner && topology.pools.indexOf(partner) > index) pairAdvice(topology, pool, partner, at("pairedWith"), say);
    if (continuity && isFrontEnd(pool) && !partner) {
      say(
        at("fqdn"),
        "is paired with no pool: where continuity comes first, a lost pool must be rebuilt",
        "pair-for-continuity",
      );
    }
    if (continuity && pool.kind === "branch") {
      say(
        at("registrar"),
        "fails over without the users of this branch: pairing does not serve them",
        "branch-without-failover",
      );
    }
    if (pool.kind === "standard" && pool.fileStore === undefined) {
      say(at("fqdn"), "names no file store: the share of its own name is assumed", "named-file-store");
    }
  }
  centralAdvice(topology, pools, say);
  storeAdvice(topology, say);
  return [...advice.values()];
}

/** Mirroring, an availability group, or neither: partners must be alike in it. */
function availabilityOf(store: SqlStore | undefined): string {
  if (store?.mirror !== undefined) return "mirrored";
  return store?.listener === undefined ? "single" : "Always On";
}

function pairAdvice(topology: Topology, pool: Pool, partner: Pool, path: PropertyKey[], say: Say): void {
  if (pool.site === partner.site) {
    say(path, `is in the same site, ${pool.site}: the pair does not survive the loss of it`, "pair-across-sites");
  }
  if (pool.kind !== partner.kind) {
    say(
      path,
      `is of kind ${partner.kind} and this pool of kind ${pool.kind}: only pools of one kind pair`,
      "pair-alike",
    );
    return;
  }
  if (productOf(topology, pool) !== productOf(topology, partner)) {
    say(path, "is of another product version: only pools of one version pair", "pair-of-one-version");
  }
  const [own, its] = [availabilityOf(pool.backEnd), availabilityOf(partner.backEnd)];
  if (own !== its)
    say(path, `has a Back End that is ${its}, and this one is ${own}: partners are alike`, "pair-of-one-availability");
}

function centralAdvice(topology: Topology, pools: ReadonlyMap<string, Pool>, say: Say): void {
  const { active, standby } = topology.centralManagement;
  const partner = pools.get(active)?.pairedWith;
  if (partner !== undefined && standby === undefined) {
    const says = `is missing: ${active} is paired with ${partner}, which should hold the standby`;
    say(["centralManagement", "standby"], says, "standby-at-the-partner");
  }
  if (standby !== undefined && standby !== partner) {
    const says = `is not the partner of ${active}: a failover of the store goes to the paired pool`;
    say(["centralManagement", "standby"], says, "standby-at-the-partner");
  }
}

const ALWAYS_ON: readonly Product[] = PRODUCTS_WITH.alwaysOn;
const MIRRORING: readonly Product[] = PRODUCTS_WITH.mirroring;

function storeAdvice(topology: Topology, say: Say): void {
  const instances = instanceIndex(topology);
  for (const { holder, sql, product, pools } of storesOf(topology)) {
    const central = holder === "central-management" && topology.centralManagement.store !== undefined;
    const index = topology.pools.findIndex(({ fqdn }) => fqdn === pools[0]?.fqdn);
    const path = central ? ["centralManagement", "store"] : ["pools", index];
    if (sql.mirror !== undefined && !MIRRORING.includes(product)) {
      say(path, `mirrors ${sql.instance}: SQL mirroring is not supported in this product`, "no-mirroring-after-2015");
    }
    if (sql.listener !== undefined && !ALWAYS_ON.includes(product)) {
      say(
        path,
        `keeps data behind ${sql.listener}: availability groups came with Skype for Business 2015`,
        "always-on-from-2015",
      );
    }
    if (
      sql.listener !== undefined &&
      (holder === "persistent-chat" || holder === "compliance" || holder === "reports")
    ) {
      say(
        path,
        `keeps ${WORDS[holder]} behind ${sql.listener}: not supported in an availability group`,
        "always-on-for-back-ends",
      );
    }
    if (
      holder === "back-end" &&
      pools[0]?.kind === "enterprise" &&
      instances.get(sql.instance)?.edition === "express"
    ) {
      say(path, `has its Back End in ${sql.instance}, an Express edition`, "no-express-back-end");
    }
  }
}

const WORDS = { "persistent-chat": "Persistent Chat", compliance: "Persistent Chat compliance", reports: "reports" };
