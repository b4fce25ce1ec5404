import assert from "node:assert/strict";
import { before, describe, it } from "mocha";
import { CORPUS, statementNamed, type Statement } from "../../../estate/sql";
import { addCertificate, asAdministrator, makeDatabase, setRecovery } from "../../../lab/sql/edits";
import { AG1, AG2, execute, SERVICE, SQL01, sqlLab, TARGET_SHARE } from "./support";

/** Every statement that the product can send is executed by the lab. */

const VALUES: Readonly<Record<string, string | number>> = {
  database: "Own",
  datum: "database",
  stem: "Own",
  name: "test",
  host: AG1,
  required: "yes",
  largeFromGigabytes: 0,
  replica: "primary",
  simple: "pass",
  set: "20260302T090000Z-00000001",
  large: "no",
  role: "alone",
  end: "999999999999999999",
  since: "2026-01-01T00:00:00Z",
  job: "sql-rtc-full",
  owner: "sa",
  freqType: 4,
  freqInterval: 1,
  freqSubdayType: 1,
  freqSubdayInterval: 0,
  freqRelativeInterval: 0,
  freqRecurrenceFactor: 0,
  activeStartDate: 19900101,
  activeEndDate: 99991231,
  activeStartTime: 20000,
  activeEndTime: 235959,
  certificate: "backup",
  moment: "2027-01-01T00:00:00",
  user: String.raw`CONTOSO\RTCComponentUniversalServices`,
  login: String.raw`CONTOSO\RTCComponentUniversalServices`,
};

/** What brings a database back does it on another server, and some of it needs something to be there. */
const BEFORE: Readonly<Record<string, readonly string[]>> = {
  "restore-log": ["restore-database-replacing"],
  "restore-log-to": ["restore-database-replacing"],
  recover: ["restore-database-replacing"],
  "backup-tail": ["restore-database-replacing", "recover"],
  "drop-restored": ["restore-database-replacing"],
  "name-is-free": [],
  "agent-job-set": [],
  "agent-job-schedule": ["agent-job-set"],
  "agent-job-ready": ["agent-job-set"],
  "agent-job-start": ["agent-job-set"],
};
const isElsewhere = ({ name }: Statement): boolean => name.startsWith("restore-database") || name in BEFORE;

describe("The statements of the product", () => {
  let folder: string;
  let base: string;
  const file = (name: string): string => `${TARGET_SHARE}\\${name}`;
  const valueOf = (statement: Statement, name: string): string | number => {
    if (name === "base") return base;
    if (name === "database" && statement.name === "name-is-free") return "Free";
    if (name === "role" && statement.name === "database-user") return "ServerRole";
    if (name === "logical1" || name === "logical2") return name === "logical1" ? "Own" : "Own_log";
    if (name.startsWith("logical")) return "Own";
    if (name.startsWith("path")) return `C:\\Restored\\${name}`;
    if (name === "file" && statement.name.startsWith("restore-log")) return file("log.bak");
    if (!name.startsWith("file")) return VALUES[name] ?? "";
    // What reads a backup reads one that was made into as many files.
    const files = Object.keys(statement.parameters).filter((one) => one.startsWith("file")).length;
    const isRead = !statement.name.startsWith("backup-") || /^backup-(header|file-list)$/.test(statement.name);
    return file(`${isRead ? `read-${String(files)}` : statement.name}-${name}.bak`);
  };
  const call = (statement: Statement) => ({
    // One without availability groups for what is meant for the time before them.
    instance: statement.name.endsWith("2008r2") ? SQL01 : isElsewhere(statement) ? AG2 : AG1,
    statement: statement.name,
    ...(statement.rights === "sysadmin" ? { account: SERVICE } : {}),
    parameters: Object.fromEntries(Object.keys(statement.parameters).map((name) => [name, valueOf(statement, name)])),
    identifiers: Object.fromEntries(statement.identifiers.map((name) => [name, String(VALUES[name])])),
  });

  before(async () => {
    folder = await sqlLab("sfb2015");
    for (const instance of [AG1, SQL01]) {
      await makeDatabase(folder, instance, "Own", { rows: 1 });
      await setRecovery(folder, instance, "Own", "FULL");
    }
    await addCertificate(folder, AG1, "backup", {
      thumbprint: "0xABCD",
      expires: "2030-01-01T00:00:00",
      keySaved: null,
    });
    for (const files of [1, 2, 4, 8]) {
      const names = files === 1 ? ["file"] : Array.from({ length: files }, (_, index) => `file${String(index + 1)}`);
      const [row] = await execute(folder, {
        instance: AG1,
        statement: files === 1 ? "backup-full" : `backup-full-${String(files)}-files`,
        parameters: {
          ...VALUES,
          ...Object.fromEntries(names.map((name) => [name, file(`read-${String(files)}-${name}.bak`)])),
        },
      });
      base = String(row?.["backup_set"]);
    }
    await execute(folder, {
      instance: AG1,
      statement: "backup-log",
      parameters: { ...VALUES, file: file("log.bak") },
    });
    await asAdministrator(folder, AG2, ({ world }) => {
      world.disk.makeFolder({ host: AG2, local: String.raw`C:\Restored` });
    });
  });

  for (const statement of CORPUS) {
    it(`${statement.name}: ${statement.purpose}`, async () => {
      for (const name of BEFORE[statement.name] ?? []) {
        const earlier = statementNamed(name);
        assert.ok(earlier);
        await execute(folder, call(earlier));
      }
      const rows = await execute(folder, call(statement));
      if (statement.columns.length === 0) assert.deepEqual(rows, []);
      for (const row of rows) {
        assert.deepEqual(Object.keys(row).sort(), statement.columns.toSorted());
        for (const value of Object.values(row)) assert.ok(value === null || typeof value === "string");
      }
    });
  }

  it("are the only ones: another is refused by its name", async () => {
    await assert.rejects(execute(folder, { instance: AG1, statement: "drop-everything", parameters: {} }), {
      code: "not-simulated",
      message: "The lab does not simulate the statement drop-everything yet.",
    });
  });
});
