import { DOCUMENTS } from "../../estate/documents";
import { typeBlocks } from "./fields";
import { jsonSchemaOf, type Node } from "./json-schema";
import { homeOf, linksFrom } from "./names";
import { markdown, type Page } from "./page";
import { LINES } from "./schemas";

/** The plain types that documents share: names, paths, moments, sizes. */
export function typePages(): Page[] {
  const types = new Map<string, { root: Node; node: Node }>();
  for (const { schema } of [...DOCUMENTS, ...LINES]) {
    const root = jsonSchemaOf(schema);
    for (const [name, node] of Object.entries(root.$defs ?? {})) {
      if (name !== "Json" && homeOf(root, name) === "types") types.set(name, { root, node });
    }
  }
  const sorted = [...types].sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    markdown(
      "documents/types.md",
      "# Types",
      "What the fields of several documents are made of. Whatever a pattern cannot say (no reserved device names of Windows, no `..`) is checked as well.",
      ...sorted.flatMap(([name, { root, node }]) => [`## ${name}`, ...typeBlocks(node, linksFrom(root, "types"))]),
    ),
  ];
}
