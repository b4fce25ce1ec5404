import { z } from "zod";

/**
 * Two parts of the product that exchange something exchange a document: a JSON object that says what it is and in
 * which version. This file is the one way to define, read and write them.
 */
export class DocumentError extends Error {
  override readonly name = "DocumentError";
  constructor(
    readonly document: string,
    readonly problems: readonly string[],
  ) {
    super(`not a valid ${document} document: ${problems.join("; ")}`);
  }
}

const MAXIMUM_CHARACTERS = 1_500_000;

/** A change from one version of a document to the next, so that what was written once stays readable for ever. */
export type Migration = (old: Record<string, unknown>) => Record<string, unknown>;

export interface DocumentDefinition<Name extends string, Shape extends z.ZodRawShape> {
  name: Name;
  version: number;
  /** One sentence that becomes the head of the document's page. */
  about: string;
  /** Who writes it and who reads it: a document with two writers is a defect. */
  writer: string;
  readers: string;
  shape: Shape;
  /** Rules that concern more than one field. */
  rules?: (value: z.infer<z.ZodObject<Shape>>, problem: (path: PropertyKey[], message: string) => void) => void;
  /** `migrations[n]` lifts version n to version n + 1. */
  migrations?: Record<number, Migration>;
}

type Head<Name extends string> = { document: z.ZodLiteral<Name>; version: z.ZodLiteral<number> };

export class DocumentType<Name extends string, Shape extends z.ZodRawShape> {
  readonly schema: z.ZodObject<Head<Name> & Shape, z.core.$strict>;

  constructor(readonly definition: DocumentDefinition<Name, Shape>) {
    const { name, version, shape, rules } = definition;
    const schema = z.strictObject({ document: z.literal(name), version: z.literal(version), ...shape });
    this.schema = rules
      ? schema.superRefine((value, context) => {
          rules(value as unknown as z.infer<z.ZodObject<Shape>>, (path, message) => {
            context.addIssue({ code: "custom", path, message, input: undefined });
          });
        })
      : schema;
  }

  get name(): Name {
    return this.definition.name;
  }

  /** Reads any version that was ever written; refuses what is newer than this product. */
  read(value: unknown): z.output<z.ZodObject<Head<Name> & Shape, z.core.$strict>> {
    return this.check(this.lift(value));
  }

  parse(text: string): z.output<z.ZodObject<Head<Name> & Shape, z.core.$strict>> {
    let value: unknown;
    try {
      value = JSON.parse(text.replace(/^\uFEFF/, ""));
    } catch (error) {
      // The engine's own message quotes the text, and that may be a secret.
      const [, position] = / at position (\d+)/.exec((error as Error).message) ?? [];
      throw new DocumentError(this.name, [`not JSON${position === undefined ? "" : ` from character ${position} on`}`]);
    }
    return this.read(value);
  }

  /** Completes a body with its head and its defaults. What is made is checked like what is read. */
  make(body: z.input<z.ZodObject<Shape>>): z.output<z.ZodObject<Head<Name> & Shape, z.core.$strict>> {
    return this.check({ document: this.name, version: this.definition.version, ...(body as object) });
  }

  /** The text that lies on hosts and in stores. Windows PowerShell reads no JSON above two million characters. */
  write(value: z.output<z.ZodObject<Head<Name> & Shape, z.core.$strict>>): string {
    const text = `${JSON.stringify(value, null, 2)}\n`;
    if (text.length > MAXIMUM_CHARACTERS) {
      throw new DocumentError(this.name, [`it has ${String(text.length)} characters, more than a host can read`]);
    }
    return text;
  }

  private check(value: unknown): z.output<z.ZodObject<Head<Name> & Shape, z.core.$strict>> {
    const result = this.schema.safeParse(value);
    if (!result.success) throw new DocumentError(this.name, problemsOf(result.error));
    return result.data;
  }

  private lift(value: unknown): unknown {
    const { name, version: newest, migrations = {} } = this.definition;
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    let current = value as Record<string, unknown>;
    if (current["document"] !== name) return current;
    const version = current["version"];
    if (typeof version !== "number" || !Number.isInteger(version) || version < 1) return current;
    if (version > newest) {
      throw new DocumentError(name, [
        `it has version ${String(version)}, and this release reads up to ${String(newest)}: update lync-backup`,
      ]);
    }
    for (let from = version; from < newest; from++) {
      const migrate = migrations[from];
      if (!migrate) throw new DocumentError(name, [`no way from version ${String(from)} to ${String(from + 1)}`]);
      current = { ...migrate(current), version: from + 1 };
    }
    return current;
  }
}

export function defineDocument<const Name extends string, Shape extends z.ZodRawShape>(
  definition: DocumentDefinition<Name, Shape>,
): DocumentType<Name, Shape> {
  return new DocumentType(definition);
}

export type DocumentOf<T> =
  T extends DocumentType<infer Name, infer Shape> ? z.output<z.ZodObject<Head<Name> & Shape, z.core.$strict>> : never;

/** `steps[2].parameters.FileName`, as a person would write the path. */
export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, key) =>
      typeof key === "number" ? `${text}[${String(key)}]` : text === "" ? String(key) : `${text}.${String(key)}`,
    "",
  );
}

/** Every problem with its path; never the value, which may be a secret. */
export function problemsOf(error: z.ZodError): string[] {
  return error.issues.flatMap((issue) => describe(issue, []));
}

/** No object, or a list, or a text where the branch is another one. */
function isOfAnotherType(issues: readonly z.core.$ZodIssue[]): boolean {
  return issues.some(
    (issue) =>
      issue.path.length === 0 &&
      (issue.code === "invalid_type" ||
        (issue.code === "invalid_union" && issue.errors.length > 0 && issue.errors.every(isOfAnotherType))),
  );
}

function describe(issue: z.core.$ZodIssue, prefix: readonly PropertyKey[]): string[] {
  const path = [...prefix, ...issue.path];
  const at = pathText(path);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => `${pathText([...path, key])}: there is no such field`);
  }
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    // A branch of another type was not meant; of the others, the one with the fewest problems was.
    const meant = issue.errors.filter((issues) => !isOfAnotherType(issues));
    const branches = (meant.length > 0 ? meant : issue.errors).map((issues) =>
      issues.flatMap((i) => describe(i, path)),
    );
    if (meant.length > 0) return branches.reduce((best, next) => (next.length < best.length ? next : best));
    const messages = branches.flat().map((text) => text.slice(text.startsWith(`${at}: `) ? at.length + 2 : 0));
    return [`${at === "" ? "the document" : at}: ${[...new Set(messages)].join(", or ")}`];
  }
  if (issue.code === "invalid_key") {
    return issue.issues.map((inner) => `${at}: as a name, ${inner.message}`);
  }
  return [`${at === "" ? "the document" : at}: ${issue.message}`];
}
