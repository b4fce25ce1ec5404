import fs from "node:fs";
import path from "node:path";

/** The recorded examples, read from the repository: pages show one of them, tests read them all. */

export interface Example {
  /** `job/v1-configuration.json` */
  file: string;
  document: string;
  version: number;
  text: string;
}

/** The folder of package.json, from wherever the compiled file lies. */
export function repositoryRoot(from = __dirname): string {
  if (fs.existsSync(path.join(from, "package.json"))) return from;
  const parent = path.dirname(from);
  if (parent === from) throw new Error("there is no package.json above the documentation: run this inside a checkout");
  return repositoryRoot(parent);
}

export function examplesFolder(root = repositoryRoot()): string {
  return path.join(root, "estate", "documents", "examples");
}

export function readExamples(folder = examplesFolder()): Example[] {
  const names = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
  return names
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    .sort()
    .map((file) => {
      const [, document, version] = /^([a-z-]+)\/v(\d+)-[a-z0-9-]+\.jsonl?$/.exec(file) ?? [];
      if (document === undefined) throw new Error(`${file} is not called <document>/v<version>-<what>.json or .jsonl`);
      return { file, document, version: Number(version), text: fs.readFileSync(path.join(folder, file), "utf8") };
    });
}

/** The shortest example of the newest version: what a reader takes in at a glance. */
export function exampleOf(document: string): Example | undefined {
  const [best] = readExamples()
    .filter((example) => example.document === document)
    .sort((a, b) => b.version - a.version || a.text.length - b.text.length || (a.file < b.file ? -1 : 1));
  return best;
}
