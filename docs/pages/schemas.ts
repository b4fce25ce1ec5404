import { z } from "zod";
import { ContentsLine, DOCUMENTS, ListingLine } from "../../estate/documents";
import { ESTATE } from "../../estate/estate/schema";
import { jsonSchemaOf, type Node } from "./json-schema";
import { MARK, type Page } from "./page";

/** The lines of files that have no upper size: no documents, because a line has no head. */
export const LINES = [
  {
    name: "listing-line",
    version: 1,
    about: "A line of a file-store listing: which set holds each file. JSON lines, because it has no upper size.",
    writer: "the inventory step, completed by the hash step",
    readers: "the next inventory, assemble, fetch, whoever restores by hand",
    place: "an artefact of its set, such as `listing.jsonl`",
    schema: ListingLine,
  },
  {
    name: "contents-line",
    version: 1,
    about: "A line of the contents of a set offsite: first the objects, then what lies in them.",
    writer: "the courier, before the manifest",
    readers: "verify, fetch, prune, the next push",
    place: "`contents.jsonl` beside the manifest in the bucket",
    schema: ContentsLine,
  },
] as const;

/** `docs/schemas/<document>.v<version>.json`: for editors, and for programs that are not this one. */
export function schemaPages(): Page[] {
  return [
    ...DOCUMENTS.map(({ name, definition, schema }) => ({ ...definition, name, schema })),
    ...LINES.map((line) => line),
  ]
    .map(({ name, version, about, schema }) => page(schemaPath(name, version), name, about, jsonSchemaOf(schema)))
    .concat(page(ESTATE_SCHEMA, "estate", "Everything that one stack declares.", jsonSchemaOf(z.strictObject(ESTATE))));
}

/** An estate is written by people and read by one release: it has no version of its own. */
export const ESTATE_SCHEMA = "schemas/estate.json";

function page(path: string, name: string, about: string, { $defs, ...schema }: Node): Page {
  const head = {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $comment: `${MARK} Rules that concern several fields are not in it: lync-backup checks those too.`,
    title: name,
    description: about,
  };
  const whole = { ...head, ...schema, $schema: head.$schema, description: about, ...($defs ? { $defs } : {}) };
  return { path, text: JSON.stringify(whole, null, 2) };
}

export const schemaPath = (name: string, version: number): string => `schemas/${name}.v${String(version)}.json`;
