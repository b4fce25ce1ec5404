import {
  PRODUCT_NAMES,
  type BackupPlan,
  type Calendar,
  type PlannedCopy,
  type PlannedJob,
  type Said,
} from "../documents";
import { carrierText, plural, scopeText } from "./words";

/** A plan as what is printed, the same for every format. Text between backticks is code. */

export type Block =
  | { is: "text"; text: string }
  | { is: "steps"; items: readonly { title: string; text: string }[] }
  | { is: "table"; columns: readonly string[]; rows: readonly (readonly string[])[] }
  | { is: "calendar"; calendar: Calendar; jobs: readonly PlannedJob[] };

export interface Section {
  title: string;
  /** 2 for parts of the plan, 3 below them. */
  level: 2 | 3;
  blocks: readonly Block[];
}

export interface Outline {
  title: string;
  about: readonly string[];
  sections: readonly Section[];
}

const text = (value: string): Block => ({ is: "text", text: value });
const table = (columns: readonly string[], rows: readonly (readonly string[])[]): Block =>
  rows.length === 0 ? text("None.") : { is: "table", columns, rows };
const part = (title: string, ...blocks: readonly Block[]): Section => ({ title, level: 2, blocks });
const below = (title: string, ...blocks: readonly Block[]): Section => ({ title, level: 3, blocks });
const answers = (rows: readonly Said[]): Block =>
  table(
    ["", "Answer"],
    rows.map(({ about, says }) => [about, says]),
  );

export function outlineOf(plan: BackupPlan): Outline {
  const { deployment, product, cumulativeUpdate, domain, obligations, jobs, copies, decisions } = plan;
  const open = obligations.filter(({ by }) => by === "nothing").length;
  return {
    title: `Backup and restoration plan of ${deployment}`,
    about: [
      `${PRODUCT_NAMES[product]}${cumulativeUpdate === undefined ? "" : `, update ${cumulativeUpdate}`}, in ${domain}.`,
      `${plural(obligations.length, "obligation", "obligations")}, ${String(open)} of them without protection; ` +
        `${plural(jobs.length, "job", "jobs")}; ${plural(decisions.length, "decision", "decisions")} open. ` +
        "Made from the declaration of the estate alone: what is not in it is named as not declared, with what to add. " +
        "How old the newest sets are, `lync-backup status` shows.",
    ],
    sections: [
      part("Decisions that are open", decisionTable(decisions)),
      part("Requirements", answers(plan.requirements)),
      part("Responsibilities", answers(plan.responsibilities)),
      part("Places and media", answers(plan.places)),
      part("What is backed up", ...obligationBlocks(plan)),
      part("Jobs", jobTable(jobs)),
      part("Copies offsite", copyTable(copies)),
      part("Calendar", ...calendarBlocks(plan)),
      part("Backup worksheets", text("As Microsoft's worksheets have them, column by column.")),
      ...sheets(plan, isBackup),
      part("Rebuilding worksheets", text("What a person needs to rebuild each pool and each store.")),
      ...sheets(plan, (name) => !isBackup(name)),
      part(
        "Restoration",
        text(
          "For each loss the stages in their order, what comes back, and who decides. Restore to clean servers of the same names; nothing is merged into what is there.",
        ),
      ),
      ...plan.scenarios.map(({ title, stages, restores, people }) =>
        below(
          title,
          answers(people),
          {
            is: "steps",
            items: stages.map((stage) => ({
              title: stage.title,
              text: `${stage.how} Where: ${stage.where}. As: ${stage.rights}. By ${stage.by}.`,
            })),
          },
          restores.length === 0
            ? text("No data are restored.")
            : table(
                ["What comes back", "From", "With"],
                restores.map((one) => [one.what, one.from, one.with]),
              ),
        ),
      ),
      part(
        "Best practices",
        table(
          ["Practice", "Kept", "Why", "Source"],
          plan.practices.map(({ practice, kept, says, source }) => [practice, kept, says, source]),
        ),
      ),
      part("Validation", answers(plan.validation)),
    ],
  };
}

const BACKUP_SHEETS = ["settings", "databases", "file-stores", "others"];
const isBackup = (name: string): boolean => BACKUP_SHEETS.includes(name);

