import type { Product } from "../documents";

/** The syntax of a cmdlet, as Microsoft's reference has it. */
export interface CmdletSyntax {
  products: readonly CmdletProduct[];
  /** Parameter sets, the default one first. Without any there is one. */
  sets?: readonly string[];
  parameters: Readonly<Record<string, ParameterSyntax>>;
}

export interface ParameterSyntax {
  type: string;
  /** The parameter sets it belongs to; without any, all. */
  sets?: readonly string[];
  /** In each of its sets, or in these. */
  required?: true | readonly string[];
  /** Of no use to splatting; stubs bind by it. */
  position?: number;
  /** Of no use to documents, which name a parameter one way. */
  aliases?: readonly string[];
  /** Where it is in fewer products than its cmdlet. */
  products?: readonly CmdletProduct[];
  /** All that it takes, where that is known. */
  values?: readonly string[];
  /** Has a meaning only beside this one, and where a value is named, beside that value. */
  beside?: { parameter: string; value?: string };
}

/** Subscription Edition goes by the entries of 2019. */
export type CmdletProduct = Exclude<Product, "sfbse">;
export type CmdletTable = Readonly<Record<string, CmdletSyntax>>;
