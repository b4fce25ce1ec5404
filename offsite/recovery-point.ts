/** What a restore from offsite would bring: the newest set that was found good, and that builds on nothing else. */

interface Judged {
  set: string;
  /** Somebody has looked at it, and nothing was wrong. */
  good: boolean;
  /** Sets that must be restored before it. */
  needs: readonly string[];
}

export function newestGood<T extends Judged>(sets: readonly T[]): T | undefined {
  const known = new Map(sets.map((one) => [one.set, one]));
  const verdicts = new Map<string, boolean>();
  const restorable = (set: string): boolean => {
    const verdict = verdicts.get(set);
    if (verdict !== undefined) return verdict;
    // Until it is known: what builds upon itself cannot be restored.
    verdicts.set(set, false);
    const one = known.get(set);
    const is = one?.good === true && one.needs.every(restorable);
    verdicts.set(set, is);
    return is;
  };
  // The names of sets sort by time.
  return [...sets].sort((a, b) => (a.set < b.set ? 1 : -1)).find(({ set }) => restorable(set));
}
