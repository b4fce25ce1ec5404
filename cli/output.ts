import pc from "picocolors";

/** What the CLI writes: results on standard output, progress and errors on standard error. */
const onTerminal = Boolean(process.stdout.isTTY) && (process.env["NO_COLOR"] ?? "") === "";
/** Decided here: left to itself the package colours whatever a CI system reads. */
export const colours = pc.createColors(onTerminal);

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}
/** The result: as JSON where that was asked for, else in words. */
export function answer({ json }: { json?: boolean }, value: unknown, words: () => string): void {
  if (json === true) printJson(value);
  else print(words());
}
export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** A failure that the user is told about in its own words, without a stack. */
export class CliError extends Error {
  override readonly name = "CliError";
  constructor(
    message: string,
    readonly exitCode = 1,
  ) {
    super(message);
  }
}

// eslint-disable-next-line no-control-regex -- the escape character is what colours are made of
const ESCAPES = /\u001b\[[0-9;]*m/g;
export const widthOf = (text: string): number => [...text.replace(ESCAPES, "")].length;

export function padded(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - widthOf(text)));
}

/** Columns under their heads, two blanks apart; as wide as they need be. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = heads.map((head, column) => Math.max(widthOf(head), ...rows.map((row) => widthOf(row[column] ?? ""))));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => padded(cell, widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  return [colours.bold(line(heads)), ...rows.map(line)].join("\n");
}

/** Too long a line loses its end, and its colours with it, rather than breaking the frame. */
function cut(line: string, width: number): string {
  return widthOf(line) <= width ? line : `${[...line.replace(ESCAPES, "")].slice(0, width - 1).join("")}…`;
}

/** A frame around lines, with a title in its upper edge. */
export function box(title: string, lines: readonly string[], width: number): string[] {
  const inner = width - 4;
  return [
    `┌─ ${colours.bold(title)} ${"─".repeat(Math.max(0, inner - widthOf(title) - 1))}┐`,
    ...lines.map((line) => `│ ${padded(cut(line, inner), inner)} │`),
    `└${"─".repeat(width - 2)}┘`,
  ];
}

export function sizeText(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 ? String(value) : value.toFixed(value < 10 ? 1 : 0)} ${units[power] ?? "B"}`;
}

/** `3 h 20 min`: the two largest units. */
export function ageText(milliseconds: number): string {
  const minutes = Math.max(0, Math.floor(milliseconds / 60_000));
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60];
  if (days > 0) return hours > 0 ? `${String(days)} d ${String(hours)} h` : `${String(days)} d`;
  if (hours > 0) return rest > 0 ? `${String(hours)} h ${String(rest)} min` : `${String(hours)} h`;
  return `${String(rest)} min`;
}
