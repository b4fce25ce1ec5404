import fs from "node:fs";
import path from "node:path";
import type { Node } from "web-tree-sitter";
import { ROOT } from "../support/root";

/** The files of the PowerShell module as trees of syntax: what can be judged of them without PowerShell. */

export const AGENT = path.join(ROOT, "hosts", "agent", "LyncBackup");

export interface SourceFile {
  name: string;
  text: string;
  tree: Node;
}

export interface SourceFunction {
  name: string;
  file: string;
  node: Node;
  /** As written, without the dollar. */
  parameters: string[];
  /** Answers with a list as one thing, so that `@( )` around it would be a list in a list. */
  whole: boolean;
}

export async function sourceFiles(folder: string = AGENT): Promise<SourceFile[]> {
  const { Language, Parser } = await import("web-tree-sitter");
  await Parser.init();
  const parser = new Parser();
  const grammar = require.resolve("tree-sitter-powershell/tree-sitter-powershell.wasm");
  parser.setLanguage(await Language.load(grammar));
  return fs
    .readdirSync(folder)
    .filter((name) => /\.ps(m|d)?1$/.test(name))
    .sort()
    .map((name) => {
      const text = fs.readFileSync(path.join(folder, name), "utf8");
      const tree = parser.parse(text);
      if (!tree) throw new Error(`${name} cannot be parsed`);
      return { name, text, tree: tree.rootNode };
    });
}

export const childrenOf = (node: Node): Node[] => node.children.filter((child) => child !== null);

export function nodesOf(node: Node, ...types: readonly string[]): Node[] {
  return childrenOf(node).flatMap((child) => [
    ...(types.includes(child.type) ? [child] : []),
    ...nodesOf(child, ...types),
  ]);
}

/** `script:LbFiles` and `name`, in lower case as PowerShell takes them. */
export const variableName = (node: Node): string => node.text.replace(/^[$@]\{?|\}$/g, "").toLowerCase();

export const place = (file: string, node: Node): string =>
  `${file}:${String(node.startPosition.row + 1)}:${String(node.startPosition.column + 1)}`;

export function functionsOf(file: SourceFile): SourceFunction[] {
  return nodesOf(file.tree, "function_statement").map((node) => ({
    name: nodesOf(node, "function_name")[0]?.text ?? "",
    file: file.name,
    node,
    parameters: nodesOf(node, "param_block")
      .slice(0, 1)
      .flatMap((block) => nodesOf(block, "script_parameter"))
      .flatMap((one) =>
        childrenOf(one)
          .filter(({ type }) => type === "variable")
          .map((variable) => variable.text.slice(1)),
      ),
    whole: /\breturn ,/.test(node.text),
  }));
}

export const commandName = (command: Node): string | undefined =>
  childrenOf(command).find(({ type }) => type === "command_name")?.text;

/** Variables that are given a value here: by an assignment, a loop, a parameter. */
export function assignedIn(node: Node): Set<string> {
  const assigned = nodesOf(node, "left_assignment_expression").flatMap((left) => {
    const [first] = nodesOf(left, "variable");
    const whole = first?.text === left.text || nodesOf(left, "cast_expression").length > 0;
    return first && whole ? [variableName(first)] : [];
  });
  const loops = nodesOf(node, "foreach_statement").flatMap((loop) => {
    const variable = childrenOf(loop).find(({ type }) => type === "variable");
    return variable ? [variableName(variable)] : [];
  });
  const parameters = nodesOf(node, "script_parameter").flatMap((one) =>
    childrenOf(one)
      .filter(({ type }) => type === "variable")
      .map(variableName),
  );
  return new Set([...assigned, ...loops, ...parameters]);
}
