import { GRAMMARS, isAtLeast, textOf, type Release, type Statement } from "../../estate/sql";

/** As much of T-SQL as one can check by hand: words, brackets, what came with which release, what destroys. */

export interface Token {
  kind: "word" | "variable" | "string" | "identifier" | "number" | "mark";
  text: string;
}

const TOKEN =
  /(?<string>N?'(?:[^']|'')*')|(?<identifier>\[(?:[^\]]|\]\])+\]|"(?:[^"]|"")+")|(?<variable>@@?[A-Za-z]\w*)|(?<word>[A-Za-z_]\w*)|(?<number>\d+(?:\.\d+)?)|(?<mark>[(),;.=<>*+/-])|(?<space>\s+)/suy;

/** Throws where something is no token of T-SQL: an unclosed string, a brace, a comment. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const groups = TOKEN.exec(text)?.groups;
    if (!groups) throw new Error(`no T-SQL from here on: ${text.slice(at, at + 40)}`);
    const [kind, found] = Object.entries(groups).find(([, one]) => one !== undefined) ?? [];
    if (kind !== "space") tokens.push({ kind: kind as Token["kind"], text: String(found) });
  }
  return tokens;
}

/** What the grammar of a release does not have, or the server of that release does not know. */
const CAME_WITH: Record<Release, readonly string[]> = {
  "2008R2": [],
  "2012": [
    ...["IIF", "THROW", "CONCAT", "FORMATMESSAGE", "TRY_CONVERT", "CHOOSE", "EOMONTH", "FETCH", "LAG", "LEAD", "PARSE"],
    ...["fn_hadr_backup_is_preferred_replica", "dm_hadr_availability_replica_states", "availability_groups"],
    ...["dm_hadr_database_replica_states", "replica_id"],
  ],
  "2014": ["ENCRYPTION", "key_algorithm", "encryptor_thumbprint"],
  "2016": ["STRING_SPLIT", "OPENJSON", "JSON_VALUE", "JSON_QUERY", "SESSION_CONTEXT"],
  "2017": ["STRING_AGG", "TRIM", "CONCAT_WS", "TRANSLATE"],
  "2019": [],
  "2022": ["GREATEST", "LEAST", "GENERATE_SERIES", "DATETRUNC"],
};

/** As Microsoft lists them: none may stand for a column without brackets. */
const RESERVED = new Set(
  (
    "add all alter and any as asc authorization backup begin between break browse bulk by cascade case check checkpoint " +
    "close clustered coalesce collate column commit compute constraint contains containstable continue convert create " +
    "cross current current_date current_time current_timestamp current_user cursor database dbcc deallocate declare " +
    "default delete deny desc disk distinct distributed double drop dump else end errlvl escape except exec execute " +
    "exists exit external fetch file fillfactor for foreign freetext freetexttable from full function goto grant group " +
    "having holdlock identity identity_insert identitycol if in index inner insert intersect into is join key kill left " +
    "like lineno load merge national nocheck nonclustered not null nullif of off offsets on open opendatasource openquery " +
    "openrowset openxml option or order outer over percent pivot plan precision primary print proc procedure public " +
    "raiserror read readtext reconfigure references replication restore restrict return revert revoke right rollback " +
    "rowcount rowguidcol rule save schema securityaudit select semantickeyphrasetable session_user set setuser shutdown " +
    "some statistics system_user table tablesample textsize then to top tran transaction trigger truncate try_convert " +
    "tsequal union unique unpivot update updatetext use user values varying view waitfor when where while with within " +
    "writetext"
  ).split(" "),
);

const STATEMENTS = new Set(["SELECT", "SET", "DECLARE", "IF", "BACKUP", "RESTORE", "BEGIN", "END", "RETURN", "DBCC"]);
/** What restores, drills and the making of Agent jobs may do besides. */
const CHANGING = new Set(["DROP", "CREATE", "ALTER", "EXECUTE", "EXEC", "ELSE", "WHILE", "COMMIT", "RAISERROR"]);
/** Nothing that runs unattended may say one of these. RESTORE reads where VERIFYONLY, HEADERONLY or FILELISTONLY follows. */
const DESTRUCTIVE = new Set(
  "ALTER DROP CREATE DELETE INSERT UPDATE MERGE TRUNCATE KILL SHUTDOWN GRANT REVOKE DENY EXEC EXECUTE RECONFIGURE USE INTO".split(
    " ",
  ),
);
const READS = new Set(["VERIFYONLY", "HEADERONLY", "FILELISTONLY"]);
/** What makes an Agent job, and takes one away: these procedures of msdb, and no others. */
const AGENT_PROCEDURES = new Set(
  "add_category add_job add_jobserver add_jobstep add_jobschedule update_job update_schedule delete_job delete_jobstep detach_schedule start_job"
    .split(" ")
    .map((name) => `msdb.dbo.sp_${name}`),
);
const SECRETS = ["PASSWORD_HASH", "LOGINPROPERTY", "SYSLOGINS", "CREDENTIALS"];

