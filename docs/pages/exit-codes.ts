import path from "node:path";
import { repositoryRoot } from "./examples";
import { markdown, table, type Page } from "./page";

interface ExitCode {
  code: number;
  means: string;
  todo: string;
}

/** Of the command line itself; those of set-up stand in tools/setup/exit-codes.js. */
const OWN: readonly ExitCode[] = [
  { code: 0, means: "Done.", todo: "" },
  {
    code: 1,
    means: "Something failed. Standard error says what, where, and what to do.",
    todo: "Read standard error.",
  },
  {
    code: 2,
    means: "The command line is wrong, or names something that does not exist.",
    todo: "Standard error says what is expected, or names what does exist.",
  },
  {
    code: 3,
    means: "Offsite storage was looked at, and sets there are damaged.",
    todo: "Standard output names them, and says whether an earlier version is right. Carry them again while the target has them.",
  },
  {
    code: 6,
    means: "The engine's: there is no stack of that name.",
    todo: "`npm run pulumi -- stack init NAME`.",
  },
  {
    code: 7,
    means: "The engine's: changes or drift, where `--expect-no-changes` was given.",
    todo: "`pulumi up --refresh`, after a look at the preview.",
  },
];

export function exitCodePages(): Page[] {
  const rows = [...OWN, ...setUpCodes()]
    .sort((a, b) => a.code - b.code)
    .map(({ code, means, todo }) => [String(code), means, todo]);
  return [
    markdown(
      "exit-codes.md",
      "# Exit codes",
      "What scripts can trust. `npm start`, `npm test`, `npm run pulumi` and `npm run lync-backup` set themselves up first, so that they can end in any of these.",
      table(["Code", "Means", "What to do"], rows),
    ),
  ];
}

function setUpCodes(): ExitCode[] {
  const file = path.join(repositoryRoot(), "tools", "setup", "exit-codes.js");
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- plain JavaScript, which runs before anything is compiled
  return Object.values((require(file) as { exitCodes: Record<string, ExitCode> }).exitCodes);
}
