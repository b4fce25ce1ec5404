import { readFileSync } from "node:fs";
import path from "node:path";
import { repositoryRoot } from "./examples";
import { MARK, type Page } from "./page";

/** What `npm start` ends in, as a picture. The text is recorded; a test holds it against what the lab really shows. */
export function picturePages(): Page[] {
  const text = readFileSync(path.join(repositoryRoot(), "docs", "examples", "estate.txt"), "utf8");
  return [{ path: "estate.svg", text: terminal(text.trimEnd().split("\n")), asIs: true }];
}

const CELL = { width: 8.43, height: 18 };
const MARGIN = 20;
const COLOURS: readonly (readonly [marks: RegExp, colour: string])[] = [
  [/[┌┐└┘│─]/, "#5c6773"],
  [/●/, "#7fd962"],
  [/○/, "#ffb454"],
  [/[━▶]/, "#39bae6"],
];
const PLAIN = "#d9d7ce";

function terminal(lines: readonly string[]): string {
  const columns = Math.max(...lines.map((line) => [...line].length));
  const width = Math.ceil(columns * CELL.width + 2 * MARGIN);
  const height = lines.length * CELL.height + 2 * MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(width)} ${String(height)}" width="${String(width)}" height="${String(height)}" role="img" aria-label="The estate of the lab">`,
    `<!-- ${MARK} -->`,
    `<rect width="100%" height="100%" rx="10" fill="#0f1419"/>`,
    `<g font-family="ui-monospace, 'Cascadia Mono', Consolas, 'DejaVu Sans Mono', Menlo, monospace" font-size="14" xml:space="preserve">`,
    ...lines.flatMap((line, row) => spans(line, MARGIN + (row + 0.8) * CELL.height, row === 0)),
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}

/** Runs of one colour; each is given its width, so that no font moves a column. */
function spans(line: string, y: number, bold: boolean): string[] {
  const runs: { column: number; text: string; colour: string }[] = [];
  for (const [column, character] of [...line].entries()) {
    const colour = COLOURS.find(([marks]) => marks.test(character))?.[1] ?? PLAIN;
    const last = runs.at(-1);
    if (last?.colour === colour && last.column + [...last.text].length === column) last.text += character;
    else runs.push({ column, text: character, colour });
  }
  return runs
    .filter(({ text }) => text.trim() !== "")
    .map(({ column, text, colour }) => {
      const x = (MARGIN + column * CELL.width).toFixed(1);
      const length = ([...text].length * CELL.width).toFixed(1);
      const weight = bold ? ' font-weight="bold"' : "";
      return `<text x="${x}" y="${y.toFixed(1)}" textLength="${length}" fill="${colour}"${weight}>${escaped(text)}</text>`;
    });
}

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
