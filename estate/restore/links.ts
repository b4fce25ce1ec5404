import { scopeKey, type Artefact, type Manifest } from "../documents";
import type { BackupKind } from "../sql";

/** What sets hold of one database, as links of chains: everything that SQL Server itself goes by in a restore. */

/** A sealed set, and what somebody has found who looked at its files. */
export interface KeptSet {
  manifest: Manifest;
  problems?: readonly FileProblem[];
}

export interface FileProblem {
  path: string;
  what: "missing" | "damaged";
  message: string;
}

export interface Link {
  set: string;
  series: string;
  kind: BackupKind;
  first: bigint;
  last: bigint;
  /** Changes when a database is restored and opened; the first log after that begins on the one before. */
  fork: string;
  firstFork: string;
  /** Where the log left its first fork. */
  forkPoint: bigint;
  /** Of this backup, and of the full one that a differential builds on. */
  backupSet: string;
  base: string | undefined;
  /** When it was finished; msdb notes whole seconds. */
  at: number;
  /** Of the clock that stands in the log. */
  utcOffsetMinutes: number | undefined;
  recovery: string;
  /** Of the server that made it, such as 11.0.7001. */
  version: string | undefined;
  /** Of the certificate without which it cannot be read. */
  thumbprint: string | undefined;
  encrypted: boolean;
  files: readonly string[];
  problems: readonly FileProblem[];
  /** What the set was built on when it was sealed. */
  needs: readonly string[];
}

export const isData = ({ kind }: Pick<Link, "kind">): boolean => kind !== "log";
export const isFull = ({ kind }: Pick<Link, "kind">): boolean => kind === "full" || kind === "copy-only";

/** Oldest first. What does not tell its log sequence numbers is no part of any chain. */
export function linksOf(sets: readonly KeptSet[], of: { instance: string; database: string }): Link[] {
  const wanted = scopeKey({ of: "database", ...of });
  return sets
    .flatMap((kept) => linksIn(kept, wanted))
    .sort((a, b) => a.at - b.at || (a.last < b.last ? -1 : a.last > b.last ? 1 : 0));
}

/** Several files of one set may be one backup. */
function linksIn({ manifest, problems = [] }: KeptSet, wanted: string): Link[] {
  const backups = new Map<string, Artefact[]>();
  for (const artefact of manifest.artefacts) {
    if (artefact.format !== "bak" || scopeKey(artefact.scope) !== wanted) continue;
    const key = textOf(artefact.facts["backup-set"]);
    backups.set(key, [...(backups.get(key) ?? []), artefact]);
  }
  return [...backups.values()].flatMap((artefacts) => {
    const files = artefacts.map(({ path }) => path).sort();
    const link = linkOf(manifest, artefacts[0]?.facts ?? {});
    return link ? [{ ...link, files, problems: problems.filter(({ path }) => files.includes(path)) }] : [];
  });
}

const KINDS: Readonly<Record<string, BackupKind>> = {
  full: "full",
  "copy-only": "copy-only",
  differential: "differential",
  log: "log",
};

function linkOf(manifest: Manifest, facts: Artefact["facts"]): Omit<Link, "files" | "problems"> | undefined {
  const { set, series, needs, startedAt } = manifest;
  const kind = KINDS[textOf(facts["type"]) || manifest.kind];
  const [first, last] = [numberOf(facts["first-lsn"]), numberOf(facts["last-lsn"])];
  const fork = textOf(facts["recovery-fork"]);
  if (!kind || first === undefined || last === undefined || fork === "") return undefined;
  const offset = textOf(facts["utc-offset-minutes"]);
  return {
    ...{ set, series, kind, first, last, fork, needs },
    firstFork: textOf(facts["first-recovery-fork"]) || fork,
    forkPoint: numberOf(facts["fork-point-lsn"]) ?? 0n,
    backupSet: textOf(facts["backup-set"]),
    base: textOf(facts["base-backup-set"]) || undefined,
    at: Date.parse(textOf(facts["finished-at"]) || startedAt),
    utcOffsetMinutes: offset === "" ? undefined : Number(offset),
    recovery: textOf(facts["recovery"]),
    version: textOf(facts["server-version"]) || undefined,
    encrypted: !["", "no"].includes(textOf(facts["encrypted"])),
    thumbprint: textOf(manifest.facts["certificate-thumbprint"]) || undefined,
  };
}

const textOf = (fact: unknown): string => (typeof fact === "string" || typeof fact === "number" ? String(fact) : "");

/** Longer than a number of JSON can be, so it is text. */
const numberOf = (fact: unknown): bigint | undefined =>
  typeof fact === "string" && /^\d{1,30}$/.test(fact) ? BigInt(fact) : undefined;
