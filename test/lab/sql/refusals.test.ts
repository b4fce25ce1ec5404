import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { loseSqlServer, removeShare } from "../../../lab/commands";
import {
  asAdministrator,
  makeDatabase,
  revokeSql,
  setRecovery,
  setServiceAccount,
  stopSqlServer,
} from "../../../lab/sql/edits";
import { backUp } from "../../../lab/sql/backup";
import { findHeld } from "../../../lab/sql/log";
import { dropRestored, restoreDatabase, restoreLog } from "../../../lab/sql/restore";
import { checkDatabase } from "../../../lab/sql/restored";
import { SqlError } from "../../../lab/sql/error";
import type { Session } from "../../../lab/sql/model";
import { BACKUP } from "../fixture";
import {
  AG1,
  AG2,
  ALONE,
  execute,
  EXPRESS,
  hostOf,
  SERVICE,
  SQL01,
  SQL02,
  sqlLab,
  TARGET_SHARE,
  type Asked,
} from "./support";

/** What SQL Server refuses, each with its number and the topic of the documentation that says so. */

const file = (name: string): string => `${TARGET_SHARE}\\${name}`;
const backup = (kind: string, more: Partial<Asked["parameters"]> = {}, device = file("a.bak")) => ({
  statement: `backup-${kind}`,
  parameters: { database: "Own", datum: "database", stem: "Own", name: "test", file: device, ...more },
});
const VERIFY = { statement: "verify-only", parameters: { file: file("a.bak") } };
const HEADER = { statement: "backup-header", parameters: { file: file("a.bak") } };
const INTERN = String.raw`CONTOSO\intern`;

interface Refusal {
  when: string;
  /** The topic that says so; "general knowledge" where none does. */
  topic: string;
  number: number;
  call: Omit<Asked, "instance">;
  instance?: string;
  product?: "lync2013" | "sfb2015";
  before?: (folder: string) => Promise<unknown>;
}

const made = (folder: string, call: Omit<Asked, "instance">): Promise<unknown> =>
  execute(folder, { instance: ALONE, ...call });

const NEXT = { kind: "full", database: "Own", name: "next", compressed: false, encrypted: false } as const;

const onTarget = (folder: string, change: (content: Buffer | undefined) => Buffer | undefined): Promise<unknown> =>
  asAdministrator(folder, ALONE, ({ world }) => {
    const place = { host: "bk01.contoso.com", local: String.raw`D:\LyncBackup\a.bak` };
    const next = change(world.disk.body(place)?.read());
    if (next) world.disk.write(place, next);
    else world.disk.remove(place);
  });

