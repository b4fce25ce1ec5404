import { compare, follows, Ways } from "./chain";
import { isData, isFull, type Link } from "./links";

/** Why a database cannot be brought back as it was asked for: the exact break, and how far it can be brought instead. */

export type BreakCode =
  | "no-backup"
  | "missing-full"
  | "too-early"
  | "too-late"
  | "missing-file"
  | "damaged-file"
  | "missing-set"
  | "differential-base"
  | "log-gap"
  | "foreign-backup"
  | "recovery-model"
  | "recovery-path"
  | "newer-version"
  | "certificate"
  | "database-exists"
  | "system-database";

export interface Break {
  code: BreakCode;
  message: string;
  /** The set that is broken or cannot be reached. */
  set?: string;
  path?: string;
  /** The newest moment before the one that was asked for to which the sets do bring the database. */
  instead?: string;
}

/** A backup as msdb of the source has noted it, whoever made it. */
export interface Noted {
  backupSet: string;
  first: bigint;
  last: bigint;
  recovery: string;
  account: string;
  device: string;
}

interface Asked {
  instance: string;
  database: string;
  to: string;
  noted?: readonly Noted[];
}

const instant = (time: number): string => `${new Date(time).toISOString().slice(0, 19)}Z`;

/** Called where there is no way; `time` is the moment, or the end of the newest backup. */
export function breakOf(links: readonly Link[], asked: Asked, time = 0): Break {
  const { database, instance, noted = [] } = asked;
  const newest = links.at(-1);
  if (!newest) {
    return { code: "no-backup", message: `No set holds a backup of ${database} of ${instance}.` };
  }
  const usable = links.filter(({ problems }) => problems.length === 0);
  const instead = new Ways(usable, time).reached.findLast(({ at }) => at <= time);
  const found = whatBreaks(links, { database, time, isNewest: asked.to === "newest", newest, noted });
  return instead ? { ...found, instead: new Date(instead.at).toISOString() } : found;
}

interface Case {
  database: string;
  time: number;
  isNewest: boolean;
  newest: Link;
  noted: readonly Noted[];
}

function whatBreaks(links: readonly Link[], asked: Case): Break {
  const { database, time, isNewest, newest } = asked;
  const fulls = links.filter(isFull);
  const [firstFull] = fulls;
  if (!firstFull) {
    const needed = links.flatMap(({ needs }) => needs)[0];
    return {
      code: "missing-full",
      ...(needed === undefined ? {} : { set: needed }),
      message: `There is no full backup of ${database} among the sets${
        needed === undefined ? "" : `; the first of them was built on the set ${needed}`
      }. Without one, no differential and no log can be restored.`,
    };
  }
  if (!isNewest && time > newest.at) {
    return {
      code: "too-late",
      set: newest.set,
      message: `The newest backup of ${database} was finished at ${instant(newest.at)}, before ${instant(time)}. Back up the tail of the log first, if the server still has it; or restore the newest.`,
    };
  }
  if (time < firstFull.at) {
    return {
      code: "too-early",
      set: firstFull.set,
      message: `The first full backup of ${database} was finished at ${instant(firstFull.at)}, after ${instant(time)}: no set goes back that far.`,
    };
  }
  // As if every file were there: what is missing or damaged on that way is the break.
  const whole = isNewest ? new Ways(links).to(newest) : new Ways(links, time).at(time);
  const bad = whole?.find(({ problems }) => problems.length > 0);
  if (bad) return fileBreak(bad);
  return chainBreak(links, asked);
}

function fileBreak({ set, problems, kind }: Link): Break {
  const [problem] = problems;
  return {
    code: problem?.what === "damaged" ? "damaged-file" : "missing-file",
    set,
    ...(problem ? { path: problem.path } : {}),
    message: `The ${kind} backup in the set ${set} is needed, and its file ${problem?.path ?? ""} ${
      problem?.what === "damaged" ? "is damaged" : "is not there"
    }: ${problem?.message ?? ""}. Fetch the set from offsite, or go to a moment that does not need it.`,
  };
}

