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

export type SideKind = "verified" | "carried" | "drilled" | "accepted";

/** Below the top of a target. Forward slashes; a Windows host turns them round. */
export const targetLayout = {
  mark: "target.json",
  job: (job: string): string => `jobs/${job}`,
  sets: (job: string): string => `jobs/${job}/sets`,
  set: (job: string, set: string): string => `jobs/${job}/sets/${set}`,
  artefact: (job: string, set: string, path: string): string => `jobs/${job}/sets/${set}/${path}`,
  manifest: (job: string, set: string): string => `jobs/${job}/sets/${set}/${MANIFEST}`,
  /** Beside the sets, not in them: a sealed folder never changes. */
  side: (job: string, set: string, kind: Exclude<SideKind, "accepted">): string =>
    `jobs/${job}/side/${set}.${kind}.json`,
  accepted: (job: string): string => `jobs/${job}/side/accepted.json`,
};
export const MANIFEST = "manifest.json";

/** Below the product's data folder on a host, `%ProgramData%\LyncBackup`. */
export const hostLayout = {
  data: String.raw`C:\ProgramData\LyncBackup`,
  agent: String.raw`C:\Program Files\LyncBackup`,
  agentMark: "agent.json",
  job: (job: string): string => `jobs/${job}.json`,
  targetNote: (target: string): string => `targets/${target}.json`,
  runs: (job: string): string => `runs/${job}`,
  run: (job: string, run: string): string => `runs/${job}/${run}.json`,
  /** A fresh folder per run: exports refuse to overwrite. */
  work: (run: string): string => `work/${run}`,
  lock: (job: string): string => `locks/${job}.lock`,
  inbox: "inbox",
};

/** Below the prefix of a bucket; content is shared within one job only. */
export const bucketLayout = {
  readme: "README.md",
  set: (job: string, set: string): string => `jobs/${job}/sets/${set}/`,
  manifest: (job: string, set: string): string => `jobs/${job}/sets/${set}/${MANIFEST}`,
  contents: (job: string, set: string): string => `jobs/${job}/sets/${set}/contents.json`,
  side: (job: string, set: string, kind: "verified" | "drilled"): string => `jobs/${job}/side/${set}.${kind}.json`,
  /** `turn` grows when content must be sent again under a new key, because a prune has marked the old one. */
  data: (job: string, sha256: string, turn: number): string => `jobs/${job}/data/${sha256}.${String(turn)}`,
  pack: (job: string, sha256: string, turn: number): string => `jobs/${job}/packs/${sha256}.${String(turn)}.zip`,
  pruneMark: (job: string, object: string): string => `jobs/${job}/marks/${object}`,
};

/** `20260301T020000Z-0a1b2c3d`: sorts by time, in 24 hours, and never collides. */
export function runId(startedAt: string, token: string): string {
  return RunId.parse(`${startedAt.slice(0, 19).replaceAll(/[-:]/g, "")}Z-${token}`);
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
