import type { BackupPlan, Calendar, PlannedJob } from "../documents";
import { minutesOf, windowMinutes } from "../schedules/day";
import { calendarRows, type CalendarRow } from "./calendar-rows";
import { outlineOf, type Block, type Outline, type Section } from "./outline";
import { STYLE } from "./style";
import { runsOf, visible } from "./text";

/** A plan as one HTML file: no script, nothing loaded from elsewhere, for screens, screen readers and paper. */
export function renderHtml(plan: BackupPlan): string {
  const outline = outlineOf(plan);
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escaped(outline.title)}</title>`,
    `<style>${STYLE}</style>`,
    "</head>",
    "<body>",
    '<a class="skip" href="#plan">To the plan</a>',
    contents(outline),
    '<main id="plan">',
    `<h1>${inline(outline.title)}</h1>`,
    ...outline.about.map((text) => `<p>${inline(text)}</p>`),
    ...outline.sections.map(sectionText),
    "</main>",
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

function contents({ sections }: Outline): string {
  const parts = sections.flatMap((section, index) =>
    section.level === 2 ? [`<li><a href="#${idOf(index)}">${inline(section.title)}</a></li>`] : [],
  );
  return `<nav aria-label="Contents"><ol>\n${parts.join("\n")}\n</ol></nav>`;
}

/** By number: titles may hold names of the estate. */
const idOf = (index: number): string => `part-${String(index + 1)}`;

function sectionText({ title, level, blocks }: Section, index: number): string {
  const id = idOf(index);
  const head = `<h${String(level)} id="${id}">${inline(title)}</h${String(level)}>`;
  return [
    `<section aria-labelledby="${id}">`,
    head,
    ...blocks.map((block, place) => blockText(block, title, `${id}-${String(place + 1)}`)),
    "</section>",
  ].join("\n");
}

function blockText(block: Block, title: string, id: string): string {
  switch (block.is) {
    case "text":
      return `<p>${inline(block.text)}</p>`;
    case "steps":
      return `<ol class="steps">\n${block.items
        .map((item) => `<li><strong>${inline(item.title)}.</strong> ${inline(item.text)}</li>`)
        .join("\n")}\n</ol>`;
    case "table":
      return table(block.columns, block.rows, title, id);
    case "calendar":
      return calendar(block.calendar, block.jobs, id);
  }
}

/** Wide tables are moved sideways, by keys too. */
const region = (id: string, caption: string, rows: readonly string[], kind = ""): string =>
  [
    `<div class="wide" role="region" aria-labelledby="${id}" tabindex="0">`,
    `<table${kind}>`,
    `<caption id="${id}">${inline(caption)}</caption>`,
    ...rows,
    "</table>",
    "</div>",
  ].join("\n");

function table(columns: readonly string[], rows: readonly (readonly string[])[], title: string, id: string): string {
  const kept = columns.indexOf("Kept");
  return region(id, title, [
    `<thead><tr>${columns.map((column) => `<th scope="col">${inline(column)}</th>`).join("")}</tr></thead>`,
    "<tbody>",
    ...rows.map(([first = "", ...cells]) => {
      const rest = cells.map(
        (cell, index) => `<td${index + 1 === kept ? (MARKS[cell] ?? "") : ""}>${inline(cell)}</td>`,
      );
      return `<tr><th scope="row">${inline(first)}</th>${rest.join("")}</tr>`;
    }),
    "</tbody>",
  ]);
}

const MARKS: Readonly<Record<string, string>> = {
  yes: ' class="yes"',
  no: ' class="no"',
  "by hand": ' class="by-hand"',
};

const KINDS: Readonly<Record<PlannedJob["setKind"], string>> = {
  full: "Full",
  "copy-only": "Full, copy only",
  differential: "Differential",
  incremental: "Incremental",
  log: "Log",
};

/** Each day is a line from midnight to midnight: starts are marks on it, repetitions bands. The times stand below. */
function calendar(week: Calendar, jobs: readonly PlannedJob[], id: string): string {
  const { columns, rows } = calendarRows(week, jobs);
  const kinds = new Map(jobs.map(({ name, setKind }) => [name, setKind]));
  const used = [...new Set(rows.map(({ job }) => kinds.get(job) ?? "full"))];
  const legend = used.map((kind) => `<li><span class="mark ${kind}"></span> ${KINDS[kind]}</li>`).join("");
  return [
    `<ul class="legend" aria-hidden="true">${legend}<li><span class="band sample"></span> again and again</li></ul>`,
    region(
      id,
      `When what starts, in the zone ${week.zone}; each day from 00:00 to 24:00`,
      [
        `<thead><tr>${columns.map((column) => `<th scope="col">${inline(column)}</th>`).join("")}</tr></thead>`,
        "<tbody>",
        ...rows.map((row) => calendarRow(row, kinds.get(row.job) ?? "full")),
        "</tbody>",
      ],
      ' class="calendar"',
    ),
  ].join("\n");
}

function calendarRow({ job, days, repeats, cells }: CalendarRow, kind: PlannedJob["setKind"]): string {
  const bands = repeats.map((repeat) => bandOf(repeat)).join("");
  const line = days.map((times, day) => {
    const marks = times.map((at) => `<span class="mark ${kind}" style="left:${share(minutesOf(at))}"></span>`).join("");
    return `<td><div class="day" aria-hidden="true">${bands}${marks}</div><span class="times">${inline(cells[day] ?? "")}</span></td>`;
  });
  const gap = cells.at(-1) ?? "";
  return `<tr><th scope="row"><span class="mark ${kind}" aria-hidden="true"></span> ${inline(job)}</th>${line.join("")}<td>${inline(gap)}</td></tr>`;
}

/** Over midnight it is two. */
function bandOf({ from, until, everyMinutes }: Calendar["repeating"][number]): string {
  const start = minutesOf(from);
  const length = until === undefined ? 1440 : windowMinutes(from, until);
  const parts =
    until === undefined
      ? [[0, 1440]]
      : [
          [start, Math.min(length, 1440 - start)],
          [0, start + length - 1440],
        ];
  return parts
    .flatMap(([left = 0, width = 0]) =>
      width > 0
        ? [
            `<span class="band" style="left:${share(left)};width:${share(width)};--ticks:${ticks(everyMinutes, width)}"></span>`,
          ]
        : [],
    )
    .join("");
}

const share = (minutes: number): string => `${((minutes / 1440) * 100).toFixed(2)}%`;
/** Closer than a quarter of an hour they would be one grey. */
const ticks = (everyMinutes: number, width: number): string =>
  `${((Math.max(everyMinutes, 15) / width) * 100).toFixed(2)}%`;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const escaped = (text: string): string => visible(text).replaceAll(/[&<>"']/g, (one) => ENTITIES[one] ?? one);

const inline = (text: string): string =>
  runsOf(visible(text))
    .map(({ code, text: run }) => (code ? `<code>${escaped(run)}</code>` : escaped(run)))
    .join("");