const REFUSALS: Refusal[] = [
  {
    when: "the server does not answer",
    topic: "Troubleshoot connecting to the SQL Server Database Engine",
    number: 53,
    call: backup("full"),
    before: (folder) => stopSqlServer(folder, ALONE),
  },
  {
    when: "there is no such server",
    topic: "Troubleshoot connecting to the SQL Server Database Engine",
    number: 53,
    call: { ...backup("full"), host: hostOf(ALONE) },
    instance: String.raw`nowhere.contoso.com\rtc`,
  },
  {
    when: "a remote session goes on to another server",
    topic: "general knowledge",
    number: 18456,
    call: { ...backup("full"), host: hostOf(SQL01), logon: "network" },
  },
  {
    when: "the account has no login",
    topic: "MSSQLSERVER_18456",
    number: 18456,
    call: { ...backup("full"), account: INTERN },
  },
  {
    when: "the account may not back up",
    topic: "BACKUP (Transact-SQL): Permissions",
    number: 262,
    call: backup("full"),
    before: (folder) => revokeSql(folder, ALONE, "backup"),
  },
  {
    when: "the account may not create databases, and is to verify a backup",
    topic: "RESTORE Statements - VERIFYONLY: Permissions",
    number: 262,
    call: VERIFY,
    before: (folder) => revokeSql(folder, ALONE, "create-database"),
  },
  {
    when: "the account may not see the state of the server",
    topic: "sys.dm_server_services: Permissions",
    number: 300,
    call: { statement: "instance-services", parameters: {} },
    before: (folder) => revokeSql(folder, ALONE, "view-state"),
  },
  {
    when: "the account may not read msdb",
    topic: "backupset (Transact-SQL): Permissions",
    number: 229,
    call: { statement: "backup-history", parameters: { database: "Own", since: "2026-01-01T00:00:00Z" } },
    before: (folder) => revokeSql(folder, ALONE, "msdb"),
  },
  {
    when: "an older release is asked for availability groups",
    topic: "Overview of Always On Availability Groups",
    number: 208,
    call: { statement: "replicas-here", parameters: {} },
    before: (folder) =>
      asAdministrator(folder, ALONE, ({ server }) => {
        server.release = "2008R2";
      }),
  },
  {
    when: "an older release is to encrypt",
    topic: "Backup Encryption",
    number: 155,
    call: { ...backup("full-encrypted"), identifiers: { certificate: "backup" } },
  },
  {
    when: "Express is to encrypt",
    topic: "Backup Encryption: Restrictions",
    number: 1844,
    product: "sfb2015",
    instance: EXPRESS,
    call: { ...backup("full-encrypted", { database: "rtc" }), identifiers: { certificate: "backup" } },
    before: (folder) => makeDatabase(folder, EXPRESS, "rtc"),
  },
  {
    when: "Express is to compress",
    topic: "Backup Compression",
    number: 1844,
    instance: EXPRESS,
    call: backup("full-compressed", { database: "rtcxds" }),
  },
  {
    when: "the database is not there",
    topic: "BACKUP (Transact-SQL)",
    number: 911,
    call: backup("full", { database: "Nothing" }),
  },
  {
    when: "the database is the mirror's",
    topic: "Database Mirroring and Database Snapshots",
    number: 954,
    instance: SQL02,
    call: backup("full", { database: "rtcxds" }),
  },
  {
    when: "a secondary replica is to make a full backup that is no copy",
    topic: "Active Secondaries: Backup on Secondary Replicas",
    number: 3059,
    product: "sfb2015",
    instance: AG2,
    call: backup("full", { database: "rtcxds" }),
  },
  {
    when: "a secondary replica is to make a differential backup",
    topic: "Active Secondaries: Backup on Secondary Replicas",
    number: 3059,
    product: "sfb2015",
    instance: AG2,
    call: backup("differential", { database: "rtcxds" }),
  },
  {
    when: "a differential backup has nothing to build on",
    topic: "Differential Backups",
    number: 3035,
    call: backup("differential"),
  },
  {
    when: "a differential backup has only a copy to build on",
    topic: "Copy-Only Backups",
    number: 3035,
    call: backup("differential"),
    before: (folder) => made(folder, backup("copy-only")),
  },
  {
    when: "master is to be backed up by differences",
    topic: "Back Up and Restore of System Databases",
    number: 3024,
    call: backup("differential", { database: "master" }),
  },
  {
    when: "tempdb is to be backed up",
    topic: "tempdb Database",
    number: 3147,
    call: backup("full", { database: "tempdb" }),
  },
  {
    when: "the recovery model is simple, and the log is to be backed up",
    topic: "Recovery Models",
    number: 4208,
    call: backup("log"),
    before: (folder) => setRecovery(folder, ALONE, "Own", "SIMPLE"),
  },
  {
    when: "no full backup was made since recovery became full",
    topic: "Transaction Log Backups",
    number: 4214,
    call: backup("log"),
  },
  {
    when: "only a copy was made since recovery became full",
    topic: "reports of operators",
    number: 4214,
    call: backup("log"),
    before: (folder) => made(folder, backup("copy-only")),
  },
  {
    when: "recovery was simple in between",
    topic: "View or Change the Recovery Model of a Database",
    number: 4214,
    call: backup("log", {}, file("b.bak")),
    before: async (folder) => {
      await made(folder, backup("full"));
      await setRecovery(folder, ALONE, "Own", "SIMPLE");
      await setRecovery(folder, ALONE, "Own", "FULL");
    },
  },
  {
    when: "the share admits the job's account, but not the server's",
    topic: "Back Up a Database to a Network File",
    number: 3201,
    call: backup("full"),
    before: (folder) => setServiceAccount(folder, ALONE, String.raw`NT SERVICE\MSSQL$ARCHIVE`),
  },
  {
    when: "the share is gone",
    topic: "Back Up a Database to a Network File",
    number: 3201,
    call: backup("full"),
    before: (folder) => removeShare(folder, "bk01.contoso.com", "LyncBackup$"),
  },
  {
    when: "the folder is not there",
    topic: "general knowledge",
    number: 3201,
    call: backup("full", {}, file(String.raw`no\such\folder\a.bak`)),
  },
  { when: "the backup is not there", topic: "RESTORE Statements - VERIFYONLY", number: 3201, call: VERIFY },
  {
    when: "the file is empty",
    topic: "general knowledge",
    number: 3254,
    call: VERIFY,
    before: (folder) => onTarget(folder, () => Buffer.alloc(0)),
  },
  {
    when: "the file is no backup",
    topic: "general knowledge",
    number: 3241,
    call: HEADER,
    before: (folder) =>
      onTarget(folder, () => Buffer.from("PK\u0003\u0004 nothing of the kind, but long enough to be one")),
  },
  {
    when: "the backup was cut short",
    topic: "RESTORE Statements - VERIFYONLY",
    number: 3203,
    call: VERIFY,
    before: async (folder) => {
      await made(folder, backup("full"));
      await onTarget(folder, (content) => content?.subarray(0, content.length - 1));
    },
  },
  {
    when: "a byte of the backup has changed",
    topic: "Possible Media Errors During Backup and Restore",
    number: 3189,
    call: VERIFY,
    before: async (folder) => {
      await made(folder, backup("full"));
      await onTarget(folder, (content) => {
        const changed = Buffer.from(content ?? "");
        changed[changed.length - 40] = (changed[changed.length - 40] ?? 0) ^ 1;
        return changed;
      });
    },
  },
  {
    when: "one of several files is missing",
    topic: "Media Sets, Media Families, and Backup Sets",
    number: 3132,
    call: { statement: "verify-only", parameters: { file: file("1.bak") } },
    before: (folder) => made(folder, striped("")),
  },
  {
    when: "one of several files is of another backup",
    topic: "Media Sets, Media Families, and Backup Sets",
    number: 3258,
    call: { statement: "verify-only-2-files", parameters: { file1: file("1.bak"), file2: file("other-2.bak") } },
    before: async (folder) => {
      await made(folder, striped(""));
      await made(folder, striped("other-"));
    },
  },
];

