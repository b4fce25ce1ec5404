import {
  Accepted,
  hostLayout,
  ownerText,
  taskAction,
  TargetMark,
  targetLayout,
  type AgentJobDeclaration,
  type Change,
  type ChangeAction,
  type Job,
  type Owner,
  type SchedulerTask,
} from "../estate/documents";
import { HostError } from "../hosts/host";
import { agentMark, productFile, removeAgent, sha256, strangersTo, writeAgent } from "./agent";
import { agentJobOwner, agentNote, makeAgentJob, removeAgentJob, setWatch, startAgentJob } from "./agent-jobs";
import { ADMINISTRATORS, findAccount, sidOf, SYSTEM } from "./directory";
import { refused } from "./error";
import { volumeOf } from "./files";
import { below, folderKey, samePath } from "./paths";
import { liveRun } from "./runs";
import { isPlacedOn, jobFile, jobIn, jobNames, parseJob, targetMark, targetNote, type TargetNote } from "./state";
import { own, type Computer, type World } from "./world";

/** Makes one change. All refusals come before anything is touched, and a second time finds nothing to do. */
export function applyChange(world: World, fqdn: string, change: Change): void {
  const computer = world.computer(fqdn);
  const { action } = change;
  switch (action.kind) {
    case "set-agent":
      return setAgent(world, computer, change, action);
    case "remove-agent":
      return unsetAgent(world, computer, change);
    case "set-job":
      return setJob(world, computer, change, action);
    case "remove-job":
      return removeJob(world, computer, change, action.name);
    case "set-target":
      return setTarget(world, computer, change, action.target);
    case "remove-target":
      return removeTarget(world, computer, change, action.name);
    case "accept-size":
      return acceptSize(world, computer, action);
  }
}

type Action<K extends ChangeAction["kind"]> = Extract<ChangeAction, { kind: K }>;

const same = (a: Owner | null | undefined, b: Owner): boolean =>
  a !== null && a !== undefined && ownerText(a) === ownerText(b);

/** What bears another mark, or none, stays as it is, unless it is to be adopted. */
function mustBeOurs(computer: Computer, { owner, adopt }: Change, what: string, found: Owner | null | undefined): void {
  if (adopt || same(found, owner)) return;
  const whose = found ? `belongs to ${ownerText(found)}` : "bears nobody's mark";
  throw new HostError(
    "foreign",
    computer.fqdn,
    `${what} is there already and ${whose}, not to ${ownerText(owner)}.`,
    "Declare adopt: true to take it over, or choose another name.",
  );
}

function mustBeKnown(world: World, computer: Computer, accounts: readonly string[]): void {
  const unknown = accounts.filter((account) => sidOf(world.directory, account) === null);
  if (unknown.length === 0) return;
  const advice = "Correct the name, or create it in the directory.";
  throw refused(computer.fqdn, `the directory knows no account ${unknown.join(", ")}.`, advice);
}

function setAgent(world: World, computer: Computer, change: Change, { agent }: Action<"set-agent">): void {
  const found = agentMark(world, computer.fqdn);
  if (found) mustBeOurs(computer, change, "the module", found.owner);
  else if (strangersTo(world, computer.fqdn, agent).length > 0) {
    mustBeOurs(computer, change, `the folder ${hostLayout.agent}`, null);
  }
  const broken = agent.files.find((file) => sha256(Buffer.from(file.base64, "base64")) !== file.sha256);
  if (broken) throw refused(computer.fqdn, `${broken.path} arrived with another hash than was sent.`, "Try again.");
  writeAgent(world, computer.fqdn, change.owner, agent);
}

function unsetAgent(world: World, computer: Computer, change: Change): void {
  const found = agentMark(world, computer.fqdn);
  // What bears no mark is nothing that we would have to remove.
  if (!found) return;
  mustBeOurs(computer, change, "the module", found.owner);
  const jobs = jobNames(world, computer.fqdn);
  if (jobs.length > 0) {
    throw refused(computer.fqdn, `the module is still needed by the jobs ${jobs.join(", ")}.`, "Remove these first.");
  }
  removeAgent(world, computer.fqdn);
}

