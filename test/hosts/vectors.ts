import { Job, type Run, type StepInput } from "../../estate/documents";
import { fileStoreJob, type FileStoreCopy } from "../../estate/jobs";
import { advance, changeGroup, editFolderAccess } from "../../lab/commands";
import { BACKUP_OPERATORS } from "../../lab/directory";
import { BACKUP, BK01, configuration, FE01, TARGET } from "../lab/fixture";
import { declared, look, STORE } from "../lab/jobs/support";

/**
 * What both interpreters must make the same of: documents that are run once, answers of a person, and histories of a
 * series. What the lab makes of each stands beside it, so that a vector which proves nothing is noticed without
 * PowerShell too.
 */

interface Vector {
  steps: readonly StepInput[];
  outcome: Run["outcome"];
  /** Of the error, where it fails. */
  code?: string;
}

const guard = (id: string, more: Partial<StepInput> = {}): StepInput =>
  ({
    ...{ kind: "guard", id, title: id, condition: { value: 1, is: "present" }, otherwise: "fail", because: "it must" },
    ...more,
  }) as StepInput;
const POOLS = { kind: "cmdlet" as const, cmdlet: "Get-CsPool", parameters: {}, select: ["Identity"] };
export const CALL = { ...POOLS, id: "call", title: "Call" };
const NOWHERE = String.raw`\\bk01.contoso.com\lyncbackup$\nowhere`;
const NO_SET = "20260101T000000Z-00000000";

export const DOCUMENTS: Readonly<Record<string, Vector>> = {
  "a guard that holds": { steps: [guard("a")], outcome: "succeeded" },
  "a guard that stands down": {
    steps: [
      guard("a", { condition: { value: "", is: "present" }, otherwise: "stand-down", because: "another" } as object),
      guard("b"),
      guard("tidy", { runs: "always" }),
    ],
    outcome: "stood-down",
  },
  "a cmdlet with its items": {
    steps: [CALL, guard("b", { condition: { value: { $ref: "call.items.*.Identity" }, is: "present" } } as object)],
    outcome: "succeeded",
  },
  "a cmdlet that does not exist": {
    steps: [{ ...CALL, cmdlet: "Get-CsNothing" }],
    outcome: "failed",
    code: "unknown-cmdlet",
  },
  "a parameter that does not exist": {
    steps: [{ ...CALL, parameters: { Nothing: "x" } }],
    outcome: "failed",
    code: "unknown-parameter",
  },
  "a loop whose failures are noted": {
    steps: [
      guard("a", {
        forEach: ["x", "y"],
        onFailure: "note",
        condition: { value: { $ref: "item" }, is: "one-of", of: ["x"] },
      } as object),
      guard("b"),
    ],
    outcome: "failed",
    code: "guard",
  },
  "a reference to nothing": {
    steps: [{ ...CALL, parameters: { Identity: { $ref: "host.pool" } } }],
    outcome: "failed",
    code: "empty-reference",
  },
  "a condition on a list": {
    steps: [
      CALL,
      guard("b", { condition: { value: { $ref: "call.items.*.Identity" }, is: "none-of", of: ["nowhere"] } } as object),
    ],
    outcome: "succeeded",
  },
  "a look at the computer": {
    steps: [{ kind: "observe", id: "o", title: "Look", what: "computer" }],
    outcome: "succeeded",
  },
  "a look at the token": {
    steps: [{ kind: "observe", id: "o", title: "Look", what: "token", against: "RTCUniversalServerAdmins" }],
    outcome: "succeeded",
  },
  "a question that nobody answers": {
    steps: [{ kind: "confirm", id: "c", title: "Sure", ask: "Go on?" }],
    outcome: "failed",
    code: "timed-out",
  },
  "a wait that is soon over": {
    steps: [
      { kind: "wait", id: "w", title: "Wait", look: POOLS, until: { value: { $ref: "w.items" }, is: "present" } },
    ],
    outcome: "succeeded",
  },
  "a wait whose look will fail the next time too": {
    steps: [{ kind: "wait", id: "w", title: "Wait", look: { ...POOLS, cmdlet: "Get-CsNothing" } }],
    outcome: "failed",
    code: "unknown-cmdlet",
  },
  "a wait that nothing can end within its time": {
    steps: [
      {
        ...{ kind: "wait", id: "w", title: "Wait", look: POOLS, until: { value: { $ref: "w.items" }, is: "empty" } },
        ...{ everySeconds: 3600, timeLimitMinutes: 30 },
      },
    ],
    outcome: "failed",
    code: "timed-out",
  },
  "services that stop and start": {
    steps: [
      { kind: "service", id: "stop", title: "Stop", action: "stop", computers: [FE01] },
      { kind: "service", id: "start", title: "Start", action: "start", computers: [FE01] },
    ],
    outcome: "succeeded",
  },
  "a folder that cannot be listed, because it is not there": {
    steps: [{ kind: "inventory", id: "i", title: "List", root: NOWHERE, listing: { $work: "l.jsonl" }, produces: [] }],
    outcome: "failed",
    code: "source-gone",
  },
  "a folder that cannot be copied, because it is not there": {
    steps: [{ kind: "robocopy", id: "r", title: "Copy", source: NOWHERE, destination: String.raw`C:\elsewhere` }],
    outcome: "failed",
    code: "source-gone",
  },
  "a set that is to be verified and is not there": {
    steps: [{ kind: "verify", id: "v", title: "Verify", set: NO_SET, level: "hashed" }],
    outcome: "failed",
    code: "no-set",
  },
  "a set that is to be put together and is not there": {
    steps: [{ kind: "assemble", id: "a", title: "Put together", set: NO_SET, destination: String.raw`C:\elsewhere` }],
    outcome: "failed",
    code: "no-set",
  },
};

