import fs from "node:fs";
import path from "node:path";
import { format } from "prettier";
import { cataloguePages } from "./pages/catalogue";
import { documentIndexPages } from "./pages/document-index";
import { documentPages } from "./pages/documents";
import { estatePages } from "./pages/estate";
import { repositoryRoot } from "./pages/examples";
import { MARK, type Page } from "./pages/page";
import { exitCodePages } from "./pages/exit-codes";
import { labPages } from "./pages/lab";
import { picturePages } from "./pages/picture";
import { planPages } from "./pages/plan";
import { resourcePages } from "./pages/resources";
import { schemaPages } from "./pages/schemas";
import { sqlPages } from "./pages/sql";
import { stepPages } from "./pages/steps";
import { storePages } from "./pages/stores";
import { typePages } from "./pages/types";

/** Everything that is generated, one function per subject. A new subject is one file in docs/pages and one line here. */
const SUBJECTS: readonly (() => readonly Page[])[] = [
  cataloguePages,
  sqlPages,
  documentIndexPages,
  documentPages,
  typePages,
  stepPages,
  estatePages,
  resourcePages,
  exitCodePages,
  labPages,
  storePages,
  picturePages,
  planPages,
  schemaPages,
];

/** All pages, formatted as the repository is, by their path below docs/. */
export async function generatePages(): Promise<Map<string, string>> {
  const pages = new Map<string, string>();
  for (const page of SUBJECTS.flatMap((subject) => subject())) {
    if (pages.has(page.path)) throw new Error(`two subjects generate docs/${page.path}`);
    const parser = page.path.endsWith(".json") ? "json" : "markdown";
    pages.set(page.path, page.asIs ? page.text : await format(page.text, { parser, printWidth: 120 }));
  }
  return pages;
}

/** Files that bear the generator's mark and that no subject generates any more. */
export function leftOver(docs: string, pages: ReadonlyMap<string, string>): string[] {
  return fs
    .readdirSync(docs, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(md|json|svg)$/.test(entry.name))
    .map((entry) => path.relative(docs, path.join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    .filter((file) => !pages.has(file) && fs.readFileSync(path.join(docs, file), "utf8").slice(0, 400).includes(MARK))
    .sort();
}

export function outOfDate(docs: string, pages: ReadonlyMap<string, string>): string[] {
  return [...pages].filter(([file, text]) => textOf(path.join(docs, file)) !== text).map(([file]) => file);
}

/** Windows may have checked it out with line ends of its own. */
function textOf(file: string): string | undefined {
  return fs.existsSync(file) ? fs.readFileSync(file, "utf8").replaceAll("\r\n", "\n") : undefined;
}

async function main(check: boolean): Promise<number> {
  const docs = path.join(repositoryRoot(), "docs");
  const pages = await generatePages();
  const changed = outOfDate(docs, pages);
  const left = leftOver(docs, pages);
  if (check) {
    if (changed.length + left.length === 0) return 0;
    for (const file of [...changed, ...left]) console.error(`docs/${file}`);
    console.error("These generated pages are out of date: run `npm run build` and `node dist/docs/generate.js`.");
    return 1;
  }
  for (const file of changed) {
    fs.mkdirSync(path.dirname(path.join(docs, file)), { recursive: true });
    fs.writeFileSync(path.join(docs, file), pages.get(file) ?? "");
  }
  for (const file of left) fs.rmSync(path.join(docs, file));
  console.log(`${String(pages.size)} pages, ${String(changed.length)} written, ${String(left.length)} removed`);
  return 0;
}

if (require.main === module) {
  const unknown = process.argv.slice(2).filter((argument) => argument !== "--check");
  if (unknown.length > 0) {
    console.error(`There is no option ${unknown.join(" ")}; the only one is --check.`);
    process.exitCode = 2;
  } else {
    main(process.argv.includes("--check")).then(
      (code) => (process.exitCode = code),
      (error: unknown) => {
        console.error(error instanceof Error ? error.message : error);
        process.exitCode = 1;
      },
    );
  }
}