function setJob(world: World, computer: Computer, change: Change, action: Action<"set-job">): void {
  const { name } = action;
  const bytes = Buffer.from(action.base64, "base64");
  if (!agentMark(world, computer.fqdn)) {
    throw refused(
      computer.fqdn,
      `the module is not installed, so ${name} could not run.`,
      "Declare a HostAgent for it.",
    );
  }
  if (sha256(bytes) !== action.sha256) {
    throw refused(computer.fqdn, `the document of ${name} arrived with another hash than was sent.`, "Try again.");
  }
  const job = parseJob(bytes.toString("utf8"));
  if (!job)
    throw refused(computer.fqdn, `the document of ${name} is no job document of this release.`, "Update the module.");
  if (!isPlacedOn(job, name, computer.fqdn)) {
    throw refused(
      computer.fqdn,
      `the document of ${name} is that of ${job.name}, or of other hosts.`,
      "Place it here.",
    );
  }
  mustBeKnown(world, computer, [job.account]);
  if (action.task.by === "task-scheduler") mustLogOn(world, computer, job, action.task);
  jobMustBeOurs(world, computer, change, name);
  if (action.task.by === "sql-agent") agentJobMustBeOurs(world, computer, change, name, action.task);
  world.disk.write(productFile(computer.fqdn, hostLayout.job(name)), bytes);
  setWatch(world, computer.fqdn, name, action.watch);
  if (action.task.by === "task-scheduler") {
    removeAgentJob(world, computer.fqdn, name);
    setTask(world, computer, change, job, action.task, action.startNow === true);
    return;
  }
  const isNew = agentJobOwner(world, computer.fqdn, action.task) === undefined;
  makeAgentJob(world, computer.fqdn, name, action.task);
  Reflect.deleteProperty(computer.tasks, name);
  if (action.startNow === true && isNew) startAgentJob(world, computer.fqdn, action.task);
}

function mustLogOn(world: World, { fqdn }: Computer, job: Job, task: SchedulerTask): void {
  const account = findAccount(world.directory, job.account);
  if (task.logon !== "managed" || (account?.installedOn?.includes(fqdn) ?? false)) return;
  const advice = "Run Install-ADServiceAccount there, or declare an account that is installed.";
  throw refused(fqdn, `${job.account} is not installed on this computer as a managed account.`, advice);
}

function setTask(
  world: World,
  computer: Computer,
  { owner }: Change,
  job: Job,
  { by: _by, ...declared }: SchedulerTask,
  startNow: boolean,
): void {
  const { name } = job;
  const account = findAccount(world.directory, job.account);
  const before = own(computer.tasks, name);
  const now = world.clock.now;
  const timing = before && JSON.stringify(before.triggers) === JSON.stringify(declared.triggers) ? before : undefined;
  computer.tasks[name] = {
    name,
    owner,
    account: { name: account?.name ?? job.account, sid: account?.sid ?? null },
    ...declared,
    highestRights: true,
    oneAtATime: true,
    timeLimitMinutes: job.timeLimitMinutes,
    action: taskAction(name),
    lastRunAt: before?.lastRunAt ?? null,
    lastResult: before?.lastResult ?? null,
    since: timing?.since ?? now,
    ...(startNow && !before ? { makesUpAt: now } : {}),
    considered: now,
  };
}

/** A job is a document and a task: what one of them says of its owner, the other need not. */
function jobMustBeOurs(world: World, computer: Computer, change: Change, name: string): void {
  const file = jobFile(world, computer.fqdn, name);
  const task = own(computer.tasks, name);
  const documented = file?.derive(jobIn)?.owner;
  if (!file && !task) return;
  mustBeOurs(computer, change, `the job ${name}`, documented ?? task?.owner);
  if (task?.owner && !same(task.owner, change.owner)) mustBeOurs(computer, change, `the task ${name}`, task.owner);
}

/** What the host has a note of is ours, whatever a colleague has written into its description. */
function agentJobMustBeOurs(
  world: World,
  computer: Computer,
  change: Change,
  name: string,
  task: AgentJobDeclaration,
): void {
  const found = agentJobOwner(world, computer.fqdn, task);
  if (found === undefined) return;
  if (found === null && agentNote(world, computer.fqdn, name)?.instance === task.instance) return;
  mustBeOurs(computer, change, `the job ${name} of SQL Server Agent on ${task.instance}`, found);
}

function removeJob(world: World, computer: Computer, change: Change, name: string): void {
  jobMustBeOurs(world, computer, change, name);
  const run = liveRun(world, computer.fqdn, name);
  if (run !== undefined) {
    throw new HostError(
      "busy",
      computer.fqdn,
      `the run ${run} of ${name} has not ended.`,
      "Wait for it, or cancel it.",
    );
  }
  // Neither sets nor result files: what was done stays known.
  removeAgentJob(world, computer.fqdn, name);
  setWatch(world, computer.fqdn, name, undefined);
  world.disk.remove(productFile(computer.fqdn, hostLayout.job(name)));
  Reflect.deleteProperty(computer.tasks, name);
}

