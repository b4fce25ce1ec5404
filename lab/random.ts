/** Numbers that look random and are the same for the same seed. */
export interface Random {
  /** From 0 up to, and without, the limit. */
  below: (limit: number) => number;
  pick: <T>(list: readonly [T, ...T[]]) => T;
}

export function randomFrom(seed: string): Random {
  // FNV-1a makes a number of the text; mulberry32 goes on from there.
  let state = 0x811c9dc5;
  for (const one of seed) state = Math.imul(state ^ (one.codePointAt(0) ?? 0), 0x01000193);
  const below = (limit: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
  return { below, pick: (list) => list[below(list.length)] ?? list[0] };
}