export function oneOff(steps: readonly StepInput[]): Job {
  const { name: _name, steps: _steps, document: _document, version: _version, ...common } = configuration();
  return Job.make({ ...common, name: "one-off", purpose: "restore", steps: [...steps] });
}

/** Who is there. */
export const ME = String.raw`CONTOSO\me`;

/** A question, what is typed, and whether that confirms. */
export const ANSWERS: readonly { type?: string; typed: string; confirms: boolean }[] = [
  { typed: "yes", confirms: true },
  { typed: " Y ", confirms: true },
  { typed: "", confirms: false },
  { typed: "maybe", confirms: false },
  { typed: "yes, please", confirms: false },
  { type: "pool01", typed: "pool01", confirms: true },
  { type: "pool01", typed: "POOL01", confirms: false },
  { type: "pool01", typed: " pool01", confirms: false },
  { type: "pool01", typed: "pool01\u200b", confirms: false },
  { type: "pool01", typed: "yes", confirms: false },
];

export const question = (type: string | undefined): Job =>
  oneOff([{ kind: "confirm", id: "c", title: "Sure", ask: "Go on?", ...(type === undefined ? {} : { type }) }]);

/** Runs of one series, with what happens between them, and whether each of them takes all files. */
interface History {
  job: Job;
  before?: (folder: string) => Promise<unknown>;
  between: (folder: string) => Promise<unknown>;
  /** Of the second run; undefined: it fails. */
  full: boolean | undefined;
}

export const fileStore = (patch: Partial<FileStoreCopy> = {}): Job =>
  fileStoreJob({ ...declared("files"), store: STORE, ...patch });

const FS01 = "fs01.contoso.com";
const inStore = (file: string): { host: string; local: string } => ({
  host: FS01,
  local: `${String.raw`E:\lyncshare`}\\${file}`,
});
const inSets = (folder: string, file: string, change: (text: string) => string): Promise<void> =>
  look(folder, ({ disk }) => {
    const sets = { host: BK01, local: `${TARGET}\\series\\files\\sets` };
    for (const set of disk.names(sets)) {
      const place = { host: BK01, local: `${sets.local}\\${set}\\${file}` };
      disk.write(place, change(disk.text(place) ?? ""));
    }
  });
const change = (folder: string): Promise<void> =>
  look(folder, ({ disk }) => {
    disk.write(inStore("changed.txt"), "changed");
  });
const nothing = (): Promise<void> => Promise.resolve();
/** An administrator takes a folder of the store from everybody. */
const closed = (folder: string): Promise<void> => editFolderAccess(folder, FS01, String.raw`E:\lyncshare`, []);

export const HISTORIES: Readonly<Record<string, History>> = {
  "nothing has changed": { job: fileStore(), between: nothing, full: false },
  "a file was changed": { job: fileStore(), before: change, between: change, full: false },
  "the listing is not the one that was sealed": {
    job: fileStore(),
    between: (folder) => inSets(folder, "listing.jsonl", (text) => `${text}\n`),
    full: true,
  },
  "the listing is of another store": {
    job: fileStore(),
    between: (folder) =>
      inSets(folder, "manifest.json", (text) => text.replaceAll("fs01.contoso.com", "fs02.contoso.com")),
    full: true,
  },
  "it is time to take everything": {
    job: fileStore({ fullEveryDays: 1 }),
    between: (folder) => advance(folder, 24 * 60),
    full: true,
  },
  "a folder is closed": { job: fileStore(), between: closed, full: undefined },
  "a folder is closed, and the account may back up files": {
    job: fileStore({ backupMode: true }),
    before: (folder) => changeGroup(folder, BACKUP, BACKUP_OPERATORS, "add"),
    between: closed,
    full: false,
  },
  "the right to back up files is gone": {
    job: fileStore({ backupMode: true }),
    before: (folder) => changeGroup(folder, BACKUP, BACKUP_OPERATORS, "add"),
    between: (folder) => changeGroup(folder, BACKUP, BACKUP_OPERATORS, "remove"),
    full: undefined,
  },
};
