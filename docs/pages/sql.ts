import { backupVariant, CORPUS, GRAMMARS, restoreVariant, type Statement } from "../../estate/sql";
import { code, markdown, table, type Page } from "./page";

/** The page that a database administrator reads and checks before anything of it reaches a server. */

/** One of each kind is shown; the others differ in options only. */
const isShown = ({ name }: Statement): boolean => {
  const variant = backupVariant(name);
  const restore = restoreVariant(name);
  if (restore) return restore.files === 1 && restore.moved <= 2 && (restore.moved === 0 || !restore.replaces);
  return variant ? !variant.compressed && !variant.encrypted && variant.files === 1 : !/^verify-only-/.test(name);
};

export function sqlPages(): Page[] {
  const releases = Object.entries(GRAMMARS)
    .toSorted(([, a], [, b]) => a - b)
    .map(([release, grammar]) => `${release} (${String(grammar)})`)
    .join(", ");
  return [
    markdown(
      "sql.md",
      "# What is sent to SQL Server",
      "These statements and no others. Each is a constant: what is declared reaches the server as parameters, and no statement is put together from it. The one exception are names for which T-SQL takes no variable: the certificate that encrypts backups, a user and its login, a database that is dropped. They stand as `{certificate}` and are put there in brackets, each closing one doubled.",
      `A statement is sent to no server that is older than the release it is for; the grammars are those of ${releases}. Those that change something say so; they stand in restores and drills, or make the Agent jobs that one declares, and no job that runs on a schedule may have one.`,
      table(
        ["Statement", "What it is for", "Needs", "From", "Changes"],
        CORPUS.map(({ name, purpose, rights, since, changes }) => [
          code(name),
          purpose,
          rights,
          since,
          changes ? "yes" : "no",
        ]),
      ),
      "## Texts",
      "Of backups, verifications and restores one of each kind; the others differ in their options only.",
      ...CORPUS.filter(isShown).flatMap(({ name, text, parameters }) => [
        `### ${name}`,
        ...(Object.keys(parameters).length > 0
          ? [
              Object.entries(parameters)
                .map(([parameter, type]) => code(`@${parameter} ${type}`))
                .join(", "),
            ]
          : []),
        `\`\`\`sql\n${text}\n\`\`\``,
      ]),
    ),
  ];
}
