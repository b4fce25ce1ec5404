import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import type { z } from "zod";
import { defineEstate, type Estate } from "../estate/estate";

/** Estates as documents, which `lync-backup discover` writes: they are read as they are, and nothing is compiled. */

const ENDING = ".estate.yaml";
/** The folder of Pulumi.yaml; compiled code lies two levels below it. */
const ROOT = path.join(__dirname, "..", "..");
const FOLDER = path.join(ROOT, "stacks");

export const estateFile = (name: string): string => path.join(FOLDER, `${name}${ENDING}`);

/** By its name in stacks/, or by its path, from the folder of Pulumi.yaml. Undefined: there is no such document. */
export function estateDocument(name: string): Estate | undefined {
  if (/\.ya?ml$/.test(name)) return readEstate(path.resolve(ROOT, name));
  const file = estateFile(name);
  return /^[a-z0-9-]{1,64}$/.test(name) && existsSync(file) ? readEstate(file) : undefined;
}

export function readEstate(file: string): Estate {
  let declared: unknown;
  try {
    declared = parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new Error(`${file} is no estate: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  return defineEstate(path.basename(file, ENDING), declared as z.input<typeof Estate>);
}

export const documentNames = (): string[] =>
  readdirSync(FOLDER)
    .flatMap((name) => (name.endsWith(ENDING) ? [name.slice(0, -ENDING.length)] : []))
    .sort();