function striped(prefix: string): Omit<Asked, "instance"> {
  const { file: _file, ...parameters } = backup("full").parameters;
  return {
    statement: "backup-full-2-files",
    parameters: { ...parameters, file1: file(`${prefix}1.bak`), file2: file(`${prefix}2.bak`) },
  };
}

const numberOf = (asked: Promise<unknown>): Promise<number | undefined> =>
  asked.then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof SqlError) return error.number;
      throw error;
    },
  );

async function labWithOwn(product?: "lync2013" | "sfb2015"): Promise<string> {
  const folder = await sqlLab(product);
  await makeDatabase(folder, ALONE, "Own", { rows: 1 });
  await setRecovery(folder, ALONE, "Own", "FULL");
  return folder;
}

describe("SQL Server in the lab refuses when", () => {
  for (const { when, topic, number, call, instance = ALONE, product, before } of REFUSALS) {
    it(`${when} (${topic})`, async () => {
      const folder = await labWithOwn(product);
      await before?.(folder);
      assert.equal(await numberOf(execute(folder, { instance, ...call })), number);
    });
  }
});

describe("A restore in the lab is refused when", () => {
  /** A full backup, a differential one and two logs, as `0.bak` to `3.bak`. */
  const chainMade = async (): Promise<string> => {
    const folder = await labWithOwn();
    for (const [index, kind] of ["full", "differential", "log", "log"].entries()) {
      await made(folder, backup(kind, {}, file(`${String(index)}.bak`)));
    }
    return folder;
  };
  const device = (index: number): { database: string; devices: string[]; recovery: false } => ({
    database: "Drill",
    devices: [file(`${String(index)}.bak`)],
    recovery: false,
  });
  const cases: readonly { when: string; topic: string; number: number; restore: (session: Session) => void }[] = [
    {
      when: "a log comes before the full backup",
      topic: "RESTORE (Transact-SQL)",
      number: 911,
      restore: (session) => restoreLog(session, device(2)),
    },
    {
      when: "the database is open",
      topic: "RESTORE (Transact-SQL)",
      number: 3117,
      restore: (session) => restoreLog(session, { ...device(2), database: "Own" }),
    },
    {
      when: "a log is left out",
      topic: "Apply Transaction Log Backups",
      number: 4305,
      restore: (session) => {
        restoreDatabase(session, device(0));
        restoreLog(session, device(3));
      },
    },
    {
      when: "it is to stop at a moment that has passed already",
      topic: "Restore a SQL Server Database to a Point in Time",
      number: 4335,
      restore: (session) => {
        restoreDatabase(session, device(0));
        restoreLog(session, { ...device(2), stopAt: "2026-01-01T00:00:00.000Z" });
      },
    },
    {
      when: "there is another database of that name",
      topic: "RESTORE (Transact-SQL): REPLACE",
      number: 3154,
      restore: (session) => restoreDatabase(session, { ...device(0), database: "LcsCDR" }),
    },
    {
      when: "the tail of its log has not been backed up",
      topic: "Tail-Log Backups",
      number: 3159,
      restore: (session) => {
        const own = session.world.part("database-sql3.contoso.com~archive~own") as { contents: unknown };
        own.contents = { rows: 2 };
        restoreDatabase(session, { ...device(0), database: "Own" });
      },
    },
    {
      when: "the drive that it is to be moved to is not there",
      topic: "RESTORE (Transact-SQL): MOVE",
      number: 5133,
      restore: (session) =>
        restoreDatabase(session, { ...device(0), moves: [{ logical: "Own", path: String.raw`X:\Data\Own.mdf` }] }),
    },
    {
      when: "a file is to be moved that the database does not have",
      topic: "RESTORE (Transact-SQL): MOVE",
      number: 3234,
      restore: (session) =>
        restoreDatabase(session, { ...device(0), moves: [{ logical: "Data", path: String.raw`C:\Data.mdf` }] }),
    },
    {
      when: "its files would go over those of another database",
      topic: "Copy Databases with Backup and Restore",
      number: 1834,
      restore: (session) => restoreDatabase(session, { ...device(0), moves: [] }),
    },
    {
      when: "somebody uses the database that it would replace",
      topic: "RESTORE (Transact-SQL): general remarks",
      number: 3101,
      restore: (session) => {
        const held = findHeld(session.world, session.server, "Own");
        if (held) held.log.inUse = true;
        restoreDatabase(session, { ...device(0), database: "Own", replace: true });
      },
    },
    {
      when: "a differential goes on top of another full backup than its own",
      topic: "Differential Backups",
      number: 3136,
      restore: (session) => {
        backUp(session, { ...NEXT, devices: [file("next.bak")] });
        restoreDatabase(session, { ...device(0), devices: [file("next.bak")] });
        restoreDatabase(session, device(1));
      },
    },
    {
      when: "a log ends before the backup that it is to follow",
      topic: "Apply Transaction Log Backups",
      number: 4326,
      restore: (session) => {
        backUp(session, { ...NEXT, devices: [file("next.bak")] });
        restoreDatabase(session, { ...device(0), devices: [file("next.bak")] });
        restoreLog(session, device(2));
      },
    },
    {
      when: "the server lacks the certificate of an encrypted backup",
      topic: "Backup Encryption",
      number: 33111,
      restore: (session) => {
        session.server.release = "2014";
        session.server.certificates["backup"] = {
          thumbprint: "0xABCD",
          expires: "2030-01-01T00:00:00",
          keySaved: null,
        };
        backUp(session, { ...NEXT, encrypted: true, certificate: "backup", devices: [file("next.bak")] });
        session.server.certificates = {};
        restoreDatabase(session, { ...device(0), devices: [file("next.bak")] });
      },
    },
    {
      when: "it is checked before it is opened",
      topic: "DBCC CHECKDB (Transact-SQL)",
      number: 927,
      restore: (session) => {
        restoreDatabase(session, device(0));
        checkDatabase(session, "check-database", { database: "Drill" });
      },
    },
    {
      when: "rows and indexes disagree, which no checksum of a page finds",
      topic: "DBCC CHECKDB (Transact-SQL)",
      number: 8989,
      restore: (session) => {
        const held = findHeld(session.world, session.server, "Own");
        if (held) held.log.inconsistent = true;
        backUp(session, { ...NEXT, devices: [file("next.bak")] });
        restoreDatabase(session, { ...device(0), devices: [file("next.bak")], recovery: true });
        checkDatabase(session, "check-database", { database: "Drill" });
      },
    },
    {
      when: "what is dropped was not restored",
      topic: "general knowledge",
      number: 50000,
      restore: (session) => {
        dropRestored(session, "Own", "2026-01-01T00:00:00Z");
      },
    },
    {
      when: "the backup was made by a newer release",
      topic: "RESTORE (Transact-SQL): Compatibility Support",
      number: 3169,
      restore: (session) => {
        session.server.release = "2008R2";
        restoreDatabase(session, device(0));
      },
    },
    {
      when: "it is a system database",
      topic: "Back Up and Restore of System Databases",
      number: 3147,
      restore: (session) => restoreDatabase(session, { ...device(0), database: "master" }),
    },
  ];
  for (const { when, topic, number, restore } of cases) {
    it(`${when} (${topic})`, async () => {
      const folder = await chainMade();
      assert.equal(await numberOf(asAdministrator(folder, ALONE, restore)), number);
    });
  }

  it("it takes part in mirroring or a group (Prepare a Mirror Database for Mirroring)", async () => {
    const folder = await labWithOwn("sfb2015");
    await execute(folder, { instance: AG1, ...backup("full", { database: "rtcxds" }) });
    const restore = (session: Session): void => {
      restoreDatabase(session, { database: "rtcxds", devices: [file("a.bak")], recovery: true, replace: true });
    };
    assert.equal(await numberOf(asAdministrator(folder, AG1, restore)), 3104);
  });
});

