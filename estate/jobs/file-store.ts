import { z } from "zod";
import { Fqdn, Hours, UncPath, type Job, type Schedule, type StepInput } from "../documents";
import { minutesOf, minutesUntil } from "../schedules/day";
import { backupJob, checkedInputs, type Covered, type JobDeclaration, type Problem } from "./declaration";

/** Open and locked while a meeting goes on: no copy of it is of any use, and none can be made. */
export const NEVER_COPIED = "Meeting.Active";

/** What a file store holds that is made again by itself. Microsoft asks for a copy of everything, so this is a choice. */
export const TRANSIENT_FOLDERS = [
  { folder: "CMSFileStore", because: "queues of the replication of the Central Management store" },
  { folder: "ABFiles", because: "address book files, made from the directory again every night" },
  { folder: "*-BackupService-*", because: "what the Backup Service is carrying to and from the partner pool" },
] as const;

/** Where applications keep the files that no export holds; the numbers are those of the pool's service. */
const MUSIC = ["1-ApplicationServer-1", "AppServerFiles", "CPS"];
const ANNOUNCEMENTS = ["1-ApplicationServer-1", "AppServerFiles", "RGS", "AS"];

const FolderPattern = z
  .string()
  .max(255)
  .regex(/^[^<>:"/\\|?\p{Cc}\p{Cs}]+$/u, "expected the name of a folder, in which * stands for any characters")
  .refine((pattern) => /[^*. ]/.test(pattern), "would leave out everything");
const pools = z.array(Fqdn).max(100).default([]);

export const fileStoreShape = {
  store: UncPath.describe("The share of the file store, as the topology names it"),
  callParkPools: pools.describe("Pools with Call Park whose music on hold lies in this store"),
  announcementPools: pools.describe("Pools with announcements whose audio lies in this store"),
  excludeFolders: z
    .array(FolderPattern)
    .max(100)
    .default(TRANSIENT_FOLDERS.map(({ folder }) => folder))
    .describe("Folders that are left out, by name, at any depth; the default is what is made again by itself"),
  fullEveryDays: z
    .int()
    .min(1)
    .max(366)
    .default(30)
    .describe("A set takes every file anew this often; between, it names the sets that hold what has not changed"),
  mirror: z
    .boolean()
    .default(false)
    .describe("Also a working copy beside the sets, for restores by hand; it is no set"),
  backupMode: z.boolean().default(false).describe("Past permissions: the account must be in Backup Operators"),
  security: z
    .boolean()
    .default(false)
    .describe("The access control lists too, where the target is on the host itself; Lync sets them again by itself"),
  retries: z.int().min(0).max(100).default(2).describe("Of a file that is in use"),
  waitSeconds: z.int().min(0).max(600).default(5).describe("Between two tries"),
  threads: z.int().min(1).max(128).optional().describe("At the same time; 8, or 1 where the bandwidth is limited"),
  megabitsPerSecond: z.number().positive().max(1_000_000).optional().describe("No faster than this"),
  hours: Hours.optional().describe(
    "Copies at these times of day only: outside of them it waits, until the time limit of the run is over",
  ),
};

type Own = z.output<z.ZodObject<typeof fileStoreShape>>;
export type FileStoreCopy = JobDeclaration & z.input<z.ZodObject<typeof fileStoreShape>>;

export function fileStoreRules(declared: Own & Pick<JobDeclaration, "placement">, problem: Problem): void {
  const { placement, callParkPools, announcementPools, excludeFolders, threads = 1, megabitsPerSecond } = declared;
  if (megabitsPerSecond !== undefined && threads > 1) {
    problem(["threads"], "robocopy limits the bandwidth of a single thread only");
  }
  if (placement.length > 1) {
    problem(["hosts"], "names several, and nothing tells them which one copies: place it on one");
  }
  for (const [key, list] of Object.entries({ callParkPools, announcementPools })) {
    for (const [index, pool] of list.entries()) {
      if (list.indexOf(pool) < index) problem([key, index], "is named twice");
    }
  }
  const covered = [...(callParkPools.length > 0 ? MUSIC : []), ...(announcementPools.length > 0 ? ANNOUNCEMENTS : [])];
  for (const [index, pattern] of excludeFolders.entries()) {
    const hidden = covered.find((folder) => matches(pattern, folder));
    if (hidden === undefined) continue;
    problem(["excludeFolders", index], `leaves out ${hidden}, and what it is to cover lies there`);
  }
}

/** A start from which the hours are farther than the run may take copies nothing, however often it comes. */
export function hoursRules(
  declared: Pick<Own, "hours"> & Pick<JobDeclaration, "timeLimitMinutes"> & { schedule: Schedule },
  problem: Problem,
): void {
  const { hours, schedule, timeLimitMinutes } = declared;
  if (!hours || !("at" in schedule)) return;
  const inVain = schedule.at.find((at) => minutesUntil(hours, minutesOf(at)) >= timeLimitMinutes);
  if (inVain === undefined) return;
  const minutes = minutesUntil(hours, minutesOf(inVain));
  problem(
    ["hours"],
    `begin ${String(minutes)} minutes after the start at ${inVain}, and by then the run has ended: its timeLimitMinutes are ${String(timeLimitMinutes)}`,
  );
}

/** A share asks for more than a target gives its writers before it lets anybody write who may do what. */
export function securityRules(
  { security, target }: Pick<Own, "security"> & Pick<JobDeclaration, "target">,
  problem: Problem,
): void {
  if (!security || !target.path.startsWith("\\\\")) return;
  const { host } = target;
  problem(
    ["security"],
    `takes full control of ${target.path}, and a BackupTarget gives its writers change: place the job on ${host} itself with the local path of the target, or leave it, because Enable-CsTopology sets the rights on a restored store`,
  );
}

/** As robocopy compares names: without regard to case, `*` for any characters. Any number is as good as another. */
function matches(pattern: string, name: string): boolean {
  const parts = pattern
    .replace(/\d+/g, "1")
    .split(/\*+/)
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join(".*")}$`, "isu").test(name);
}

/** The listing is of the whole store, and so also of what the applications of these pools keep in it. */
export function fileStoreCovers(declared: Pick<Own, "store" | "callParkPools" | "announcementPools">): Covered[] {
  const { store, callParkPools, announcementPools } = declared;
  return [
    { datum: "file-store", scope: { of: "store", path: store } },
    ...callParkPools.map((pool): Covered => ({ datum: "call-park-music", scope: { of: "pool", pool } })),
    ...announcementPools.map((pool): Covered => ({ datum: "announcement-audio", scope: { of: "pool", pool } })),
  ];
}

/**
 * The files of a file store that are new or have changed since the last set, and a listing of all of them that names
 * the set which holds each. It needs no cmdlet of Lync's, so that it can run on the file server itself.
 */
export function fileStoreJob(declared: FileStoreCopy): Job {
  const own = checkedInputs(fileStoreShape, declared, fileStoreRules);
  const { store, excludeFolders } = own;
  const excluded = { excludeFiles: [NEVER_COPIED], excludeFolders };
  const { backupMode, security, retries, waitSeconds, megabitsPerSecond, hours } = own;
  const limited = { ...(megabitsPerSecond === undefined ? {} : { megabitsPerSecond }), ...(hours ? { hours } : {}) };
  const threads = own.threads ?? (megabitsPerSecond === undefined ? 8 : 1);
  const options = { ...excluded, backupMode, security, retries, waitSeconds, threads, ...limited };
  const listing = { $work: "listing.jsonl" };
  const mirror: StepInput = {
    kind: "robocopy",
    id: "mirror",
    title: "Bring the working copy up to date",
    source: store,
    destination: { $mirror: "files" },
    ...options,
    mirror: true,
  };
  return backupJob(declared, {
    title: `File store ${store}`,
    setKind: "incremental",
    steps: [
      {
        kind: "inventory",
        id: "files",
        title: "List the store and compare it with the last set",
        root: store,
        ...excluded,
        backupMode,
        fullEveryDays: own.fullEveryDays,
        listing,
        produces: [
          {
            file: listing,
            datum: "file-store",
            scope: { of: "store", path: store },
            format: "jsonl",
            atLeastBytes: 0,
            covers: fileStoreCovers(own),
            facts: { files: { $ref: "files.files" }, bytes: { $ref: "files.bytes" }, full: { $ref: "files.full" } },
          },
        ],
      },
      {
        kind: "robocopy",
        id: "copy",
        title: "Copy what is new or has changed",
        // Without a name robocopy takes the whole tree.
        when: { value: { $ref: "files.changed.count" }, is: "none-of", of: [0] },
        source: store,
        destination: { $set: "files" },
        files: { $ref: "files.changed" },
        ...options,
      },
    ],
    hash: { completes: "files" },
    seal: {
      facts: { files: { $ref: "files.files" }, changed: { $ref: "files.changed.count" } },
      needs: [{ $ref: "files.needs" }],
    },
    afterwards: own.mirror ? [mirror] : [],
  });
}
