import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { targetLayout, Verified, type Manifest } from "../../estate/documents";
import {
  movesTo,
  NEWEST,
  planRestore,
  type Break,
  type Chain,
  type DatabaseFile,
  type FileProblem,
  type KeptSet,
  type Placing,
} from "../../estate/restore";
import { readSealed, seriesOn, setsOn } from "../../offsite/sets/target";
import { CliError } from "../output";

/** What a person asks of a restore, and what the sets in a folder answer. */
export interface Asked {
  target: string;
  database: string;
  instance?: string;
  at?: string;
  as?: string;
  data?: string;
  log?: string;
  reach?: string;
  serverVersion?: string;
  replace?: boolean;
}

export interface Planned {
  instance: string;
  sets: readonly KeptSet[];
  chain: Chain;
  placing: Placing;
}

/** Planned from manifests; then every byte that the plan needs is read, and what turns out damaged is gone round. */
export async function planned(asked: Asked): Promise<Planned | { refused: Break }> {
  const { target, database, at = NEWEST } = asked;
  if (at !== NEWEST && Number.isNaN(Date.parse(at))) {
    throw new CliError(`--at ${at} is no moment: expected one in UTC such as 2026-03-01T02:00:00Z, or ${NEWEST}`, 2);
  }
  const to = at === NEWEST ? at : new Date(at).toISOString();
  const sets = setsOf(target, database);
  const instance = asked.instance?.toLowerCase() ?? onlyInstance(sets, database, target);
  const onto = {
    instance: "the server that restores",
    ...(asked.serverVersion === undefined ? {} : { version: asked.serverVersion }),
    ...(asked.as === undefined ? {} : { as: asked.as }),
  };
  for (;;) {
    const { chain, refused } = planRestore({ sets, instance, database, to, onto });
    if (refused) return { refused };
    if (!(await findDamage(target, sets, chain))) return { instance, sets, chain, placing: placingOf(asked, chain) };
  }
}

/** The exact break, and how far the sets bring the database instead. */
export function refusal({ message, instead }: Break): CliError {
  const advice = instead === undefined ? "" : ` The sets do bring it to ${instead}.`;
  return new CliError(`${message}${advice}`);
}

function setsOf(target: string, database: string): KeptSet[] {
  const wanted = database.toLowerCase();
  return seriesOn(target).flatMap((series) =>
    setsOn(target, series).flatMap((set) => {
      const { manifest, folder } = readSealed(target, series, set);
      const artefacts = manifest.artefacts.filter(
        ({ scope }) => scope.of === "database" && scope.database.toLowerCase() === wanted,
      );
      if (artefacts.length === 0) return [];
      return [{ manifest, problems: [...foundBefore(target, manifest), ...lacking(folder, artefacts)] }];
    }),
  );
}

/** What a verification has written down. */
function foundBefore(target: string, { series, set }: Manifest): FileProblem[] {
  const file = path.join(target, targetLayout.verified(series, set));
  if (!fs.existsSync(file)) return [];
  const { failures } = Verified.parse(fs.readFileSync(file, "utf8"));
  return failures.map(({ path: at, message }) => ({ path: at, what: "damaged", message }));
}

function lacking(folder: string, artefacts: Manifest["artefacts"]): FileProblem[] {
  return artefacts.flatMap(({ path: at, bytes }): FileProblem[] => {
    const found = fs.statSync(path.join(folder, at), { throwIfNoEntry: false });
    if (!found) return [{ path: at, what: "missing", message: `it is not in ${folder}` }];
    if (found.size === bytes) return [];
    return [
      {
        path: at,
        what: "damaged",
        message: `it has ${String(found.size)} bytes, and was sealed with ${String(bytes)}`,
      },
    ];
  });
}

function onlyInstance(sets: readonly KeptSet[], database: string, target: string): string {
  const wanted = database.toLowerCase();
  const instances = new Set(
    sets.flatMap(({ manifest }) =>
      manifest.artefacts.flatMap(({ scope }) =>
        scope.of === "database" && scope.database.toLowerCase() === wanted ? [scope.instance] : [],
      ),
    ),
  );
  const [only, ...more] = instances;
  if (only === undefined) throw new CliError(`No set on ${target} holds a backup of ${database}.`, 2);
  if (more.length === 0) return only;
  throw new CliError(`${database} is on ${[only, ...more].join(" and ")}: say which with --instance`, 2);
}

/** Every byte of what the plan needs, against what was sealed; true where something is wrong. */
async function findDamage(target: string, sets: KeptSet[], { links }: Chain): Promise<boolean> {
  for (const { series, set, files } of links) {
    const index = sets.findIndex(({ manifest }) => manifest.series === series && manifest.set === set);
    const kept = sets[index];
    for (const at of files) {
      const sealed = kept?.manifest.artefacts.find((one) => one.path === at)?.sha256;
      const file = path.join(target, targetLayout.artefact(series, set, at));
      if (!kept || (await hashOf(file)) === sealed) continue;
      const problem: FileProblem = {
        path: at,
        what: "damaged",
        message: "its SHA-256 is not the one it was sealed with",
      };
      sets[index] = { ...kept, problems: [...(kept.problems ?? []), problem] };
      return true;
    }
  }
  return false;
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of fs.createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

/** Under another name its files must go elsewhere: which there are, the full backup's own set tells. */
function placingOf(asked: Asked, chain: Chain): Placing {
  const { target, database, as = database, reach = target, data, log = data, replace = false } = asked;
  const placing = { database: as, target: reach.replaceAll("/", "\\"), replaces: replace };
  if (data === undefined || log === undefined) {
    if (as.toLowerCase() === database.toLowerCase()) return placing;
    throw new CliError(`Under the name ${as} the files of ${database} must go elsewhere: say where with --data`, 2);
  }
  const [full] = chain.links;
  const files = filesOf(target, full.series, full.set, database);
  if (files.length === 0) {
    throw new CliError(
      `The set ${full.set} does not tell which files ${database} has: its account may not see them. Run RESTORE FILELISTONLY on its backup, and restore by hand.`,
    );
  }
  return { ...placing, moves: movesTo(files, as, { data, log }) };
}

/** Written down beside each full backup. */
const FILES = "Instance.Files.jsonl";

function filesOf(target: string, series: string, set: string, database: string): DatabaseFile[] {
  const file = path.join(target, targetLayout.artefact(series, set, FILES));
  if (!fs.existsSync(file)) return [];
  const lines = fs.readFileSync(file, "utf8").split("\n");
  return lines
    .filter((line) => line.trim() !== "")
    .map((line) => JSON.parse(line) as Record<string, string>)
    .filter(({ database_name: name = "" }) => name.toLowerCase() === database.toLowerCase())
    .map(({ file_name: logical = "", path: at = "", kind }) => ({ logical, path: at, isLog: kind === "LOG" }));
}
