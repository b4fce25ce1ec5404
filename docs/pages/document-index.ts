import { bucketLayout, DOCUMENTS, hostLayout, targetLayout } from "../../estate/documents";
import { PLACEHOLDER } from "./documents";
import { code, markdown, table, type Page } from "./page";
import { LINES } from "./schemas";

/** The index of documents: what they are for, how versions work, and where everything lies. */
export function documentIndexPages(): Page[] {
  const rows = [...DOCUMENTS.map(({ name, definition }) => ({ ...definition, name })), ...LINES];
  return [
    markdown(
      "documents/README.md",
      "# Documents",
      "Two parts of lync-backup that exchange something exchange a document: a JSON object that says what it is (`document`) and in which `version`. Each has one writer. Unknown fields are refused, with their path; so is everything else that is wrong, all at once, and a value is never repeated in the message, because it may be a secret.",
      table(
        ["Document", "Version", "What it is", "Written by"],
        rows.map(({ name, version, about, writer }) => [`[${name}](${name}.md)`, String(version), about, writer]),
      ),
      "The fields of several documents are made of [types](types.md); the steps of a job have [a page of their own](steps.md).",
      "## Versions and migrations",
      "What was written once stays readable for ever: sets outlive releases, and a restore years later must read their manifests.",
      [
        "- A release reads every version up to its own, and lifts an older one step by step (`migrations[n]` lifts version n to n + 1). It refuses a newer one, and says that lync-backup must be updated.",
        "- A field that is optional or has a default may be added without a new version, where older releases never read the document. Everything else is a new version: raise `version`, add the migration, keep the old examples and add new ones.",
        "- Recorded examples are in `estate/documents/examples/<document>/v<version>-<what>.json`. A test reads every one of them, and another one fails when an existing one was edited.",
        "- A document has at most 1,500,000 characters: Windows PowerShell reads no JSON above two million. What has no upper size is written as JSON lines.",
      ].join("\n"),
      ...layouts(),
    ),
  ];
}

const TIME = "9999-12-31T23:59:59.000Z";
const timed = (path: string): string => path.replace("99991231T235959Z", "<time>");

function layouts(): string[] {
  const { series, set, job, run, copy } = PLACEHOLDER;
  return [
    "## On a host",
    `The module is in ${code(hostLayout.agent)}, scheduled tasks in the task folder ${code(String.raw`\LyncBackup`)}, and the rest below ${code(hostLayout.data)}, which only administrators and the job accounts may change.`,
    tree([
      [hostLayout.agentMark, "whose module it is"],
      [hostLayout.job(job), "job documents"],
      [hostLayout.targetNote("<target>"), "which targets this host keeps"],
      [hostLayout.run(job, run), "result files"],
      [`${hostLayout.work(run)}/`, "a fresh folder per run"],
      [hostLayout.lock(job), "one run of a job at a time"],
      [hostLayout.courier, "where lync-backup is, on a computer that carries sets"],
      [hostLayout.credentials("<name>"), "keys of stores, for the account of a job alone"],
      [`${hostLayout.inbox}/`, "one-off jobs that wait for the runner"],
    ]),
    "## On a target",
    "Below its top. What changes about a set after it was sealed stands beside the sets, not in them.",
    tree([
      [targetLayout.mark, "whose it is and what was declared of it"],
      [`${targetLayout.set(series, set)}/<artefact>`, "what the run made"],
      [targetLayout.manifest(series, set), "the seal, written last"],
      [targetLayout.verified(series, set), "how far it was looked at"],
      [targetLayout.carried(series, set, copy), "receipt of a copy"],
      [targetLayout.held(series, set), "it must stay"],
      [targetLayout.accepted(series), "sizes that an operator accepted"],
      [timed(targetLayout.drilled(series, TIME, "<scenario>")), "verdicts of rehearsed restores"],
      [`${targetLayout.mirror(series)}/`, "working copies, never a set"],
    ]),
    "## In a bucket",
    "Below its prefix. No object is ever written twice; content is shared within one series only.",
    tree([
      [bucketLayout.readme, "how to restore without this product"],
      [bucketLayout.manifest(series, set), "the seal, written last"],
      [bucketLayout.contents(series, set), "which object holds what"],
      [timed(bucketLayout.verified(series, set, TIME)), "how far it was looked at"],
      [bucketLayout.data(series, "<sha256>", 0), "large files; the number grows when content is sent again"],
      [bucketLayout.pack(series, "<sha256>", 0), "small files, in plain ZIPs"],
      [timed(bucketLayout.pruneMark(series, "<object>", TIME)), "what a prune wants to delete"],
    ]),
  ];
}

/** Paths as a tree: a folder stands once, above what lies in it. */
export function tree(entries: readonly (readonly [path: string, note: string])[]): string {
  const lines: { text: string; note: string }[] = [];
  let above: string[] = [];
  for (const [path, note] of entries) {
    const parts = path.split("/").filter((part) => part !== "");
    const folder = path.endsWith("/");
    let shared = 0;
    while (shared < parts.length - 1 && above[shared] === parts[shared]) shared++;
    for (const [index, part] of parts.entries()) {
      if (index < shared) continue;
      const last = index === parts.length - 1;
      lines.push({ text: `${"  ".repeat(index)}${part}${last && !folder ? "" : "/"}`, note: last ? note : "" });
    }
    above = folder ? parts : parts.slice(0, -1);
  }
  const width = Math.max(...lines.map(({ text }) => text.length));
  const body = lines.map(({ text, note }) => (note === "" ? text : `${text.padEnd(width)}  ${note}`));
  return `\`\`\`text\n${body.join("\n")}\n\`\`\``;
}
