import type { Estate } from "../estate/estate";
import { documentNames, estateDocument } from "./document";

export { estateFile, readEstate } from "./document";

/** The estates of this repository, by the name that a stack's configuration gives. Loaded one at a time. */
const ESTATES: Readonly<Record<string, () => Promise<Estate>>> = {
  lab: async () => (await import("./lab")).lab,
  staging: async () => (await import("./staging")).staging,
  production: async () => (await import("./production")).production,
};

/** `lab, staging and production`. */
export const listText = (names: readonly string[]): string =>
  [names.slice(0, -1).join(", "), ...names.slice(-1)].filter((text) => text !== "").join(" and ");

/** Written in code: no document takes its place. */
export const isBuiltIn = (name: string): boolean => Object.hasOwn(ESTATES, name);

export async function estateNamed(name: string): Promise<Estate> {
  const load = Object.hasOwn(ESTATES, name) ? ESTATES[name] : undefined;
  if (load) return load();
  const document = estateDocument(name);
  if (document) return document;
  throw new Error(
    `there is no estate ${name} in stacks/, only ${listText([...Object.keys(ESTATES), ...documentNames()])}: ` +
      "set it with `pulumi config set estate NAME`, or add a file and a line to stacks/index.ts",
  );
}
