import { resolve, type Node } from "./json-schema";
import type { Link } from "./fields";
import { anchor } from "./page";

/** Three homes for named types: steps and what stands in them; plain types; and the page of the document itself. */

const STEP_TYPES =
  /^(Step|[A-Z][a-z]+Step|Value|Scalar|Reference|WorkFile|SetFile|MirrorFolder|FileName|Condition|ScopeTemplate|ArtefactDeclaration|CmdletName)$/;

export type Home = "steps" | "types" | "here";

export function homeOf(root: Node, name: string): Home {
  if (STEP_TYPES.test(name)) return "steps";
  const node = resolve(root, { $ref: `#/$defs/${name}` });
  const branches = node.anyOf ?? node.oneOf ?? [node];
  return branches.some((branch) => resolve(root, branch).properties) ? "here" : "types";
}

/** Links to the home of a type, seen from `page`. */
export function linksFrom(root: Node, page: "steps" | "types" | "document"): Link {
  return (name) => {
    if (name === "Json") return "any JSON";
    if (name === "Step") return "[Step](steps.md)";
    const home = homeOf(root, name);
    const file = home === "here" || home === page ? "" : `${home}.md`;
    return `[${name}](${file}#${anchor(name)})`;
  };
}
