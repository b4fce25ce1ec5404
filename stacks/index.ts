import type { Estate } from "../estate/estate";

/** The estates of this repository, by the name that a stack's configuration gives. Loaded one at a time. */
const ESTATES: Readonly<Record<string, () => Promise<Estate>>> = {
  lab: async () => (await import("./lab")).lab,
  staging: async () => (await import("./staging")).staging,
};

export async function estateNamed(name: string): Promise<Estate> {
  const load = Object.hasOwn(ESTATES, name) ? ESTATES[name] : undefined;
  if (load) return load();
  throw new Error(
    `there is no estate ${name} in stacks/, only ${Object.keys(ESTATES).join(" and ")}: ` +
      "set it with `pulumi config set estate NAME`, or add a file and a line to stacks/index.ts",
  );
}
