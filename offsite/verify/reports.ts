import { Verified } from "../../estate/documents";
import { readDocument } from "../store/documents";
import type { Store } from "../store/store";
import { isRecoverable } from "./report";

const LEVELS: readonly Verified["level"][] = ["present", "readable", "hashed", "restored"];

/** A clean report says no more than its level; what a sample has found was found by reading to the last byte. */
const saysGoodUpTo = ({ level }: Verified): number => LEVELS.indexOf(level);
const saysBadFrom = ({ level, sample, failures }: Verified): number =>
  LEVELS.indexOf(sample && failures.length > 0 ? "hashed" : level);

/** Of the reports about one set, the newest first, those that no newer one has overtaken. */
export function standing<R extends Verified>(newestFirst: readonly R[]): R[] {
  const stand: R[] = [];
  for (const report of newestFirst) {
    if (!stand.some((newer) => saysGoodUpTo(newer) >= saysBadFrom(report))) stand.push(report);
  }
  return stand;
}

/** Something is lost, as far as anybody knows. What an earlier version still holds is not lost. */
export const isLost = (newestFirst: readonly Verified[]): boolean =>
  standing(newestFirst).some(({ failures }) => !failures.every(isRecoverable));

export const readReport = (store: Store, key: string): Promise<Verified | undefined> =>
  readDocument(store, key, Verified);
