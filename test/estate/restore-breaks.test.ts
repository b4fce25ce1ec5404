import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Manifest, SetKind } from "../../estate/documents";
import {
  movesTo,
  planRestore,
  restoreCalls,
  scriptOf,
  type BreakCode,
  type KeptSet,
  type RestorePlan,
  type RestoreRequest,
} from "../../estate/restore";

/** Every way in which a chain can be broken, each found by what the sets say of themselves. */

const INSTANCE = String.raw`sql01.contoso.com\rtc`;
const nameOf = (hour: number): string => `20260301T${String(hour).padStart(2, "0")}0000Z-00000001`;
const at = (hour: number, minute = 0): string =>
  `2026-03-01T${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}:00.000Z`;

interface More {
  needs?: number[];
  base?: number;
  fork?: string;
  firstFork?: string;
  forkPoint?: number;
  version?: string;
  thumbprint?: string;
  recovery?: string;
  offset?: string;
  files?: number;
  problems?: KeptSet["problems"];
}

/** The backup of an hour, with the log from one number to another. */
function backup(hour: number, kind: SetKind, first: number, last: number, more: More = {}): KeptSet {
  const { fork = "A", files = 1, problems = [] } = more;
  const facts = {
    ...{ type: kind, "first-lsn": String(first), "last-lsn": String(last), "recovery-fork": fork },
    ...{ "first-recovery-fork": more.firstFork ?? fork, "fork-point-lsn": String(more.forkPoint ?? 0) },
    ...{ "backup-set": `GUID-${String(hour)}`, "finished-at": at(hour).replace(".000", "") },
    ...(more.base === undefined ? {} : { "base-backup-set": `GUID-${String(more.base)}` }),
    ...{ recovery: more.recovery ?? "FULL", "server-version": more.version ?? "11.0.7001" },
    ...(more.offset === undefined ? { "utc-offset-minutes": "60" } : {}),
    ...(more.offset === undefined || more.offset === "" ? {} : { "utc-offset-minutes": more.offset }),
    encrypted: more.thumbprint === undefined ? "no" : "aes-256",
  };
  const artefacts = Array.from({ length: files }, (_, index) => ({
    path: files === 1 ? `LcsCDR.${kind}.bak` : `LcsCDR.${kind}.${String(index + 1)}.bak`,
    format: "bak",
    scope: { of: "database", instance: INSTANCE, database: "LcsCDR" },
    facts,
  }));
  const manifest = {
    ...{ set: nameOf(hour), series: "sql", kind, artefacts, startedAt: at(hour) },
    needs: (more.needs ?? []).map(nameOf),
    facts: more.thumbprint === undefined ? {} : { "certificate-thumbprint": more.thumbprint },
  };
  return { manifest: manifest as unknown as Manifest, problems };
}

const FULL = backup(1, "full", 10, 12);
const LOG_2 = backup(2, "log", 12, 20, { needs: [1] });
const LOG_3 = backup(3, "log", 20, 30, { needs: [2] });
const DIFFERENTIAL = backup(4, "differential", 31, 33, { base: 1, needs: [1] });
const LOG_5 = backup(5, "log", 30, 40, { needs: [3] });
const WHOLE = [FULL, LOG_2, LOG_3, DIFFERENTIAL, LOG_5];

const plan = (sets: readonly KeptSet[], more: Partial<RestoreRequest> = {}): RestorePlan =>
  planRestore({ sets, instance: INSTANCE, database: "LcsCDR", to: "newest", ...more });
const hours = ({ chain }: RestorePlan): number[] => (chain?.links ?? []).map(({ set }) => Number(set.slice(9, 11)));

const missing = (kept: KeptSet, what: "missing" | "damaged" = "missing"): KeptSet => ({
  ...kept,
  problems: [{ path: kept.manifest.artefacts[0]?.path ?? "", what, message: "it is not what it was" }],
});