/** Everything that is wrong with a statement, in sentences. */
export function problemsOf(statement: Statement): string[] {
  const { name, text, parameters, identifiers, columns, since, changes } = statement;
  const problems: string[] = [];
  const say = (what: string): void => {
    problems.push(`${name}: ${what}`);
  };
  for (const identifier of identifiers) if (!text.includes(`{${identifier}}`)) say(`does not use {${identifier}}`);
  let tokens: Token[];
  try {
    tokens = tokensOf(textOf(statement, Object.fromEntries(identifiers.map((one) => [one, "x]y; DROP"]))));
  } catch (error) {
    return [`${name}: ${(error as Error).message}`];
  }
  const words = tokens.map(({ kind, text: one }) => (kind === "word" ? one.toUpperCase() : ""));

  balance(tokens, words).forEach(say);
  starts(words, tokens, changes ? new Set([...STATEMENTS, ...CHANGING]) : STATEMENTS).forEach(say);
  for (const [index, word] of words.entries()) {
    const isAllowed = changes && CHANGING.has(word) && (word !== "EXEC" || isAgentCall(tokens, index));
    if (DESTRUCTIVE.has(word) && !isAllowed) say(`says ${word}`);
    if (word === "RESTORE" && !changes && !READS.has(words[index + 1] ?? ""))
      say(`restores ${String(words[index + 1])}`);
    if (SECRETS.includes(word)) say(`reads ${word}`);
  }
  for (const release of Object.keys(GRAMMARS) as Release[]) {
    if (isAtLeast(since, release)) continue;
    const newer = new Set(CAME_WITH[release].map((word) => word.toUpperCase()));
    for (const [index, word] of words.entries())
      if (newer.has(word) && !isAlias(tokens, index))
        say(`uses ${word}, which came with ${release}, and is for ${since}`);
  }

  const own = new Set<string>();
  const used = new Set<string>();
  for (const [index, { kind, text: one }] of tokens.entries()) {
    if (kind !== "variable" || one.startsWith("@@") || isArgument(tokens, index)) continue;
    const end = tokens.slice(0, index).findLastIndex((before) => before.text === ";");
    const isDeclared = words[end + 1] === "DECLARE";
    (isDeclared ? own : used).add(one.slice(1));
  }
  for (const one of own) used.delete(one);
  const declared = Object.keys(parameters);
  for (const one of used) if (!declared.includes(one)) say(`uses @${one}, which is no parameter`);
  for (const one of declared) if (!used.has(one)) say(`has a parameter @${one} that it does not use`);

  const aliases = new Set(tokens.flatMap((token, index) => (isAlias(tokens, index) ? [token.text] : [])));
  for (const alias of aliases) if (RESERVED.has(alias.toLowerCase())) say(`calls a column ${alias}, which is reserved`);
  for (const column of columns) {
    if (!words.includes("SELECT") || aliases.has(column) || words.includes(column.toUpperCase())) continue;
    say(`has no column ${column}`);
  }
  return problems;
}

const isAgentCall = (tokens: readonly Token[], index: number): boolean =>
  AGENT_PROCEDURES.has(
    tokens
      .slice(index + 1, index + 6)
      .map(({ text }) => text)
      .join(""),
  );

/** `@name = …` in a call: the procedure's own. */
function isArgument(tokens: readonly Token[], index: number): boolean {
  const verb = tokens
    .slice(0, index)
    .findLast(({ kind, text }) => text === ";" || (kind === "word" && /^(EXEC|SET|SELECT)$/i.test(text)));
  return verb?.text.toUpperCase() === "EXEC" && tokens[index + 1]?.text === "=";
}

const VERBS = new Set(["SELECT", "BACKUP", "RESTORE"]);

/** `name = …` at the head of a column, not in a condition. */
function isAlias(tokens: readonly Token[], index: number): boolean {
  if (tokens[index]?.kind !== "word" || tokens[index + 1]?.text !== "=") return false;
  const verb = tokens.slice(0, index).findLast(({ kind, text }) => kind === "word" && VERBS.has(text.toUpperCase()));
  if (verb?.text.toUpperCase() !== "SELECT") return false;
  const before = tokens[index - 1];
  return (
    before?.text === "," ||
    before?.text.toUpperCase() === "SELECT" ||
    (before?.text === ")" && tokens[index - 3]?.text.toUpperCase() === "TOP")
  );
}

function balance(tokens: readonly Token[], words: readonly string[]): string[] {
  let depth = 0;
  for (const { kind, text } of tokens) {
    if (kind !== "mark") continue;
    if (text === "(") depth++;
    if (text === ")") depth--;
    if (depth < 0) return ["closes a bracket too many"];
  }
  const opens = (word: string, index: number): boolean =>
    word === "CASE" || (word === "BEGIN" && words[index + 1] !== "TRANSACTION");
  const blocks = words.filter(opens).length;
  const ends = words.filter((word) => word === "END").length;
  return [
    ...(depth > 0 ? ["leaves a bracket open"] : []),
    ...(blocks === ends ? [] : ["has not as many END as BEGIN and CASE"]),
  ];
}

/** Each statement of the batch begins with one of a few words, and ends with a semicolon. */
function starts(words: readonly string[], tokens: readonly Token[], known: ReadonlySet<string>): string[] {
  const problems = tokens.at(-1)?.text === ";" ? [] : ["does not end with a semicolon"];
  for (const [index, { text }] of tokens.entries()) {
    const next = words[index + 1];
    if (text === ";" && next !== undefined && !known.has(next)) problems.push(`has a statement ${next}`);
  }
  if (!known.has(words[0] ?? "")) problems.push(`begins with ${String(words[0])}`);
  return problems;
}
