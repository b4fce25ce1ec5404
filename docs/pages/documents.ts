import { bucketLayout, DOCUMENTS, hostLayout, targetLayout } from "../../estate/documents";
import { exampleOf } from "./examples";
import { fieldTable, namesBelow, rowsOf, typeBlocks, type Link } from "./fields";
import { jsonSchemaOf, resolve, type Node } from "./json-schema";
import { homeOf, linksFrom } from "./names";
import { code, markdown, type Page } from "./page";
import { LINES, schemaPath } from "./schemas";

/** One page per document: what it is, who writes and reads it, where it lies, its fields, an example. */

export const PLACEHOLDER = { series: "<series>", set: "<set>", job: "<job>", run: "<run>", copy: "<copy>" } as const;
const { series, set, job, run, copy } = PLACEHOLDER;
const onTarget = (path: string): string => `${code(path)} below the top of a target`;
const inBucket = (path: string): string => `${code(path)} below the prefix of a bucket`;
const onHost = (path: string): string => `${code(path)} below ${code(hostLayout.data)} on a host`;
const TRAVELS = "nowhere: it is sent and answered";

/** Paths come from the layout, so that this table cannot say another place than the product uses. */
const PLACES: Record<(typeof DOCUMENTS)[number]["name"], string[]> = {
  topology: ["in the estate that a stack declares"],
  "host-state": [TRAVELS],
  change: [TRAVELS],
  envelope: [TRAVELS],
  job: [onHost(hostLayout.job(job)), `one-off jobs: ${onHost(`${hostLayout.inbox}/${run}.json`)}`],
  run: [onHost(hostLayout.run(job, run))],
  manifest: [onTarget(targetLayout.manifest(series, set)), inBucket(bucketLayout.manifest(series, set))],
  target: [onTarget(targetLayout.mark)],
  verified: [
    onTarget(targetLayout.verified(series, set)),
    inBucket(bucketLayout.verified(series, set, "9999-12-31T23:59:59.000Z").replace("99991231T235959Z", "<time>")),
  ],
  carried: [onTarget(targetLayout.carried(series, set, copy))],
  "prune-mark": [
    inBucket(
      bucketLayout.pruneMark(series, "<object>", "9999-12-31T23:59:59.000Z").replace("99991231T235959Z", "<time>"),
    ),
  ],
  drilled: [
    onTarget(
      targetLayout.drilled(series, "9999-12-31T23:59:59.000Z", "<scenario>").replace("99991231T235959Z", "<time>"),
    ),
  ],
  accepted: [onTarget(targetLayout.accepted(series))],
  held: [onTarget(targetLayout.held(series, set))],
  courier: [onHost(hostLayout.courier)],
  "courier-answer": [onHost(`${hostLayout.work(run)}/<step>.courier-answer.json`)],
  "backup-plan": ["wherever `lync-backup plan --format json` writes it"],
  posture: ["among the inputs of [BackupPosture](../resources/backup-posture.md), in the state of the stack"],
};

interface Subject {
  name: string;
  version: number;
  about: string;
  writer: string;
  readers: string;
  places: readonly string[];
  root: Node;
}

export function documentPages(): Page[] {
  const documents = DOCUMENTS.map(({ name, definition, schema }): Subject => {
    const { version, about, writer, readers } = definition;
    return { name, version, about, writer, readers, places: PLACES[name], root: jsonSchemaOf(schema) };
  });
  const lines = LINES.map(({ schema, place, ...line }): Subject => {
    const root = jsonSchemaOf(schema);
    return { ...line, places: [place], root: { ...resolve(root, root), $defs: root.$defs ?? {} } };
  });
  return [...documents, ...lines].map(documentPage);
}

function documentPage(subject: Subject): Page {
  const { name, version, about, writer, readers, places, root } = subject;
  const link = linksFrom(root, "document");
  return markdown(
    `documents/${name}.md`,
    `# ${name}`,
    about,
    [
      `- Version: ${String(version)} ([JSON Schema](../${schemaPath(name, version)}))`,
      `- Written by: ${writer}`,
      `- Read by: ${readers}`,
      `- Where it lies: ${places.join("; ")}`,
    ].join("\n"),
    "## Fields",
    ...(root.properties ? [fieldTable(rowsOf(root, link))] : typeBlocks(undescribed(root), link)),
    ...named(root, link),
    ...exampleBlocks(name),
  );
}

function undescribed({ description: _, ...node }: Node): Node {
  return node;
}

/** The objects that the document is made of, each under its own name. */
function named(root: Node, link: Link): string[] {
  const names = [...namesBelow(root, root)].filter((name) => homeOf(root, name) === "here" && !onlyInSteps(root, name));
  return names.flatMap((name) => [`### ${name}`, ...typeBlocks(root.$defs?.[name] ?? {}, link)]);
}

/** Types of the steps' own fields stand with the steps. */
function onlyInSteps(root: Node, name: string): boolean {
  const outside = {
    ...root,
    $defs: Object.fromEntries(Object.entries(root.$defs ?? {}).filter(([key]) => key !== "Step")),
  };
  return !namesBelow(outside, outside).has(name);
}

function exampleBlocks(name: string): string[] {
  const example = exampleOf(name);
  if (!example) return [];
  const source = `../../estate/documents/examples/${example.file}`;
  return [
    "## Example",
    `From [${example.file}](${source}).`,
    `\`\`\`${example.file.endsWith("l") ? "jsonl" : "json"}\n${example.text.trimEnd()}\n\`\`\``,
  ];
}