describe("A chain that is whole", () => {
  it("takes the differential and the log that goes on from it, the logs before it where the moment is before it", () => {
    assert.deepEqual(hours(plan(WHOLE)), [1, 4, 5]);
    assert.deepEqual(hours(plan(WHOLE, { to: at(2, 30) })), [1, 2, 3]);
    assert.deepEqual(hours(plan(WHOLE, { to: at(4) })), [1, 4]);
    assert.deepEqual(hours(plan(WHOLE, { to: at(1) })), [1]);
    assert.deepEqual(hours(plan(WHOLE.toReversed(), { database: "lcscdr" })), [1, 4, 5]);
  });

  it("goes round what is not there, where there is a way", () => {
    assert.deepEqual(hours(plan([FULL, LOG_2, LOG_3, missing(DIFFERENTIAL), LOG_5])), [1, 2, 3, 5]);
    assert.deepEqual(hours(plan([FULL, LOG_3, DIFFERENTIAL, LOG_5])), [1, 4, 5]);
  });

  it("starts with a copy-only full backup too, which no differential builds on", () => {
    const copy = backup(3, "copy-only", 21, 23);
    assert.deepEqual(hours(plan([copy, LOG_3, LOG_5])), [3, 3, 5]);
    const { refused } = plan([copy, backup(4, "differential", 31, 33, { base: 3 })]);
    assert.equal(refused?.code, "differential-base");
  });

  it("stops by the clock of the server that wrote the log, and says where that is not known or has jumped", () => {
    const noted = (sets: KeptSet[], to: string) => {
      const { chain } = plan(sets, { to });
      return [chain?.stop, (chain?.notes ?? []).join()];
    };
    assert.deepEqual(noted([FULL, LOG_2], at(1, 30)), ["2026-03-01T02:30:00", ""]);
    assert.deepEqual(noted([FULL, LOG_2], at(1)), [undefined, ""]);
    const [, jump] = noted([FULL, backup(2, "log", 12, 20, { offset: "120" })], at(1, 30));
    assert.match(String(jump), /was set forward or back within the log/);
    const [utc, unknown] = noted([FULL, backup(2, "log", 12, 20, { offset: "" })], at(1, 30));
    assert.equal(utc, "2026-03-01T01:30:00");
    assert.match(String(unknown), /does not say how the clock of its server differed from UTC/);
    const [, bulk] = noted([FULL, backup(2, "log", 12, 20, { recovery: "BULK_LOGGED" })], at(1, 30));
    assert.match(String(bulk), /bulk-logged/);
  });
});

interface Case {
  when: string;
  sets: readonly KeptSet[];
  more?: Partial<RestoreRequest>;
  code: BreakCode;
  says: RegExp;
  set?: number;
  /** To which hour it can be brought instead. */
  instead?: number;
}

const FOREIGN = {
  ...{ recovery: "FULL", account: String.raw`CONTOSO\dba`, device: String.raw`C:\dump.bak` },
  ...{ backupSet: "GUID-9", first: 30n, last: 36n },
};

