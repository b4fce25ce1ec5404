/** Everything an interpreter says, in one place, because a second one must say the same. */

const many = (count: number, what: string): string => `${String(count)} ${what}${count === 1 ? "" : "s"}`;

export const guardHolds = (title: string): string => `${title}: yes`;
export const skipped = (title: string): string => `${title}: skipped, its condition does not hold`;
export const calledCmdlet = (cmdlet: string, count: number): string =>
  count === 0 ? `${cmdlet} has run` : `${cmdlet} found ${many(count, "item")}`;
export const executedSql = (statement: string, instance: string, count: number): string =>
  `${instance} has executed ${statement}${count === 0 ? "" : `, which found ${many(count, "row")}`}`;
export const checked = (count: number): string => `${many(count, "artefact")} opened to the last byte`;
export const hashed = (count: number, bytes: number): string =>
  `${many(count, "artefact")} hashed, ${many(bytes, "byte")}`;
export const published = (count: number, target: string): string =>
  `${many(count, "artefact")} copied to ${target}, read back and compared`;
export const sealed = (set: string, count: number): string =>
  `the set ${set} is sealed, with ${many(count, "artefact")}`;
export const retained = (kept: number, removed: number): string =>
  `${many(kept, "set")} kept, ${many(removed, "set")} removed`;
export const forEach = (title: string, ok: number, all: number): string => `${title}: ${String(ok)} of ${String(all)}`;

export const noCourier = "This computer has no courier: carrying sets offsite needs lync-backup itself, with Node.js.";
export const noCourierAdvice =
  "Run it on a computer where lync-backup is installed, and note there where it is: lync-backup offsite install";
export const noCredentials = (name: string, host: string): string =>
  `${host} has no credentials by the name of ${name}.`;
export const noCredentialsAdvice =
  "Put them into its folder for credentials, for the account of the job alone to read.";
export const notAllOffsite = (problems: readonly string[]): string =>
  `Not everything is offsite as it should be: ${problems.join("; ")}`;
export const emptyReference = (reference: string): string => `Nothing was found at ${reference}.`;
export const notedBefore = (noted: readonly string[]): string =>
  `Nothing is kept of this run, because steps before have failed: ${joined(noted)}.`;
export const keptBefore = (kept: readonly string[]): string =>
  `Nothing old is removed, because steps before have failed: ${joined(kept)}.`;
/** Some messages are whole sentences. */
const joined = (failures: readonly string[]): string => failures.map((one) => one.replace(/\.+$/, "")).join("; ");
export const noBase = (what: string, series: string, full: boolean): string =>
  `The series ${series} holds no good ${full ? "full " : ""}backup of the ${what} that this one could build on.`;
export const noBaseAdvice = "Run the full backup of this series once.";
export const foundBase = (what: string, set: string): string => `the ${what} builds on the set ${set}`;

export const cancelled = (before: string): string => `The run was cancelled before this: ${before}.`;
export const stepTooLong = (title: string, minutes: number): string =>
  `${title}: it took longer than the ${many(minutes, "minute")} that the step may take.`;
export const runTooLong = (job: string, minutes: number): string =>
  `${job} took longer than the ${many(minutes, "minute")} that the job may take.`;
export const tooLongAdvice = "Look what it waited for, or declare a longer limit.";

export const madeTwice = (path: string): string => `Two artefacts of this run would be called ${path}.`;
export const noScope = (path: string, problems: readonly string[]): string =>
  `It is not known what ${path} belongs to: ${problems.join("; ")}.`;
export const notMade = (called: string, path: string): string =>
  `${called} reported no error, and yet there is no ${path}.`;
export const tooManyItems = (called: string, count: number): string =>
  `${called} found ${String(count)} items, more than a result holds; they must be saved to a file.`;
export const tooSmall = (path: string, bytes: number, least: number): string =>
  `${path} has ${many(bytes, "byte")}, and what is whole has at least ${String(least)}.`;
export const doesNotOpen = (path: string, format: string, reason: string): string =>
  `${path} cannot be read to its end as ${format}: ${reason}.`;
export const shrunk = (path: string, bytes: number, before: number, set: string): string =>
  `${path} has ${many(bytes, "byte")}; in the set ${set} it had ${String(before)}. So much does not vanish by itself.`;
export const shrunkAdvice = "Look what is missing. If it is right so, accept the new size; the next run then passes.";

export const targetGone = (path: string): string => `The target ${path} is not there.`;
export const targetGoneAdvice = "Run pulumi up, which makes it again; sets that were in it are lost here.";
export const tooFull = (path: string, free: number, need: number, keep: number): string =>
  `${path} has ${many(free, "byte")} free, too few for ${String(need)} more and ${String(keep)} that are to stay free.`;
