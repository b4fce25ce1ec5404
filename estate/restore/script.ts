import { restoreCalls, type Placing, type RestoreCall } from "./calls";
import type { Chain } from "./plan";
import { statementNamed } from "../sql";

/** The statements of a restore for a person who runs them by hand: the same texts, with their parameters before them. */
export function scriptOf(chain: Chain, placing: Placing): string {
  return restoreCalls(chain, placing).map(batchOf).join("\n");
}

/** Variables live as long as their batch. */
function batchOf({ title, call }: RestoreCall): string {
  const types = statementNamed(call.statement)?.parameters ?? {};
  const variables = Object.entries(call.parameters).map(
    ([name, value]) => `DECLARE @${name} ${types[name] ?? "nvarchar(260)"} = ${literal(value)};`,
  );
  return [`-- ${title}`, ...variables, call.text, "GO", ""].join("\n");
}

const literal = (value: unknown): string =>
  typeof value === "string" ? `N'${value.replaceAll("'", "''")}'` : JSON.stringify(value);
