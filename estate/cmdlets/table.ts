import type { Product } from "../documents";
import { CORRECTIONS, type Correction } from "./corrections";
import type { CmdletProduct, CmdletSyntax, CmdletTable, ParameterSyntax } from "./syntax";
import { DEPLOYMENT } from "./tables/deployment";
import { EXPORTS_AND_IMPORTS } from "./tables/exports-and-imports";
import { FAILOVER } from "./tables/failover";
import { POOLS } from "./tables/pools";
import { SERVERS } from "./tables/servers";
import { USERS } from "./tables/users";

/** Every cmdlet that the product calls or shows: Microsoft's reference, corrected. */
export const CMDLETS: CmdletTable = corrected(
  { ...DEPLOYMENT, ...EXPORTS_AND_IMPORTS, ...FAILOVER, ...POOLS, ...SERVERS, ...USERS },
  CORRECTIONS,
);

function corrected(table: CmdletTable, corrections: readonly Correction[]): CmdletTable {
  const made: Record<string, CmdletSyntax> = { ...table };
  for (const { cmdlets, parameter, change } of corrections) {
    for (const name of cmdlets) {
      const cmdlet = made[name];
      const found = parameter === undefined ? undefined : cmdlet?.parameters[parameter];
      if (!cmdlet || (parameter !== undefined && !found)) throw new Error(`nothing to correct at ${name}`);
      made[name] =
        parameter === undefined
          ? { ...cmdlet, products: change.products ?? cmdlet.products }
          : {
              ...cmdlet,
              parameters: { ...cmdlet.parameters, [parameter]: { ...found, ...change } as ParameterSyntax },
            };
    }
  }
  return made;
}

/** A cmdlet as one product has it. */
export interface Syntax {
  parameters: ReadonlyMap<string, ParameterSyntax>;
  /** What each parameter set takes, and what of it must be given. */
  sets: readonly { takes: ReadonlySet<string>; required: readonly string[] }[];
}

const OF_PRODUCT: Record<Product, CmdletProduct> = {
  lync2013: "lync2013",
  sfb2015: "sfb2015",
  sfb2019: "sfb2019",
  sfbse: "sfb2019",
};

/** Undefined where the product has no such cmdlet, or this one does not use it. */
export function syntaxOf(cmdlet: string, product: Product): Syntax | undefined {
  const found = Object.hasOwn(CMDLETS, cmdlet) ? CMDLETS[cmdlet] : undefined;
  const of = OF_PRODUCT[product];
  if (!found?.products.includes(of)) return undefined;
  const all = Object.entries(found.parameters);
  const there = all.filter(([, { products = found.products }]) => products.includes(of));
  const gone = new Set(all.filter((one) => !there.includes(one)).map(([name]) => name));
  const sets = (found.sets ?? [""]).map((set) => ({
    takes: new Set(there.filter(([, { sets: in_ }]) => in_?.includes(set) ?? true).map(([name]) => name)),
    required: all.filter(([, parameter]) => isRequired(parameter, set)).map(([name]) => name),
  }));
  // A set that asks for a parameter which this product lacks is not there.
  return { parameters: new Map(there), sets: sets.filter(({ required }) => !required.some((name) => gone.has(name))) };
}

function isRequired({ required, sets }: ParameterSyntax, set: string): boolean {
  if (Array.isArray(required)) return required.includes(set);
  return required === true && (sets?.includes(set) ?? true);
}

/** Whether these parameters make up a call: what misses, or that no parameter set takes them all. */
export function bindingOf(
  { sets }: Syntax,
  given: readonly string[],
): { fits: true } | { fits: false; missing: readonly string[] | null } {
  const possible = sets.filter(({ takes }) => given.every((name) => takes.has(name)));
  const missing = possible.map(({ required }) => required.filter((name) => !given.includes(name)));
  const [fewest] = missing.sort((a, b) => a.length - b.length);
  if (!fewest) return { fits: false, missing: null };
  return fewest.length === 0 ? { fits: true } : { fits: false, missing: fewest };
}
