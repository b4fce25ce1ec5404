import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { repositoryRoot } from "../../docs/pages/examples";
import { Name } from "../../estate/documents";
import {
  backupStatement,
  backupVariant,
  callOf,
  CORPUS,
  defineStatement,
  fileParameters,
  isAtLeast,
  MOST_MOVED,
  quoteIdentifier,
  restoreStatement,
  restoreVariant,
  statementNamed,
  STRIPES,
  textOf,
  verifyStatement,
  type Statement,
} from "../../estate/sql";
import { HOSTILE_NAMES } from "./support";
import { problemsOf, tokensOf } from "./tsql";

/**
 * A statement is changed on purpose only, because the lab executes it by its name and hosts by its text. To change one,
 * look at what executes it, and run this test with RECORD_STATEMENTS=1.
 */
const GOLDEN = path.join(repositoryRoot(), "test", "estate", "sql.golden.json");
const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 16);

describe("The corpus of T-SQL statements", () => {
  for (const statement of CORPUS) {
    it(`${statement.name} is what it says`, () => {
      assert.deepEqual(problemsOf(statement), []);
      assert.ok(Name.safeParse(statement.name).success);
      assert.equal(statementNamed(statement.name), statement);
      assert.doesNotMatch(`${statement.purpose}${statement.rights}`, /\.$/);
      assert.ok(statement.text.length < 8000);
      assert.equal(statement.text, statement.text.trim());
    });
  }

  it("has each name once, and no text that was changed by accident", () => {
    const found = Object.fromEntries(CORPUS.map(({ name, text }) => [name, hashOf(text)]));
    assert.equal(Object.keys(found).length, CORPUS.length);
    if (process.env["RECORD_STATEMENTS"] === "1") fs.writeFileSync(GOLDEN, `${JSON.stringify(found, null, 2)}\n`);
    assert.deepEqual(found, JSON.parse(fs.readFileSync(GOLDEN, "utf8")));
  });

  it("has everything for a server of 2008 R2 but what that cannot do", () => {
    const newer = CORPUS.filter(({ since }) => since !== "2008R2").map(({ name }) => name);
    assert.deepEqual(
      newer.filter((name) => !name.includes("encrypted")),
      ["certificate", "replicas-here", "database", "database-log"],
    );
    for (const { name, since } of CORPUS) if (name.includes("encrypted")) assert.ok(isAtLeast(since, "2014"), name);
  });

  it("uses an identifier only where the grammar takes no variable: for a certificate, a user, and what is dropped", () => {
    const own: Record<string, string[]> = { "drop-restored": ["database"], "database-user": ["user", "login"] };
    for (const { name, identifiers } of CORPUS) {
      assert.deepEqual(identifiers, own[name] ?? (name.includes("encrypted") ? ["certificate"] : []), name);
    }
  });

  it("has a statement for each way to restore, never past what is there unless its name says so", () => {
    for (const files of STRIPES) {
      for (const moved of [0, ...Array.from({ length: MOST_MOVED - 1 }, (_, index) => index + 2)]) {
        for (const replaces of [false, true]) {
          const variant = { files, moved, replaces };
          const { name, text, changes } = restoreStatement(variant);
          assert.deepEqual(restoreVariant(name), variant);
          assert.equal(text.match(/DISK = @/g)?.length, files);
          assert.equal(text.match(/MOVE @logical\d TO @path\d/g)?.length ?? 0, moved);
          assert.equal(/\bREPLACE\b/.test(text), replaces);
          assert.match(text, /WITH CHECKSUM, NORECOVERY/);
          assert.ok(changes);
        }
      }
    }
    assert.throws(() => restoreStatement({ files: 1, moved: 1, replaces: false }), /there is no statement/);
    assert.equal(restoreVariant("recover"), undefined);
  });

  it("is opened by one statement only: all others leave a restored database so that more can follow", () => {
    const opening = CORPUS.filter(({ text }) => /\bRECOVERY\b/.test(text.replace(/\bNORECOVERY\b/g, "")));
    assert.deepEqual(
      opening.map(({ name }) => name),
      ["recover"],
    );
  });

  it("has a statement for each way to back up, which says what it is, with checksums always", () => {
    for (const kind of ["full", "copy-only", "differential", "log"] as const) {
      for (const files of STRIPES) {
        for (const compressed of [false, true]) {
          for (const encrypted of [false, true]) {
            const variant = { kind, compressed, encrypted, files };
            if (kind === "log" && files > 1) {
              assert.throws(() => backupStatement(variant), /there is no statement backup-log/);
              continue;
            }
            const { name, text, columns } = backupStatement(variant);
            assert.deepEqual(backupVariant(name), variant);
            assert.equal(/\bBACKUP LOG\b/.test(text), kind === "log");
            assert.equal(/\bCOPY_ONLY\b/.test(text), kind === "copy-only");
            assert.equal(/\bDIFFERENTIAL\b/.test(text), kind === "differential");
            assert.equal(/\bCOMPRESSION\b/.test(text), compressed);
            assert.equal(/\bENCRYPTION\b/.test(text), encrypted);
            assert.equal(text.match(/DISK = @/g)?.length, files);
            assert.match(text, /WITH .*\bCHECKSUM\b/);
            assert.equal(columns.includes("base_set"), kind === "differential");
          }
        }
      }
    }
    for (const files of STRIPES) assert.match(verifyStatement(files).text, /^RESTORE VERIFYONLY .* WITH CHECKSUM;$/);
    assert.deepEqual(fileParameters(2), ["file1", "file2"]);
    assert.equal(backupVariant("verify-only"), undefined);
  });
});

