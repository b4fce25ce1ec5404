import { failOverDatabase, foreignBackup, setRecovery, stopSqlAgent, stopSqlServer } from "../lab/sql/edits";
import { SqlError } from "../lab/sql/error";
import { CliError } from "./output";

/** What happens to the SQL Servers of the lab. */

export type Change = (
  usage: string,
  description: string,
  work: (folder: string, ...words: string[]) => Promise<string>,
) => void;

const KINDS = { full: "full", "copy-only": "copy-only", differential: "differential", log: "log" } as const;
const RECOVERIES = { simple: "SIMPLE", full: "FULL", "bulk-logged": "BULK_LOGGED" } as const;

export function addSqlCommands(change: Change): void {
  change("sql-stop <instance>", "the service of a SQL Server stops", async (folder, instance = "") => {
    await stopSqlServer(folder, instance);
    return `${instance} is stopped.`;
  });
  change("sql-start <instance>", "the service of a SQL Server starts again", async (folder, instance = "") => {
    await stopSqlServer(folder, instance, false);
    return `${instance} runs.`;
  });
  change(
    "agent-stop <instance>",
    "SQL Server Agent stops; what falls due is not made up for",
    async (folder, instance = "") => {
      await stopSqlAgent(folder, instance);
      return `The Agent of ${instance} is stopped.`;
    },
  );
  change("agent-start <instance>", "SQL Server Agent starts again", async (folder, instance = "") => {
    await stopSqlAgent(folder, instance, false);
    return `The Agent of ${instance} runs, unless it is Express.`;
  });
  change(
    "sql-fail-over <instance> <database>",
    "the partners of a database change their parts",
    async (folder, instance = "", database = "") => {
      await failOverDatabase(folder, instance, database);
      return `${database} has another principal than it had.`;
    },
  );
  change(
    "sql-backup <instance> <database> <kind>",
    "somebody else makes a backup: full, copy-only, differential or log",
    async (folder, instance = "", database = "", kind = "") => {
      const { set } = await said(foreignBackup(folder, instance, database, oneOf(KINDS, kind)));
      return `Somebody has made the ${kind} backup ${set} of ${database}.`;
    },
  );
  change(
    "sql-recovery <instance> <database> <model>",
    "somebody changes the recovery model: simple, full or bulk-logged",
    async (folder, instance = "", database = "", model = "") => {
      await said(setRecovery(folder, instance, database, oneOf(RECOVERIES, model)));
      return `${database} is in ${model} recovery.`;
    },
  );
}

function oneOf<T>(words: Readonly<Record<string, T>>, word: string): T {
  const found = Object.hasOwn(words, word) ? words[word] : undefined;
  if (found !== undefined) return found;
  throw new CliError(`${word} is none of ${Object.keys(words).join(", ")}`, 2);
}

/** What SQL Server answers is for the person at the keyboard. */
const said = <T>(asked: Promise<T>): Promise<T> =>
  asked.catch((error: unknown) => {
    throw error instanceof SqlError ? new CliError(error.message) : error;
  });
