import fs from "node:fs";
import path from "node:path";
import { renderings } from "../estate/sql/renderings";

/** Writes every text that can reach a SQL Server, one folder for each grammar. Answers with how many. */
export function writeCorpus(folder: string): number {
  const all = renderings();
  for (const grammar of new Set(all.map((one) => String(one.grammar)))) {
    fs.rmSync(path.join(folder, grammar), { recursive: true, force: true });
    fs.mkdirSync(path.join(folder, grammar), { recursive: true });
  }
  for (const { grammar, file, text } of all) fs.writeFileSync(path.join(folder, String(grammar), file), `${text}\n`);
  return all.length;
}