const sheets = ({ worksheets }: BackupPlan, accept: (name: string) => boolean): Section[] =>
  worksheets
    .filter(({ name }) => accept(name))
    .map(({ title, about, columns, rows }) => below(title, text(about), table(columns, rows)));

const decisionTable = (decisions: readonly Said[]): Block =>
  table(
    ["About", "What is open", "What to add"],
    decisions.map(({ about, says, add }) => [about, says, add === undefined ? "" : `\`${add}\``]),
  );

function obligationBlocks({ obligations, exempt }: BackupPlan): Block[] {
  const data = [...new Map(obligations.map((one) => [one.datum, one])).values()];
  return [
    text(
      "What this topology makes it necessary to back up, and what does it. The longest gap is that between two starts over the years to come, changes of clocks included.",
    ),
    table(
      ["What", "Where", "Because", "Backed up by", "Longest gap", "Promised"],
      obligations.map((one) => [
        one.title,
        scopeText(one.scope),
        one.because,
        one.by === "nothing" ? `nothing: add \`${one.add ?? ""}\`` : one.says.join("; "),
        one.longestGap ?? "",
        one.promises.join("; "),
      ]),
    ),
    text("With which tool, with which rights, and how often Microsoft's documentation asks for it:"),
    table(
      ["What", "Tool", "Rights", "Asked for", "Lync runs without it"],
      data.map(({ title, tool, rights, guidance, neededForService }) => [
        ...[title, tool, rights, guidance],
        neededForService ? "no" : "yes",
      ]),
    ),
    text("What lies in databases and needs no backup of its own, with the reason:"),
    table(
      ["Database", "Where", "Because"],
      exempt.map(({ database, instance, because }) => [database, instance, because]),
    ),
  ];
}

const jobTable = (jobs: readonly PlannedJob[]): Block =>
  table(
    ["Job", "What", "On", "Starts", "Longest gap", "To", "Kept", "As"],
    jobs.map((job) => [
      job.name,
      `${job.title} (${job.tools.join(", ")})`,
      job.hosts.join(", "),
      job.enabled ? job.starts : `disabled: ${job.disabledReason ?? "no reason is given"}`,
      job.longestGap,
      job.destination,
      job.retention,
      `${job.account}, at most ${String(job.timeLimitMinutes)} min`,
    ]),
  );

const copyTable = (copies: readonly PlannedCopy[]): Block =>
  table(
    ["Copy", "Sets", "Carried by", "Starts", "To", "Kept", "Locked", "Looked at closely", "Removed"],
    copies.map((copy) => [
      copy.name,
      copy.sets,
      `${carrierText(copy.hosts)}, as ${copy.credentials}`,
      copy.enabled ? copy.starts : `disabled: ${copy.disabledReason ?? "no reason is given"}`,
      copy.place,
      copy.retention,
      copy.lock,
      copy.looksClosely ?? "no: names and sizes, after each pass",
      copy.removes ?? "never",
    ]),
  );

function calendarBlocks({ calendar, jobs }: BackupPlan): Block[] {
  const { zone, onRequest, collisions } = calendar;
  return [
    text(`A week, as the clocks of the zone ${zone} show it. Every schedule repeats after one.`),
    { is: "calendar", calendar, jobs },
    ...(onRequest.length > 0 ? [text(`Only when they are asked to: ${onRequest.join(", ")}.`)] : []),
    ...(collisions.length === 0
      ? [text("No two jobs start in the same minute on the same computer.")]
      : [
          text(
            "Jobs that start in the same minute on the same computer. Nothing is wrong with it; whoever wants them apart gives one another time.",
          ),
          table(
            ["Jobs", "On", "At"],
            collisions.map((one) => [one.jobs.join(", "), one.hosts.join(", "), timesText(one)]),
          ),
        ]),
  ];
}

const MANY = 4;
function timesText({ at, days }: Calendar["collisions"][number]): string {
  const times = at.length > MANY ? `${String(at.length)} times a day, from ${at[0] ?? ""} on` : at.join(", ");
  return days.length === 7 ? times : `${days.join(", ")}: ${times}`;
}