describe("The check of a statement", () => {
  const problems = (text: string, more: Partial<Statement> = {}): string[] =>
    problemsOf(defineStatement({ name: "x", purpose: "x", rights: "x", text, ...more }));
  const finds = (text: string, pattern: RegExp, more: Partial<Statement> = {}): void => {
    const found = problems(text, more);
    assert.ok(
      found.some((one) => pattern.test(one)),
      `${text}: ${found.join("; ")}`,
    );
  };

  it("finds what does not parse, what is too new, what destroys and what is secret", () => {
    assert.deepEqual(problems("SELECT a = 1;", { columns: ["a"] }), []);
    finds("SELECT 1", /semicolon/);
    finds("SELECT (1;", /bracket open/);
    finds("SELECT 1);", /bracket too many/);
    finds("SELECT N'x;", /no T-SQL/);
    finds("SELECT 1; -- why", /no T-SQL|statement/);
    finds("SELECT CASE WHEN 1 = 1 THEN 1;", /END/);
    finds("PRINT 1;", /begins with PRINT/);
    finds("SELECT 1; PRINT 1;", /statement PRINT/);
    finds("SELECT IIF(1 = 1, 1, 2);", /IIF, which came with 2012/);
    assert.deepEqual(problems("SELECT IIF(1 = 1, 1, 2);", { since: "2012" }), []);
    finds("BACKUP DATABASE @a TO DISK = @b WITH ENCRYPTION;", /ENCRYPTION, which came with 2014/, { since: "2012" });
    finds("DROP DATABASE x;", /says DROP/);
    finds("RESTORE DATABASE @a FROM DISK = @b;", /restores DATABASE/);
    finds("DELETE FROM x;", /says DELETE/, { changes: true });
    finds("SELECT 1; EXEC x;", /says EXEC/);
    finds("EXEC msdb.dbo.sp_delete_job @job_name = N'x';", /says EXEC/);
    finds("EXEC msdb.dbo.sp_purge_jobhistory;", /says EXEC/, { changes: true });
    finds("BEGIN TRY SELECT 1;", /END/);
    finds("SELECT password_hash FROM sys.sql_logins;", /reads PASSWORD_HASH/);
    finds("SELECT @a;", /@a, which is no parameter/);
    finds("SELECT 1;", /@a that it does not use/, { parameters: { a: "int" } });
    finds("SELECT clustered = 1;", /clustered, which is reserved/);
    finds("SELECT 1;", /no column b/, { columns: ["b"] });
    finds("SELECT 1;", /does not use \{c\}/, { identifiers: ["c"] });
    finds("SELECT {c};", /needs the identifier c/);
  });
});

describe("A quoted identifier", () => {
  const HOSTILE = [
    ...HOSTILE_NAMES,
    "a]b",
    "]",
    "]]",
    "[",
    "x]; DROP DATABASE rtcxds; --",
    "{certificate}",
    "a$&b",
    "']",
  ];

  it("is one token that stands for exactly the name, however hostile", () => {
    const one = (name: string): void => {
      const [token, ...more] = tokensOf(quoteIdentifier(name));
      assert.deepEqual([token?.kind, more], ["identifier", []]);
      assert.equal(token?.text.slice(1, -1).replaceAll("]]", "]"), name);
    };
    for (const name of HOSTILE) {
      if (name.length >= 1 && name.length <= 128 && !name.includes("\u0000")) one(name);
      else assert.throws(() => quoteIdentifier(name), /1 to 128 characters/);
    }
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 128, unit: "binary" }), (name) => {
        fc.pre(name.length <= 128 && !name.includes("\u0000"));
        one(name);
      }),
    );
  });

  it("is put into the text once, and what it brings along is not looked at again", () => {
    const text = "A {a} B {b} C {a};";
    assert.equal(textOf({ text }, { a: "{b}", b: "$&]" }), "A [{b}] B [$&]]] C [{b}];");
    assert.throws(() => textOf({ text }, { a: "x" }), /needs the identifier b/);
    assert.throws(() => textOf({ text: "{constructor}" }), /needs the identifier constructor/);
  });
});

describe("A call of a statement", () => {
  it("has exactly the parameters and identifiers that the statement declares", () => {
    const statement = verifyStatement(2);
    const call = callOf(statement, { file1: "a", file2: "b" });
    assert.deepEqual([call.statement, call.text, call.select], [statement.name, statement.text, []]);
    assert.throws(() => callOf(statement, { file1: "a" }), /takes the parameters file1, file2, not file1/);
    assert.throws(() => callOf(statement, { file1: "a", file2: "b" }, { x: "y" }), /takes the identifiers , not x/);
  });
});
