import type { AccessEntry } from "../../estate/documents";

/** Administrators and the system itself are on every share and folder. */
const WELL_KNOWN = new Set(["S-1-5-32-544", "S-1-5-18"]);

/**
 * Accounts that have a right in every list, as declared where their identifiers agree; and all that should not. Full
 * control is nobody's but the administrators': who has it can change the rights themselves.
 */
export function accountsFound(
  lists: readonly (readonly AccessEntry[])[],
  right: "change" | "read",
  declared: readonly string[],
  resolved: Readonly<Record<string, string | null>>,
): string[] {
  const expected = declared.filter((account) => {
    const sid = resolved[account];
    return typeof sid === "string" && lists.every((list) => list.some((one) => one.sid === sid && one.right === right));
  });
  const sids = new Set(declared.map((account) => resolved[account]));
  const others = lists.flat().filter(({ sid }) => sid === null || !WELL_KNOWN.has(sid));
  const unexpected = others
    .filter((one) => one.right === right && (one.sid === null || !sids.has(one.sid)))
    .map(({ account }) => account);
  const mighty = others.filter((one) => one.right === "full" && right === "change");
  return distinctAccounts([...expected, ...unexpected, ...mighty.map(({ account }) => `${account} with full control`)]);
}

/** One spelling each, in one order: Windows does not tell upper case from lower. */
export function distinctAccounts(accounts: readonly string[]): string[] {
  const byKey = new Map(accounts.map((account) => [account.toLowerCase(), account]));
  return [...byKey.keys()].sort().map((key) => byKey.get(key) ?? key);
}