function setTarget(world: World, computer: Computer, change: Change, target: Action<"set-target">["target"]): void {
  const { fqdn } = computer;
  const { path, share, writers, readers } = target;
  if (!volumeOf(computer, path)) {
    throw refused(computer.fqdn, `there is no volume ${path.slice(0, 2)}.`, "Choose a path on a volume that is there.");
  }
  mustBeKnown(world, computer, [...writers, ...readers]);
  const entry = (right: "change" | "read") => (account: string) => ({
    account,
    sid: sidOf(world.directory, account),
    right,
  });
  const access = [ADMINISTRATORS, SYSTEM, ...writers.map(entry("change")), ...readers.map(entry("read"))];
  const wanted = share === undefined ? undefined : { name: share, path, access };
  const folder = { host: fqdn, local: path };
  const mark = targetMark(world, fqdn, path);
  const note = targetNote(world, fqdn, target.name);
  if (note) mustBeOurs(computer, change, `the target ${target.name}`, note.owner);
  const noted = note !== undefined && samePath(note.declaration.path, path);
  if (mark || (world.disk.names(folder).length > 0 && !noted))
    mustBeOurs(computer, change, `the folder ${path}`, mark?.owner);
  for (const found of Object.values(computer.shares)) {
    const name = found.name.toLowerCase();
    const inTheWay = samePath(found.path, path) || name === share?.toLowerCase();
    const ours = noted && (samePath(found.path, path) || name === note.declaration.share?.toLowerCase());
    if (!inTheWay || ours || JSON.stringify(found) === JSON.stringify(wanted)) continue;
    mustBeOurs(computer, change, `the share ${found.name} of ${found.path}`, null);
  }

  const kept = same(mark?.owner, change.owner) ? mark?.madeAt : undefined;
  const newMark = TargetMark.make({ owner: change.owner, madeAt: kept ?? world.clock.now, declaration: target });
  world.disk.write(below(folder, targetLayout.mark), TargetMark.write(newMark));
  const newNote: TargetNote = { owner: change.owner, declaration: target };
  world.disk.write(productFile(fqdn, hostLayout.targetNote(target.name)), JSON.stringify(newNote, null, 2));
  computer.access[folderKey(path)] = access;
  removeSharesOf(computer, path);
  if (wanted) computer.shares[wanted.name.toLowerCase()] = wanted;
}

function removeSharesOf(computer: Computer, path: string): void {
  for (const [key, share] of Object.entries(computer.shares)) {
    if (samePath(share.path, path)) Reflect.deleteProperty(computer.shares, key);
  }
}

/** The share goes, and the rights, and the note. The folder stays, with its mark and its sets. */
function removeTarget(world: World, computer: Computer, change: Change, name: string): void {
  const note = targetNote(world, computer.fqdn, name);
  if (!note) return;
  mustBeOurs(computer, change, `the target ${name}`, note.owner);
  const { path } = note.declaration;
  // What a colleague shares from elsewhere under its name is not ours to remove.
  removeSharesOf(computer, path);
  Reflect.deleteProperty(computer.access, folderKey(path));
  world.disk.remove(productFile(computer.fqdn, hostLayout.targetNote(name)));
}

/** An operator's word, whoever declared the target: it stands beside the sets, after those given before. */
function acceptSize(world: World, { fqdn }: Computer, action: Action<"accept-size">): void {
  const { target, series, path, bytes, by, reason } = action;
  const note = targetNote(world, fqdn, target);
  if (!note) throw refused(fqdn, `there is no target ${target} on this computer.`, "Name the host that has it.");
  const folder = { host: fqdn, local: note.declaration.path };
  if (world.disk.names(below(folder, targetLayout.sets(series))).length === 0) {
    throw refused(fqdn, `the target ${target} has no sets of ${series}.`, "Name a job that has made some there.");
  }
  const file = below(folder, targetLayout.accepted(series));
  const text = world.disk.text(file);
  const before = text === undefined ? [] : Accepted.parse(text).artefacts;
  const accepted = { path, bytes, by, at: world.clock.now, reason };
  world.disk.write(file, Accepted.write(Accepted.make({ series, artefacts: [...before, accepted] })));
}
