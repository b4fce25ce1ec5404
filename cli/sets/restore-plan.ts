import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { scopeKey, targetLayout, Verified, type Manifest } from "../../estate/documents";
import {
  movesTo,
  NEWEST,
  planRestore,
  restoreCalls,
  scriptOf,
  type Chain,
  type DatabaseFile,
  type FileProblem,
  type KeptSet,
  type Placing,
} from "../../estate/restore";
import { readSealed, seriesOn, setsOn } from "../../offsite/sets/target";
import { answer, CliError, print, printJson, sizeText, table } from "../output";

export interface RestorePlanCommand {
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
  script?: boolean;
  json?: boolean;
}

/** Says which backups bring a database back to a moment, in which order, or what stands in the way. */
export async function showRestorePlan(command: RestorePlanCommand): Promise<void> {
  const { target, database, at = NEWEST } = command;
  if (at !== NEWEST && Number.isNaN(Date.parse(at))) {
    throw new CliError(`--at ${at} is no moment: expected one in UTC such as 2026-03-01T02:00:00Z, or ${NEWEST}`, 2);
  }
  const to = at === NEWEST ? at : new Date(at).toISOString();
  const sets = setsOf(target, database);
  const instance = command.instance?.toLowerCase() ?? onlyInstance(sets, database, target);
  const onto = {
    instance: "the server that restores",
    ...(command.serverVersion === undefined ? {} : { version: command.serverVersion }),
    ...(command.as === undefined ? {} : { as: command.as }),
  };
  const plan = (): ReturnType<typeof planRestore> => planRestore({ sets, instance, database, to, onto });
  let found = plan();
  // Only what is needed is read to its end; what turns out damaged is gone round, if there is a way.
  while (found.chain && (await findDamage(target, sets, found.chain))) found = plan();
  if (!found.chain) {
    if (command.json === true) printJson({ refused: found.refused });
    const { message, instead } = found.refused;
    const advice = instead === undefined ? "" : ` The sets do bring it to ${instead}.`;
    throw new CliError(`${message}${advice}`);
  }
  const { chain } = found;
  const placing = placingOf(command, chain, sets);
  if (command.script === true) {
    print(scriptOf(chain, placing));
    return;
  }
  answer(command, reportOf(chain, placing, instance, database), () => wordsOf(chain, placing, sets));
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
function placingOf(command: RestorePlanCommand, chain: Chain, sets: readonly KeptSet[]): Placing {
  const { target, database, as = database, reach = target, data, log = data, replace = false } = command;
  const placing = { database: as, target: reach.replaceAll("/", "\\"), replaces: replace };
  if (data === undefined || log === undefined) {
    if (as.toLowerCase() === database.toLowerCase()) return placing;
    throw new CliError(`Under the name ${as} the files of ${database} must go elsewhere: say where with --data`, 2);
  }
  const [full] = chain.links;
  const files = filesOf(target, full.series, full.set, database);
  if (files.length === 0) {
    const known = sets.some(({ manifest }) => manifest.set === full.set);
    throw new CliError(
      `The set ${full.set} does not tell which files ${database} has${known ? ", because its account could not see them" : ""}: run RESTORE FILELISTONLY on its backup, and restore by hand.`,
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

function reportOf(chain: Chain, placing: Placing, instance: string, database: string) {
  return {
    of: scopeKey({ of: "database", instance, database }),
    as: placing.database,
    at: chain.at,
    ...(chain.stop === undefined ? {} : { stop: chain.stop }),
    notes: chain.notes,
    steps: restoreCalls(chain, placing).map(({ title, link, call }) => ({
      title,
      ...(link ? { kind: link.kind, series: link.series, set: link.set, files: link.files } : {}),
      statement: call.statement,
      parameters: call.parameters,
    })),
  };
}

function wordsOf(chain: Chain, placing: Placing, sets: readonly KeptSet[]): string {
  const rows = chain.links.map(({ kind, set, files, at }, index) => {
    const artefacts = sets.find(({ manifest }) => manifest.set === set)?.manifest.artefacts ?? [];
    const bytes = artefacts.reduce((sum, one) => sum + (files.includes(one.path) ? one.bytes : 0), 0);
    return [
      String(index + 1),
      kind,
      set,
      files.join(", "),
      `${new Date(at).toISOString().slice(0, 19)}Z`,
      sizeText(bytes),
    ];
  });
  const stop = chain.stop === undefined ? "" : `, no further than ${chain.stop} by the clock of its server`;
  return [
    `${placing.database} as of ${chain.at}: ${String(rows.length)} backups in this order${stop}`,
    "",
    table(["", "kind", "set", "files", "finished", "size"], rows),
    ...(chain.notes.length === 0 ? [] : ["", ...chain.notes]),
    "",
    "The statements, with --script; nothing was asked of any server.",
  ].join("\n");
}
