import { scopeKey, type Artefact, type Manifest } from "./documents";

/**
 * What sets need as things stand now. A manifest says what its set was built on, and that was right when it was sealed.
 * But while a full backup of hours is being made, logs go on being backed up, and each of them is built on the log before
 * it. Once the full one is sealed, the first log that reaches past its end needs nothing older any more. Without this
 * no log would ever let go of the first full backup.
 */

export interface SealedSet {
  manifest: Manifest;
  good: boolean;
}

/** A SQL Server backup of one database, as its facts tell it. */
interface Link {
  set: string;
  kind: Manifest["kind"];
  first: bigint;
  last: bigint;
  /** Changes when a database is restored: before and after do not follow upon each other. */
  fork: string;
}

export function needsOf(sets: readonly SealedSet[]): Map<string, string[]> {
  const links = linksOf(sets);
  return new Map(sets.map(({ manifest }) => [manifest.set, needsNow(manifest, links)]));
}

/** Only a log can be built on something else than it was: a differential has one full backup and no other. */
function needsNow(manifest: Manifest, links: ReadonlyMap<string, readonly Link[]>): string[] {
  if (manifest.kind !== "log") return manifest.needs;
  const needs = new Set<string>();
  for (const artefact of manifest.artefacts) {
    const link = linkOf(manifest, artefact);
    const need = link && bestFor(link, links.get(scopeKey(artefact.scope)) ?? []);
    if (need === undefined) return manifest.needs;
    needs.add(need);
  }
  return [...needs];
}

/** The newest full or differential backup that ends in this log; else the log before it. */
function bestFor(log: Link, others: readonly Link[]): string | undefined {
  const before = others.filter(({ set, fork }) => set !== log.set && fork === log.fork);
  const bases = before.filter(({ kind, last }) => kind !== "log" && last >= log.first && last <= log.last);
  const [newest] = bases.toSorted((a, b) => (a.last < b.last ? 1 : -1));
  return (newest ?? before.find(({ kind, last }) => kind === "log" && last === log.first))?.set;
}

/** By what they are of; without what cannot be restored, be it damaged itself or built on what is. */
function linksOf(sets: readonly SealedSet[]): Map<string, Link[]> {
  const good = new Map(sets.flatMap(({ manifest, good: isGood }) => (isGood ? [[manifest.set, manifest]] : [])));
  const links = new Map<string, Link[]>();
  for (const manifest of good.values()) {
    if (manifest.kind === "differential" && !manifest.needs.every((set) => good.has(set))) continue;
    if (!["full", "differential", "log"].includes(manifest.kind)) continue;
    for (const artefact of manifest.artefacts) {
      const link = linkOf(manifest, artefact);
      const key = scopeKey(artefact.scope);
      if (!link) continue;
      const known = links.get(key);
      if (known) known.push(link);
      else links.set(key, [link]);
    }
  }
  return links;
}

function linkOf({ set, kind }: Manifest, { facts }: Artefact): Link | undefined {
  const [first, last] = [numberOf(facts["first-lsn"]), numberOf(facts["last-lsn"])];
  const fork = facts["recovery-fork"];
  if (first === undefined || last === undefined || typeof fork !== "string") return undefined;
  return { set, kind, first, last, fork };
}

/** Longer than a number of JSON can be, so it is text. */
const numberOf = (fact: unknown): bigint | undefined =>
  typeof fact === "string" && /^\d{1,30}$/.test(fact) ? BigInt(fact) : undefined;
