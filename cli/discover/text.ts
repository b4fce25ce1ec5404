import { Document, isCollection, isMap, isScalar, isSeq, visit, type Node } from "yaml";
import type { DeclaredEstate, Decision } from "../../estate/discovery";

/** An estate as a document that people read and change: each decision as a remark where it is to be made. */

export interface Head {
  deployment: string;
  host: string;
  /** A day. */
  on: string;
}

const WIDTH = 116;
/** What is shorter than this stands in one line. */
const SHORT = 96;

export function textOfEstate(declared: DeclaredEstate, decisions: readonly Decision[], head: Head): string {
  const document = new Document(declared, { aliasDuplicateObjects: false });
  document.commentBefore = commentOf([
    `The estate of ${head.deployment}, as ${head.host} showed it on ${head.on}.`,
    "",
    "It is complete as it is. What only people can decide is marked DECIDE. Change what you like: another discovery " +
      "shows what has changed in the deployment, and rewrites this file only with --force.",
  ]);
  visit(document, {
    Collection: (_, node, ancestors) => {
      if (ancestors.length > 2 && JSON.stringify(node).length <= SHORT) node.flow = true;
    },
  });
  const remarks = new Map<string, { path: Decision["path"]; says: string[] }>();
  for (const { path, says } of decisions) {
    const key = path.join("/");
    const known = remarks.get(key);
    if (known) known.says.push(says);
    else remarks.set(key, { path, says: [says] });
  }
  for (const { path, says } of remarks.values()) {
    remark(document, path, commentOf(says.map((one) => `DECIDE: ${one}${/[.?!]$/.test(one) ? "" : "."}`)));
  }
  return document.toString({ lineWidth: WIDTH, flowCollectionPadding: true });
}

/** Before the key of a map, or the item of a list. What holds a remark cannot stand in one line. */
function remark(document: Document, path: Decision["path"], comment: string): void {
  for (let length = 1; length < path.length; length++) {
    const above = document.getIn(path.slice(0, length), true);
    if (isCollection(above)) above.flow = false;
  }
  const parent = document.getIn(path.slice(0, -1), true);
  const last = path.at(-1);
  const node = isSeq(parent)
    ? (parent.items[Number(last)] as Node | undefined)
    : isMap(parent)
      ? parent.items.map(({ key }) => key).find((key) => isScalar(key) && key.value === last)
      : undefined;
  if (!node || !(isScalar(node) || isCollection(node))) throw new Error(`nothing to remark on at ${path.join(".")}`);
  node.commentBefore = comment;
}

/** Lines of the comment, each begun with a blank, as the document puts its `#` before them. */
function commentOf(paragraphs: readonly string[]): string {
  return paragraphs.flatMap((text) => (text === "" ? [""] : wrapped(text).map((line) => ` ${line}`))).join("\n");
}

function wrapped(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length + 1 > SHORT) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