const CASES: readonly Case[] = [
  { when: "no set holds the database", sets: [], code: "no-backup", says: /No set holds a backup of LcsCDR/ },
  {
    when: "the full backup is gone with its set",
    ...{ sets: [LOG_2, LOG_3], code: "missing-full", set: 1, says: /was built on the set 20260301T010000Z/ },
  },
  {
    when: "the moment is before the first full backup",
    ...{ sets: WHOLE, more: { to: at(0, 30) }, code: "too-early", set: 1, says: /finished at 2026-03-01T01:00:00Z/ },
  },
  {
    when: "the moment is after the newest backup",
    ...{ sets: WHOLE, more: { to: at(9) }, code: "too-late", set: 5, instead: 5, says: /Back up the tail of the log/ },
  },
  {
    when: "the file of the full backup is not there",
    ...{ sets: [missing(FULL), LOG_2], code: "missing-file", set: 1, says: /its file LcsCDR\.full\.bak is not there/ },
  },
  {
    when: "a log is damaged",
    sets: [FULL, missing(LOG_2, "damaged"), LOG_3],
    ...{ code: "damaged-file", set: 2, instead: 1, says: /its file LcsCDR\.log\.bak is damaged/ },
  },
  {
    when: "the set of a log is gone",
    ...{ sets: [FULL, LOG_3], code: "missing-set", set: 2, instead: 1, says: /20260301T020000Z.* is not there/ },
  },
  {
    when: "somebody else has backed up a part of the log, and msdb has noted it",
    sets: [FULL, LOG_2, LOG_3, backup(6, "log", 36, 50)],
    ...{ more: { noted: [FOREIGN] }, code: "foreign-backup", set: 6, instead: 3 },
    says: /CONTOSO\\dba has backed a part of it up into C:\\dump\.bak \(log sequence numbers 30 to 36\)/,
  },
  {
    when: "a part of the log is nowhere",
    sets: [FULL, LOG_2, LOG_3, backup(6, "log", 36, 50)],
    ...{ code: "log-gap", set: 6, instead: 3, says: /up to 2026-03-01T03:00:00Z, and the log in the set/ },
  },
  {
    when: "the recovery model was simple meanwhile",
    sets: [FULL, LOG_2, backup(5, "full", 40, 41), backup(6, "log", 41, 50)],
    more: { to: at(4), noted: [{ ...FOREIGN, backupSet: "GUID-5", recovery: "SIMPLE", first: 40n, last: 41n }] },
    ...{ code: "recovery-model", set: 6, instead: 2, says: /in simple recovery meanwhile/ },
  },
  {
    when: "no log was ever backed up, and the moment lies between two full backups",
    sets: [backup(1, "full", 1, 2, { recovery: "SIMPLE" }), backup(5, "full", 5, 6, { recovery: "SIMPLE" })],
    ...{ more: { to: at(3) }, code: "recovery-model", set: 1, instead: 1, says: /Only the moments of the full/ },
  },
  {
    when: "a differential builds on a full backup that is gone",
    sets: [FULL, backup(6, "differential", 50, 51, { base: 5, needs: [5] })],
    ...{ code: "differential-base", set: 6, instead: 1, says: /GUID-5, which is in no set; it should be in the set/ },
  },
  {
    when: "a differential builds on somebody else's full backup",
    sets: [FULL, backup(10, "differential", 50, 51, { base: 9 })],
    ...{ more: { noted: [FOREIGN] }, code: "foreign-backup", set: 10, instead: 1, says: /CONTOSO\\dba has made it/ },
  },
  {
    when: "the database was restored meanwhile, and the log lies on another recovery path",
    sets: [FULL, LOG_2, backup(3, "log", 15, 30, { fork: "B", firstFork: "A", forkPoint: 15 })],
    ...{ more: { to: at(2, 30) }, code: "recovery-path", set: 3, instead: 2, says: /another recovery path/ },
  },
  {
    when: "the moment lies within a log that begins before a restore and ends after it",
    sets: [FULL, LOG_2, backup(3, "log", 20, 30, { fork: "B", firstFork: "A", forkPoint: 20 })],
    ...{ more: { to: at(2, 30) }, code: "recovery-path", set: 3, instead: 2, says: /was itself restored/ },
  },
  {
    when: "the server that restores is older",
    sets: [FULL, backup(2, "log", 12, 20, { version: "11.0.7001" })],
    more: { onto: { instance: "sql09", version: "10.50.6000.34" } },
    ...{ code: "newer-version", set: 1, says: /is of SQL Server 11\.0\.7001, and sql09 runs 10\.50\.6000\.34/ },
  },
  {
    when: "the server that restores lacks the certificate",
    sets: [backup(1, "full", 10, 12, { thumbprint: "0xABCD" })],
    more: { onto: { instance: "sql09", certificates: ["0x1234"] } },
    ...{ code: "certificate", set: 1, says: /sql09 does not have the certificate with the thumbprint 0xABCD/ },
  },
  {
    when: "there is a database of that name, and nobody said that it may go",
    sets: WHOLE,
    more: { onto: { instance: "sql09", databases: ["LCSCDR"] } },
    ...{ code: "database-exists", says: /There is a database LcsCDR on sql09 already/ },
  },
  {
    when: "it would be restored over what belongs to SQL Server",
    sets: WHOLE,
    more: { onto: { instance: "sql09", as: "Master", replaces: true } },
    ...{ code: "system-database", says: /Master belongs to SQL Server itself/ },
  },
];