/** All files are as they were sealed, and still there is no way. */
function chainBreak(links: readonly Link[], asked: Case): Break {
  const { database, time, isNewest, newest } = asked;
  const ways = new Ways(links, isNewest ? Infinity : time);
  const goal = isNewest ? newest : links.find((link) => link.at === time && link.kind === "differential");
  if (goal?.kind === "differential") return baseBreak(goal, asked);
  // The furthest that the logs go, or would go: from there the next log cannot be reached.
  const from = ways.reached.findLast(({ at }) => at <= time);
  // A log that could follow, and does not tell what was there meanwhile.
  const crossing = from && links.find((link) => !isData(link) && link.at > time && follows(link, from));
  if (crossing) return pathBreak(crossing, time);
  const later = links.filter((link) => !isData(link) && link.at > (from?.at ?? 0) && !(from && follows(link, from)));
  const next = later.toSorted((a, b) => compare(a.first, b.first) || a.at - b.at)[0];
  if (!from || !next) {
    return {
      code: "recovery-model",
      ...(from ? { set: from.set } : {}),
      message: `No log of ${database} reaches ${instant(time)}${
        from ? `; after ${instant(from.at)} no log was backed up, as under simple recovery` : ""
      }. Only the moments of the full and differential backups can be restored.`,
    };
  }
  const needed = next.needs.find((set) => !links.some((link) => link.set === set));
  if (next.first <= from.last) return pathBreak(next, time);
  return gapBreak(from, next, needed, asked);
}

function baseBreak({ set, base, needs }: Link, { noted, database }: Case): Break {
  const foreign = noted.find(({ backupSet }) => backupSet === base);
  const [need] = needs;
  return {
    code: foreign ? "foreign-backup" : "differential-base",
    set,
    message: `The differential backup of ${database} in the set ${set} builds on the full backup ${String(base)}, which is in no set${
      foreign
        ? `: ${foreign.account} has made it, into ${foreign.device}`
        : need === undefined
          ? ""
          : `; it should be in the set ${need}`
    }.`,
  };
}

const pathBreak = ({ set, at }: Link, time: number): Break => ({
  code: "recovery-path",
  set,
  message: `Between the backups before ${instant(time)} and the log in the set ${set} the database was itself restored, so that log lies on another recovery path. What it held at ${instant(time)} is in no set; at ${instant(at)}, or at a later full backup, it may be.`,
});

function gapBreak(from: Link, next: Link, needed: string | undefined, { noted, database }: Case): Break {
  const where = `between the ${from.kind} backup in the set ${from.set}, up to ${instant(from.at)}, and the log in the set ${next.set}`;
  const lsns = `log sequence numbers ${String(from.last)} to ${String(next.first)}`;
  const foreign = noted.find(
    (one) => one.first <= from.last && one.last > from.last && one.first < one.last && one.last <= next.first,
  );
  if (needed !== undefined) {
    return {
      code: "missing-set",
      set: needed,
      message: `The log of ${database} is not whole ${where}: the set ${needed}, which that one was built on, is not there (${lsns}).`,
    };
  }
  if (foreign) {
    return {
      code: "foreign-backup",
      set: next.set,
      message: `The log of ${database} is not whole ${where}: ${foreign.account} has backed a part of it up into ${foreign.device} (${lsns}).`,
    };
  }
  const wasSimple =
    noted.some(({ recovery, last }) => recovery === "SIMPLE" && last > from.last && last <= next.last) ||
    next.recovery === "SIMPLE";
  return {
    code: wasSimple ? "recovery-model" : "log-gap",
    set: next.set,
    message: `The log of ${database} is not whole ${where}: a part is in no set (${lsns}). ${
      wasSimple
        ? "The database was in simple recovery meanwhile."
        : "Something else has backed the log up, the recovery model was changed meanwhile, or a set is gone."
    }`,
  };
}
