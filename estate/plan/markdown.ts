import type { BackupPlan } from "../documents";
import { calendarRows } from "./calendar-rows";
import { outlineOf, type Block } from "./outline";
import { runsOf, visible } from "./text";

/** A plan as Markdown. What the estate says is text and nothing else: no link, no heading, no HTML comes of it. */
export function renderMarkdown(plan: BackupPlan): string {
  const { title, about, sections } = outlineOf(plan);
  return `${[
    `# ${inline(title)}`,
    ...about.map(paragraph),
    ...sections.flatMap((section) => [
      `${"#".repeat(section.level)} ${inline(section.title)}`,
      ...section.blocks.map(blockText),
    ]),
  ].join("\n\n")}\n`;
}

function blockText(block: Block): string {
  switch (block.is) {
    case "text":
      return paragraph(block.text);
    case "steps":
      return block.items
        .map((item, index) => `${String(index + 1)}. **${inline(item.title)}.** ${inline(item.text)}`)
        .join("\n");
    case "table":
      return table(block.columns, block.rows);
    case "calendar": {
      const { columns, rows } = calendarRows(block.calendar, block.jobs);
      return table(
        columns,
        rows.map(({ job, cells }) => [job, ...cells]),
      );
    }
  }
}

function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(inline).join(" | ")} |`;
  return [line(columns), `|${columns.map(() => " --- |").join("")}`, ...rows.map(line)].join("\n");
}

/** What begins a line must not begin a list, a heading or a quotation. */
const paragraph = (text: string): string => inline(text).replace(/^([#+>=-]|\d+[.)])/, String.raw`\$1`);

/** Code stays as it is, but for one with a bar in it, which would end the cell. */
const inline = (text: string): string =>
  runsOf(visible(text))
    .map(({ code, text: run }) =>
      code && !run.includes("|") ? `\`${run}\`` : run.replaceAll(/[\\`*_[\]<>&|~$]/g, String.raw`\$&`),
    )
    .join("");