describe("A refused backup", () => {
  it("changes neither the log nor the base of the differentials, and leaves no file", async () => {
    const folder = await labWithOwn();
    await made(folder, backup("full"));
    await removeShare(folder, "bk01.contoso.com", "LyncBackup$");
    const before = await stateOf(folder);
    for (const kind of ["full", "differential", "log"]) {
      assert.equal(await numberOf(made(folder, backup(kind, {}, file("b.bak")))), 3201);
    }
    assert.deepEqual(await stateOf(folder), before);
  });

  it("is all that is left of a server that was lost: neither databases nor history (Restoring a Back End Server)", async () => {
    const folder = await labWithOwn();
    await made(folder, backup("full"));
    await loseSqlServer(folder, hostOf(ALONE));
    assert.equal(await numberOf(made(folder, backup("full"))), 911);
    const since = { database: "Own", since: "2026-01-01T00:00:00Z" };
    assert.deepEqual(await made(folder, { statement: "backup-history", parameters: since }), []);
  });

  const stateOf = (folder: string): Promise<unknown> =>
    asAdministrator(folder, ALONE, ({ world }) => structuredClone(world.part("sqllog-sql3.contoso.com~archive~own")));
});

describe("The accounts of a backup", () => {
  it("are the server's for the file, and the job's for the statement", async () => {
    const folder = await labWithOwn();
    await made(folder, backup("full"));
    await setServiceAccount(folder, ALONE, INTERN);
    assert.equal(await numberOf(made(folder, { ...backup("full"), account: BACKUP })), 3201);
    await setServiceAccount(folder, ALONE, SERVICE);
    assert.equal(await numberOf(made(folder, { ...backup("full"), account: BACKUP })), undefined);
  });
});
