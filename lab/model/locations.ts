import { createHash } from "node:crypto";
import { z } from "zod";

/** E9-1-1: where things are in buildings, and which location a subnet, switch, port or access point tells clients. */

export const Location = z.strictObject({
  id: z.string().min(1),
  place: z.string().describe("Within the building: a floor, a wing"),
  company: z.string(),
  street: z.string(),
  city: z.string(),
  country: z.string(),
  validated: z.boolean(),
});
export type Location = z.infer<typeof Location>;

export const Element = z.strictObject({
  kind: z.enum(["subnet", "switch", "port", "access-point"]),
  id: z.string().min(1).describe("`10.1.0.0`, a chassis, chassis and port, a BSSID"),
  location: z.string().min(1),
});
export type Element = z.infer<typeof Element>;

export interface Locations {
  locations: Location[];
  elements: Element[];
}

export interface LocationStore {
  draft: Locations;
  /** What clients are told: null until somebody publishes. */
  published: Locations | null;
}

export const emptyLocations = (): LocationStore => ({ draft: { locations: [], elements: [] }, published: null });

/** A location is what it says: changed in place, it is another one. */
export const locationOf = (address: Omit<Location, "id" | "validated">, validated = true): Location => {
  const id = createHash("sha256")
    .update(JSON.stringify(Object.entries(address).sort()))
    .digest("hex")
    .slice(0, 16);
  return { id, ...address, validated };
};

const elementKey = ({ kind, id }: Element): string => `${kind} ${id.toLowerCase()}`;

/** As an import does: what is missing comes back, what was changed is as it was, what was added stays. */
export function mergeLocations(into: Locations, from: Locations): void {
  into.locations = merged(into.locations, from.locations, ({ id }) => id);
  into.elements = merged(into.elements, from.elements, elementKey);
}

const merged = <T>(old: readonly T[], added: readonly T[], key: (one: T) => string): T[] => [
  ...new Map([...old, ...added].map((one) => [key(one), one])).values(),
];

export function locationProblems({ locations, elements }: Locations): string[] {
  const known = new Set(locations.map(({ id }) => id));
  const lost = elements.filter(({ location }) => !known.has(location));
  return [
    ...lost.map(({ kind, id }) => `the ${kind} ${id} has a location that there is not`),
    ...(new Set(elements.map(elementKey)).size < elements.length ? ["two elements of a network are the same"] : []),
  ];
}
