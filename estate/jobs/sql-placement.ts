import { DATABASES } from "../catalogue";
import type { SqlInstance } from "../documents";
import { instanceOf, type Store } from "../topology/stores";
import { wantedDatabases, type SqlBackup } from "./sql-declaration";

/** Where the jobs of an instance must lie: after a failover somebody must be there who backs up. */

type Report = (path: readonly PropertyKey[], message: string) => void;

export function placementProblems(
  declared: SqlBackup,
  stores: readonly Store[],
  known: ReadonlyMap<string, SqlInstance>,
  report: Report,
): void {
  const placed = new Set(declared.placement.map(({ instance }) => instance));
  const partners = partnersOf(declared, stores, known);
  if (partners.size > 0) partnerProblems(declared, placed, partners, report);
  for (const instance of placed) {
    const hosts = declared.placement.flatMap((one) => (one.instance === instance ? [one.host] : []));
    nodeProblems(instance, hosts, known.get(instance)?.nodes ?? [], report);
  }
}

/** The partners and replicas of the stores that hold what is meant, as far as the topology knows them. */
function partnersOf(
  declared: SqlBackup,
  stores: readonly Store[],
  known: ReadonlyMap<string, SqlInstance>,
): ReadonlySet<string> {
  const wanted = new Set(wantedDatabases(declared).map(({ name }) => name.toLowerCase()));
  const holders = new Set(DATABASES.flatMap(({ name, holder }) => (wanted.has(name.toLowerCase()) ? [holder] : [])));
  const partners = new Set<string>();
  for (const { sql, holder } of stores) {
    if (instanceOf(sql) !== declared.instance || !holders.has(holder)) continue;
    const groups = sql.listener === undefined ? [] : (known.get(sql.instance)?.availabilityGroups ?? []);
    for (const one of [sql.instance, sql.mirror, ...groups.flatMap(({ replicas }) => replicas)]) {
      if (one !== undefined) partners.add(one);
    }
  }
  return partners;
}

function partnerProblems(
  { instance: declared, placement }: SqlBackup,
  placed: ReadonlySet<string>,
  partners: ReadonlySet<string>,
  report: Report,
): void {
  for (const [index, { instance }] of placement.entries()) {
    if (partners.has(instance) || instance === declared) continue;
    report(["placement", index, "instance"], `is no partner or replica of ${declared}`);
  }
  // Who asks the listener is always with the primary.
  if (placed.has(declared) && !partners.has(declared)) return;
  for (const partner of partners) {
    if (placed.has(partner)) continue;
    report(["placement"], `leaves out ${partner}: when it takes over, nobody would back up its databases`);
  }
}

/** One host that is no node may ask from outside; several take turns, and only nodes can. */
function nodeProblems(instance: string, hosts: readonly string[], nodes: readonly string[], report: Report): void {
  if (hosts.length < 2 && !nodes.some((node) => hosts.includes(node))) return;
  if (nodes.length === 0) {
    report(
      ["placement"],
      `names several hosts for ${instance}, of which no nodes are known: only those of a failover cluster can take turns`,
    );
    return;
  }
  for (const host of hosts.filter((one) => !nodes.includes(one))) {
    report(["placement"], `names ${host}, which is no node of ${instance} and would never act`);
  }
  for (const node of nodes.filter((one) => !hosts.includes(one))) {
    report(["placement"], `leaves out ${node}: when ${instance} moves there, nobody would back it up`);
  }
}
