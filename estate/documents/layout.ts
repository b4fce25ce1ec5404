import { Instant, Name, Owner, RunId } from "./common";
import { defineDocument, type DocumentOf } from "./document";
import { TargetDeclaration } from "./state";

/** Where everything lies: on hosts, on targets, in buckets. Paths are built here and nowhere else. */

export const TargetMark = defineDocument({
  name: "target",
  version: 1,
  about: "`target.json` at the top of a target: whose it is and what was declared of it.",
  writer: "the host, when the target is set",
  readers: "host state, preflight, whoever finds the folder",
  shape: { owner: Owner, madeAt: Instant, declaration: TargetDeclaration },
});
export type TargetMark = DocumentOf<typeof TargetMark>;

/** Below the top of a target. Forward slashes; a Windows host turns them round. */
export const targetLayout = {
  mark: "target.json",
  allSeries: "series",
  sets: (series: string): string => `series/${series}/sets`,
  set: (series: string, set: string): string => `series/${series}/sets/${set}`,
  artefact: (series: string, set: string, path: string): string => `series/${series}/sets/${set}/${path}`,
  manifest: (series: string, set: string): string => `series/${series}/sets/${set}/${MANIFEST}`,
  /** Beside the sets, not in them: a sealed folder never changes. */
  side: (series: string): string => `series/${series}/side`,
  verified: (series: string, set: string): string => `series/${series}/side/${set}.verified.json`,
  carried: (series: string, set: string, copy: string): string => `series/${series}/side/${set}.carried.${copy}.json`,
  held: (series: string, set: string): string => `series/${series}/side/${set}.held.json`,
  accepted: (series: string): string => `series/${series}/side/accepted.json`,
  drilled: (series: string, at: string, scenario: string): string =>
    `series/${series}/drills/${compactTime(at)}.${scenario}.json`,
  mirror: (series: string): string => `series/${series}/mirror`,
};
export const MANIFEST = "manifest.json";
/** The artefact of a file store's set that lists the whole store; its files lie below FILES, by the same names. */
export const LISTING = "listing.jsonl";
export const FILES = "files";

/** Below the product's data folder on a host, `%ProgramData%\LyncBackup`. */
export const hostLayout = {
  data: String.raw`C:\ProgramData\LyncBackup`,
  agent: String.raw`C:\Program Files\LyncBackup`,
  agentMark: "agent.json",
  job: (job: string): string => `jobs/${job}.json`,
  /** Of a job that SQL Server Agent starts: where, and what asks for it. */
  agentJob: (job: string): string => `agent-jobs/${job}.json`,
  watch: (job: string): string => `watches/${job}.json`,
  targetNote: (target: string): string => `targets/${target}.json`,
  runs: (job: string): string => `runs/${job}`,
  run: (job: string, run: string): string => `runs/${job}/${run}.json`,
  /** A fresh folder per run: exports refuse to overwrite. */
  work: (run: string): string => `work/${run}`,
  lock: (job: string): string => `locks/${job}.lock`,
  /** Where lync-backup itself is on a computer that carries sets. */
  courier: "courier.json",
  /** Only the account that uses them may read these. */
  credentials: (name: string): string => `credentials/${name}.json`,
  inbox: "inbox",
};

/** Below the prefix of a bucket; content is shared within one series only, and no object is ever written twice. */
export const bucketLayout = {
  readme: "README.md",
  allSeries: "series/",
  series: (series: string): string => `series/${series}/`,
  sets: (series: string): string => `series/${series}/sets/`,
  side: (series: string): string => `series/${series}/side/`,
  marks: (series: string): string => `series/${series}/marks/`,
  manifest: (series: string, set: string): string => `series/${series}/sets/${set}/${MANIFEST}`,
  /** The highest turn counts; another one is written where an earlier one names what has gone since. */
  contents: (series: string, set: string, turn = 0): string =>
    `series/${series}/sets/${set}/contents${turn === 0 ? "" : `.${String(turn)}`}.jsonl`,
  verified: (series: string, set: string, at: string): string =>
    `series/${series}/side/${set}.verified.${compactTime(at)}.json`,
  /** `turn` grows when content must be sent again under a new key, because a prune has marked the old one. */
  data: (series: string, sha256: string, turn: number): string => `series/${series}/data/${sha256}.${String(turn)}`,
  pack: (series: string, sha256: string, turn: number): string =>
    `series/${series}/packs/${sha256}.${String(turn)}.zip`,
  pruneMark: (series: string, object: string, at: string): string =>
    `series/${series}/marks/${object.replaceAll("/", "_")}.${compactTime(at)}.json`,
};

/** `20260301T020000Z`: sorts by time, in 24 hours. */
export function compactTime(at: string): string {
  return `${at.slice(0, 19).replaceAll(/[-:]/g, "")}Z`;
}

/** `20260301T020000Z-0a1b2c3d`: sorts by time and never collides. */
export function runId(startedAt: string, token: string): string {
  return RunId.parse(`${compactTime(startedAt)}-${token}`);
}
export function startOfRun(run: string): string {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/.exec(RunId.parse(run)) ?? [];
  return `${String(year)}-${String(month)}-${String(day)}T${String(hour)}:${String(minute)}:${String(second)}.000Z`;
}

/** The scheduled task of a job runs this, and nothing else. */
export const taskFolder = String.raw`\LyncBackup`;
export function taskAction(job: string): { program: string; arguments: string } {
  const module = String.raw`${hostLayout.agent}\Start-LyncBackupJob.ps1`;
  return {
    program: "powershell.exe",
    arguments: `-NoProfile -NonInteractive -ExecutionPolicy RemoteSigned -File "${module}" -Name ${Name.parse(job)}`,
  };
}
