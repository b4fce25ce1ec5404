import { backupVariant, CORPUS, GRAMMARS, type Statement } from "../../estate/sql";
import { code, markdown, table, type Page } from "./page";

/** The page that a database administrator reads and checks before anything of it reaches a server. */

/** One of each kind is shown; the others differ in options only. */
const isShown = ({ name }: Statement): boolean => {
  const variant = backupVariant(name);
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
      "These statements and no others. Each is a constant: what is declared reaches the server as parameters, and no statement is put together from it. The one exception are names for which T-SQL takes no variable, the certificate that encrypts backups: it stands as `{certificate}` and is put there in brackets, each closing one doubled.",
      `A statement is sent to no server that is older than the release it is for; the grammars are those of ${releases}. None of them changes data.`,
      table(
        ["Statement", "What it is for", "Needs", "From"],
        CORPUS.map(({ name, purpose, rights, since }) => [code(name), purpose, rights, since]),
      ),
      "## Texts",
      "Of backups and verifications one of each kind; the others differ in their options only.",
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
