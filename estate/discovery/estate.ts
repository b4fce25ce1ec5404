import { rowOf } from "../catalogue";
import { serversOf, type Datum, type Reach, type Scope, type TargetDeclaration, type Topology } from "../documents";
import { coverageOfEstate, Estate, shortName } from "../estate";
import { decisionsOn, type DeclaredEstate, type Decision } from "./decisions";
import type { Discovery } from "./topology";

/** The estate that covers a discovered deployment: everything by its defaults, and what has to be decided as remarks. */

export interface Choices {
  account: string;
  /** How a computer is reached. */
  reach: (host: string) => Reach;
  /** Where exports are placed; without it beside the Central Management store and its standby. */
  exports?: readonly string[];
  targets: readonly (Pick<TargetDeclaration, "name" | "path" | "share" | "encryption" | "location"> & {
    host: string;
    readers: readonly string[];
  })[];
  protect: boolean;
  /** Who answers for what is not decided yet. */
  owner: string;
}

/** How long nobody need decide about what no job backs up. */
export const DAYS_TO_DECIDE = 90;

export function estateFor(
  found: Discovery,
  choices: Choices,
): { declared: DeclaredEstate; estate: Estate; decisions: Decision[] } {
  const { topology } = found;
  const exports = choices.exports ?? exportHosts(topology);
  const computers = new Set([
    ...exports,
    ...topology.sql.flatMap(({ instance, nodes }) => nodes ?? [instance.split("\\")[0] ?? instance]),
    ...choices.targets.map(({ host }) => host),
  ]);
  const declared: DeclaredEstate = {
    account: choices.account,
    protect: choices.protect,
    hosts: [...computers].map((name) => ({ name, reach: choices.reach(name) })),
    targets: choices.targets.map(({ readers, ...target }) => ({
      ...target,
      writers: writersOf(topology, choices.account),
      readers: [...readers],
    })),
    defaults: {
      hosts: [...exports],
      ...(choices.targets.length > 1 && choices.targets[0] ? { target: choices.targets[0].name } : {}),
    },
    everything: true,
    topology: brief(topology),
  };
  const waivers = undecided(Estate.parse(declared), found, choices);
  const { topology: facts, ...said } = declared;
  // What people decide comes before what is as it is.
  const whole = { ...said, ...(waivers.length === 0 ? {} : { waivers }), topology: facts };
  return { declared: whole, estate: Estate.parse(whole), decisions: decisionsOn(found, whole) };
}

/** Two where the store is and one where it would go: an export acts beside it. */
function exportHosts({ pools, centralManagement: { active, standby } }: Topology): string[] {
  const serversIn = (name: string | undefined): string[] => {
    const pool = pools.find(({ fqdn }) => fqdn === name);
    return pool ? serversOf(pool) : [];
  };
  return [...serversIn(active).slice(0, 2), ...serversIn(standby).slice(0, 1)];
}

/** SQL Servers write their backups themselves; under a virtual account they come as their computer. */
function writersOf({ sql, domain }: Topology, account: string): string[] {
  const writers = new Map([[account.toLowerCase(), account]]);
  for (const { instance, serviceAccount, nodes = [] } of sql) {
    if (serviceAccount === undefined) continue;
    const computers = [instance.split("\\")[0] ?? instance, ...nodes].map(
      (host) => `${shortName(domain).toUpperCase()}\\${shortName(host).toUpperCase()}$`,
    );
    const isVirtual = /^NT (SERVICE|AUTHORITY)\\|^LocalSystem$/i.test(serviceAccount);
    for (const one of isVirtual ? computers : [serviceAccount]) writers.set(one.toLowerCase(), one);
  }
  return [...writers.values()];
}

type Waivers = NonNullable<DeclaredEstate["waivers"]>;

/** What no job backs up is somebody's to decide: it is waived for a while, by name, so that nobody forgets it. */
function undecided(estate: Estate, { at }: Discovery, { owner }: Choices): Waivers {
  const { rows } = coverageOfEstate(estate, at);
  const day = at.slice(0, 10);
  const until = new Date(Date.parse(at) + DAYS_TO_DECIDE * 86_400_000).toISOString().slice(0, 10);
  const gaps = new Map<Datum, Scope[]>();
  for (const { state, obligation } of rows) {
    if (state !== "gap") continue;
    gaps.set(obligation.datum, [...(gaps.get(obligation.datum) ?? []), obligation.scope]);
  }
  return [...gaps].map(([datum, scopes]) => {
    // Where a job covers some, only the others are left open.
    const some = rows.some(({ obligation, state }) => obligation.datum === datum && state !== "gap");
    return {
      name: `undecided-${datum}`,
      data: [datum],
      ...(some ? { scopes } : {}),
      reason: `${rowOf(datum).title}: discovered on ${day}, and nobody has said yet what backs it up`,
      owner,
      until,
    };
  });
}

/** Without what goes without saying. */
function brief(topology: Topology): Topology {
  const shorter = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(shorter);
    if (typeof value !== "object" || value === null) return value;
    const kept = Object.entries(value).filter(
      ([key, one]) => !(Array.isArray(one) && one.length === 0) && !(key === "reports" && one === false),
    );
    return Object.fromEntries(kept.map(([key, one]) => [key, shorter(one)]));
  };
  return shorter(topology) as Topology;
}