export const tooFullAdvice = "Free some space there, or shorten the retention.";
export const copyDiffers = (path: string): string => `The copy of ${path} on the target reads back differently.`;
export const copyDiffersAdvice = "Check the disk and the network of the target.";
export const nothingMade = "No step has made an artefact, so there is nothing to seal.";
export const notHashed = (path: string): string => `${path} was not hashed, so it cannot be sealed.`;
export const missingFromSet = (path: string): string =>
  `${path} is not in the set as it was made, so it cannot be sealed.`;
export const needsMissing = (set: string): string =>
  `The set ${set} that this one needs is not there any more, so this one could not be restored.`;
export const needsMissingAdvice = "The next full backup starts a new chain.";
export const unreadableSets = (problems: readonly string[]): string =>
  `Nothing was removed, because it is not known what all sets need: ${problems.join("; ")}.`;
export const unreadableSetsAdvice = "Look at these files on the target; a set that is lost can be moved away.";
export const anotherSet = (series: string, set: string): string => `it is the manifest of ${series}/${set}`;
export const notSealed = "Nothing is removed, because this run has sealed no set.";

export const copied = (count: number, skipped: number): string =>
  `${many(count, "file")} copied, ${String(skipped)} skipped`;
export const copyFailed = (exitCode: number, why: string): string =>
  `robocopy ended with the code ${String(exitCode)}: ${why}.`;
export const copyFailedAdvice =
  "Files that are open are tried again by the next run; if it is the rights, look at the account.";
export const copyMissing = (path: string): string => `${path} was to be copied and is not there.`;
export const rootGone = (root: string): string => `The folder ${root} is not there.`;
export const rootGoneAdvice = "Look whether its computer and its share can be reached by the account of the job.";
export const listed = (files: number, changed: number): string =>
  `${many(files, "file")} listed, ${String(changed)} new or changed`;
export const listedAnew = (files: number): string => `${many(files, "file")} listed, all to be copied anew`;
export const notListed = (root: string, folder: string): string =>
  `Not all of ${root} can be listed: access to ${folder} is denied.`;
export const notListedAdvice =
  "Grant it the right to read there, or declare backupMode and make it a member of Backup Operators.";

export const waited = (title: string, looks: number): string => `${title}: after ${many(looks, "look")}`;
export const waitedInVain = (title: string, minutes: number): string =>
  `${title}: the condition did not hold within the ${many(minutes, "minute")} of the step.`;
export const servicesDone = (title: string, computers: number): string => `${title}: ${many(computers, "computer")}`;
export const serviceFailed = (service: string, computer: string, wanted: string): string =>
  `The service ${service} on ${computer} did not become ${wanted} in time.`;
export const confirmed = (title: string, by: string): string => `${title}: confirmed by ${by}`;
export const notConfirmed = (title: string): string => `${title}: what was typed is not what was asked for.`;
export const notAnswered = (title: string): string => `${title}: nobody has answered.`;
export const notAnsweredAdvice = "What asks a person is started by hand.";

export const verified = (set: string, level: string, artefacts: number): string =>
  `the set ${set} is ${level}: ${many(artefacts, "artefact")}`;
export const setDamaged = (set: string, failures: readonly { path: string; message: string }[]): string =>
  `The set ${set} is not as it was sealed: ${failures.map(({ path, message }) => `${path}: ${message.replace(/\.$/, "")}`).join("; ")}.`;
export const setDamagedAdvice = "Restore from another set, or fetch this one from offsite.";
export const missing = "it is not there";
export const otherSize = (bytes: number, sealed: number): string =>
  `it has ${many(bytes, "byte")}, and ${String(sealed)} were sealed`;
export const otherHash = "its bytes are not those that were sealed";
export const noSet = (set: string, series: string): string => `The series ${series} holds no set ${set}.`;
export const noSetAdvice = "Look which sets there are, or fetch it from offsite.";
export const nothingListed = (set: string): string => `The set ${set} is none of a file store: it has no listing.`;
export const notInSet = (path: string, set: string): string => `The listing of the set ${set} has nothing at ${path}.`;
export const assembled = (files: number, bytes: number, destination: string): string =>
  `${many(files, "file")} put back into ${destination}, ${many(bytes, "byte")}`;

export const observed = (what: string, path: string | undefined): string =>
  `looked at the ${what.replaceAll("-", " ")}${path === undefined ? "" : ` of ${path}`}`;
export const noPath = (what: string): string => `To look at ${what}, a path is needed.`;
export const noFolder = (path: string): string => `There is no folder ${path}.`;
export const noClock = (reference: string): string => `The clock of ${reference} cannot be asked.`;
