import type { Datum, Product } from "../documents";
import { EXPORTED } from "./exports";
import { OUTSIDE } from "./outside";
import type { CatalogueRow } from "./row";
import { IN_SQL } from "./sql";

/** Everything that Lync stores or depends on, as one table. Obligations, plans and pages are read from it. */
export const CATALOGUE: readonly CatalogueRow[] = [...EXPORTED, ...IN_SQL, ...OUTSIDE];

const BY_DATUM = new Map<Datum, CatalogueRow>(CATALOGUE.map((row) => [row.datum, row]));

export function rowOf(datum: Datum): CatalogueRow {
  const row = BY_DATUM.get(datum);
  if (!row) throw new Error(`the catalogue has no row for ${datum}`);
  return row;
}

/** A table row without products holds for all of them. */
export const isIn = (row: { products?: readonly Product[] }, product: Product): boolean =>
  row.products?.includes(product) ?? true;

export * from "./assumptions";
export * from "./databases";
export * from "./restoration";
export * from "./row";
export * from "./scenarios";
export * from "./sources";
