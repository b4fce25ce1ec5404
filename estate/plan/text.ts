/** Text of an estate as a page may show it. */

/** What has no shape or turns the direction of a line is shown by its number; line ends are blanks. */
export const visible = (text: string): string =>
  text
    .replaceAll(/\s+/g, " ")
    .replaceAll(
      /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu,
      (one) => `U+${(one.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`,
    );

export interface TextRun {
  code: boolean;
  text: string;
}

/** What stands between two backticks is code; one alone is a backtick. */
export function runsOf(text: string): TextRun[] {
  const runs: TextRun[] = [];
  let from = 0;
  for (const match of text.matchAll(/`([^`]+)`/g)) {
    if (match.index > from) runs.push({ code: false, text: text.slice(from, match.index) });
    runs.push({ code: true, text: match[1] ?? "" });
    from = match.index + match[0].length;
  }
  if (from < text.length) runs.push({ code: false, text: text.slice(from) });
  return runs;
}