describe("A chain is found broken when", () => {
  for (const { when, sets, more, code, says, set, instead } of CASES) {
    it(`${when}: ${code}`, () => {
      const { refused } = plan(sets, more);
      assert.ok(refused, "it was planned");
      assert.equal(refused.code, code, refused.message);
      assert.match(refused.message, says);
      if (set !== undefined) assert.equal(refused.set, nameOf(set));
      assert.equal(refused.instead, instead === undefined ? undefined : at(instead));
      if (refused.instead !== undefined) assert.ok(plan(sets, { ...more, to: refused.instead }).chain);
    });
  }

  it("and not where the server is newer, has the certificate, or restores under another name", () => {
    const sets = [backup(1, "full", 10, 12, { thumbprint: "0xABCD" })];
    const onto = { instance: "sql09", version: "13.0.6300.2", certificates: ["0xabcd"], databases: ["LcsCDR"] };
    const { chain } = plan(sets, { onto: { ...onto, as: "Drill" } });
    assert.match(chain?.notes.join() ?? "", /certificate with the thumbprint 0xABCD/);
    assert.ok(plan(sets, { onto: { ...onto, replaces: true } }).chain);
  });
});

describe("The statements of a restore", () => {
  const TARGET = String.raw`\\bk01\vault$`;
  const file = (logical: string, isLog = false) => ({ logical, path: "", isLog });

  it("open the database once, at the end, and move its files once, at the beginning", () => {
    const { chain } = plan([backup(1, "full", 10, 12, { files: 4 }), DIFFERENTIAL, LOG_5], { to: at(4, 30) });
    assert.ok(chain);
    const moves = movesTo([file("a"), file("b"), file("l", true)], "Drill", {
      data: "D:\\",
      log: String.raw`L:\Logs\\`,
    });
    assert.deepEqual(
      moves.map(({ path }) => path),
      [String.raw`D:\Drill.mdf`, String.raw`D:\Drill_2.ndf`, String.raw`L:\Logs\Drill_log.ldf`],
    );
    const calls = restoreCalls(chain, { database: "Drill", target: TARGET, moves }).map(({ call }) => call);
    assert.deepEqual(
      calls.map(({ statement }) => statement),
      ["restore-database-4-files-moving-3", "restore-database", "restore-log-to", "recover"],
    );
    assert.equal(
      calls[0]?.parameters["file4"],
      String.raw`\\bk01\vault$\series\sql\sets\20260301T010000Z-00000001\LcsCDR.full.4.bak`,
    );
    assert.equal(calls[2]?.parameters["moment"], "2026-03-01T05:30:00");
  });

  it("are refused where they cannot move so many files", () => {
    const { chain } = plan([FULL]);
    assert.ok(chain);
    const files = Array.from({ length: 9 }, (_, index) => file(`f${String(index)}`));
    const moves = movesTo(files, "Drill", { data: "D:\\", log: "D:\\" });
    assert.throws(() => restoreCalls(chain, { database: "Drill", target: TARGET, moves }), /has 9 files/);
  });

  it("stand in a script with their parameters, in which no value can end its text", () => {
    const { chain } = plan([FULL]);
    assert.ok(chain);
    const script = scriptOf(chain, { database: "x'; DROP DATABASE rtcxds; --", target: TARGET });
    assert.match(script, /^DECLARE @database sysname = N'x''; DROP DATABASE rtcxds; --';$/m);
    assert.equal(script.match(/^GO$/gm)?.length, 2);
  });
});
