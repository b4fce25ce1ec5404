import { z } from "zod";
import * as documents from "../../estate/documents";

/** A JSON Schema as zod writes it, as far as the pages look at it. */
export interface Node {
  $ref?: string;
  type?: string;
  description?: string;
  default?: unknown;
  const?: unknown;
  enum?: unknown[];
  pattern?: string;
  format?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
  properties?: Record<string, Node>;
  required?: string[];
  items?: Node;
  propertyNames?: Node;
  additionalProperties?: Node | boolean;
  anyOf?: Node[];
  oneOf?: Node[];
  $defs?: Record<string, Node>;
}

/** What is exported under a name keeps it in the JSON Schema: readers find `Retention` there and not its fields again. */
function nameShared(): void {
  for (const [name, value] of Object.entries(documents)) {
    if (!(value instanceof z.ZodType)) continue;
    z.globalRegistry.add(value, { ...z.globalRegistry.get(value), id: name });
  }
}

/** What a zod schema takes, before defaults: that is what people and other programs write. */
export function jsonSchemaOf(schema: z.ZodType): Node {
  nameShared();
  const made = z.toJSONSchema(schema, {
    io: "input",
    override: ({ zodSchema, jsonSchema }) => {
      // Lower-casing comes before the pattern is looked at, and JSON Schema cannot say so.
      const checks = zodSchema._zod.def.checks ?? [];
      const lowers = checks.some((check) => check._zod.def.check === "overwrite");
      if (lowers && jsonSchema.pattern !== undefined) {
        jsonSchema.pattern = jsonSchema.pattern.replaceAll("[a-z", "[A-Za-z").replaceAll("[A-ZA-Za-z", "[A-Za-z");
      }
    },
  });
  return withJson(made as Node);
}

const ANY_JSON = /^__schema\d+$/;

/** `z.json()` has no name, and each use is another one: all of them become `Json`. */
function withJson(root: Node): Node {
  const text = JSON.stringify(root).replaceAll(/"#\/\$defs\/__schema\d+"/g, '"#/$defs/Json"');
  const renamed = JSON.parse(text) as Node;
  if (!renamed.$defs) return renamed;
  const $defs: Record<string, Node> = {};
  for (const [name, node] of Object.entries(renamed.$defs)) {
    if (ANY_JSON.test(name)) $defs["Json"] = { description: "Any JSON", ...node };
    else $defs[name] = node;
  }
  const sorted = Object.entries($defs).sort(([a], [b]) => (a < b ? -1 : 1));
  return { ...renamed, $defs: Object.fromEntries(sorted) };
}

/** The node that `$ref` names, or the node itself. */
export function resolve(root: Node, node: Node): Node {
  const name = nameOf(node);
  return name === undefined ? node : resolve(root, root.$defs?.[name] ?? {});
}

export function nameOf(node: Node): string | undefined {
  return node.$ref?.replace("#/$defs/", "");
}
