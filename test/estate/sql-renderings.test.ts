import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import fc from "fast-check";
import { describe, it } from "mocha";
import { writeCorpus } from "../../cli/sql-corpus";
import { sqlJobs } from "../../estate/jobs/sql";
import { CORPUS, GRAMMARS, isAtLeast, quoteIdentifier } from "../../estate/sql";
import { HOSTILE_IDENTIFIERS, renderings } from "../../estate/sql/renderings";
import { declarations } from "./sql-declarations";
import { tokensOf } from "./tsql";

const all = renderings();
const textsOf = (grammar: number): Set<string> =>
  new Set(all.flatMap((one) => (one.grammar === grammar ? [one.text] : [])));

describe("The texts that can reach a SQL Server", () => {
  it("are all that any declaration can send, by the grammar of its release", () => {
    const texts = new Map(Object.values(GRAMMARS).map((grammar) => [grammar, textsOf(grammar)]));
    const constants = new Map(CORPUS.map((statement) => [statement.name, statement]));
    fc.assert(
      fc.property(declarations, (declared) => {
        for (const job of Object.values(sqlJobs(declared)) as { steps: object[] }[]) {
          for (const step of job.steps as { kind: string; statement: string; text: string; identifiers: object }[]) {
            if (step.kind !== "sql") continue;
            const statement = constants.get(step.statement);
            assert.equal(step.text, statement?.text);
            assert.ok(statement && isAtLeast(declared.release, statement.since), step.statement);
            const isWritten = texts.get(GRAMMARS[declared.release])?.has(step.text);
            assert.ok(Object.keys(step.identifiers).length > 0 || isWritten, step.statement);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it("hold each hostile name as one token", () => {
    for (const { file, text, grammar } of all) {
      const index = /\.(\d+)\.sql$/.exec(file)?.[1];
      if (index === undefined || grammar !== GRAMMARS["2022"]) continue;
      const name = HOSTILE_IDENTIFIERS[Number(index) - 1] ?? "";
      const quoted = quoteIdentifier(name);
      assert.ok(
        tokensOf(text).some((token) => token.kind === "identifier" && token.text === quoted),
        file,
      );
    }
  });

  it("are written into a folder for each grammar, and what was there before is gone", () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "lync-backup-corpus-"));
    try {
      fs.mkdirSync(path.join(folder, "100"));
      fs.writeFileSync(path.join(folder, "100", "old.sql"), "SELECT 1;");
      assert.equal(writeCorpus(folder), all.length);
      assert.deepEqual(fs.readdirSync(folder).sort(), Object.values(GRAMMARS).map(String).sort());
      const files = fs.readdirSync(path.join(folder, "100"));
      assert.deepEqual(
        files.filter((name) => name === "old.sql" || name.includes("encrypted")),
        [],
      );
      assert.equal(
        fs.readFileSync(path.join(folder, "120", "backup-full.sql"), "utf8"),
        `${String(CORPUS.find(({ name }) => name === "backup-full")?.text)}\n`,
      );
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  });
});
