import { z } from "zod";
import { RESERVED_ROOTS, RESULTS, Step, type StepKind } from "../../estate/documents";
import { fieldTable, namesBelow, rowsOf, typeBlocks } from "./fields";
import { jsonSchemaOf, nameOf, resolve, type Node } from "./json-schema";
import { homeOf, linksFrom } from "./names";
import { code, markdown, table, type Page } from "./page";

/** The step kinds: fields, what each leaves for later steps, and how these refer to it. */

const ROOTS: Record<(typeof RESERVED_ROOTS)[number], string> = {
  host: "the computer that runs: `host.fqdn`, `host.pool`, `host.instance`",
  run: "this run: `run.id`, `run.trigger`, `run.startedAt`",
  job: "its job: `job.name`, `job.hosts`, `job.product`",
  last: "the newest good set of the series: `last.set`, `last.at`, `last.facts`; the newest full one below `last.full`",
  item: "below `forEach`, the item that it is about",
};

export function stepPages(): Page[] {
  const root = jsonSchemaOf(Step);
  const link = linksFrom(root, "steps");
  const kinds = kindsOf(root);
  const common = commonOf(kinds.map(({ node }) => node));
  const values = Object.keys(root.$defs ?? {}).filter((name) => homeOf(root, name) === "steps" && !/Step$/.test(name));
  const nodes = new Map(Object.entries(root.$defs ?? {}));
  const objects = [root, ...Object.values(RESULTS).map((schema) => jsonSchemaOf(schema))].flatMap((one) => {
    const names = [...namesBelow(one, one)].filter((name) => homeOf(one, name) === "here");
    for (const name of names) nodes.set(name, resolve(one, { $ref: `#/$defs/${name}` }));
    return names;
  });
  return [
    markdown(
      "documents/steps.md",
      "# Steps",
      "A job is a list of steps, each of one of these kinds. Steps are data, not a language: a value is literal, refers to what an earlier step found, or joins the two. Backups, probes, restores and failovers are all made of them, and every interpreter understands them alike.",
      table(
        ["Kind", "What it does"],
        kinds.map(({ kind, node }) => [`[${kind}](#${kind})`, node.description ?? ""]),
      ),
      "## Common fields",
      "Every step has these.",
      fieldTable(
        rowsOf(
          pick(kinds[0]?.node ?? {}, (key) => common.has(key)),
          link,
        ),
      ),
      "## References",
      ...references(),
      ...kinds.flatMap(({ kind, node }) => [
        `## ${kind}`,
        `${node.description ?? ""}.`,
        fieldTable(
          rowsOf(
            pick(node, (key) => key === "kind" || !common.has(key)),
            link,
          ),
        ),
        "It leaves:",
        resultTable(kind),
      ]),
      "## Values",
      ...[...new Set([...values, ...objects])].flatMap((name) => [
        `### ${name}`,
        ...typeBlocks(nodes.get(name) ?? {}, link),
      ]),
    ),
  ];
}

function kindsOf(root: Node): { kind: StepKind; node: Node }[] {
  return (resolve(root, root).oneOf ?? []).map((branch) => {
    const node = resolve(root, { $ref: `#/$defs/${nameOf(branch) ?? ""}` });
    return { kind: String(node.properties?.["kind"]?.const) as StepKind, node };
  });
}

/** Fields that every kind has, with the same meaning. */
function commonOf(nodes: readonly Node[]): Set<string> {
  const [first, ...others] = nodes.map((node) => node.properties ?? {});
  const same = Object.entries(first ?? {}).filter(([key, field]) =>
    others.every((other) => JSON.stringify(other[key]) === JSON.stringify(field)),
  );
  return new Set(same.map(([key]) => key));
}

function pick(node: Node, wanted: (key: string) => boolean): Node {
  const properties = Object.entries(node.properties ?? {}).filter(([key]) => wanted(key));
  return { ...node, properties: Object.fromEntries(properties) };
}

function references(): string[] {
  return [
    '`{ "$ref": "store.items.0.ActiveMasterFqdn" }` stands for what the step `store` left: the id of an earlier step, then the path in its result. A segment `*` takes every item of a list. A reference points backwards only; a `wait` step\'s `until` may also refer to the step itself, for what the last look found, and the facts of an artefact to the step that makes it. These roots are always there, and no step may be called so:',
    table(
      ["Root", "What it is"],
      RESERVED_ROOTS.map((root) => [code(root), ROOTS[root]]),
    ),
    "What a skipped step or an absent field yields is empty. A condition may ask for that; elsewhere it is an error. All values are compared as text without regard to case; booleans are `true` and `false`.",
  ];
}

function resultTable(kind: StepKind): string {
  const schema = z.toJSONSchema(RESULTS[kind], { io: "output" }) as Node;
  const root = jsonSchemaOf(RESULTS[kind]);
  const rows = rowsOf({ ...root, required: schema.required ?? [] }, linksFrom(root, "steps"));
  return table(
    ["Result", "Type", "What it says"],
    rows.map((row) => [code(row.path), row.type, row.description]),
  );
}
