/** Up to this, files travel in packs: a request costs more than so many bytes. */
export const SMALL = 1 << 20;
/** A pack, a part, or an object that is sent in one piece: what fits into a buffer. */
export const SLAB = 8 << 20;
/** So many buffers at the most; with the rest of the process they stay below 200 MB. */
export const SLABS = 8;
/** Stores take 10,000 parts; some room is left for files that are just too big. */
const MOST_PARTS = 9_000;
const MEBIBYTE = 1 << 20;

/** By the size alone, so that whoever sends the same bytes sends the same parts. */
export function partBytesOf(bytes: number): number {
  return Math.max(SLAB, Math.ceil(bytes / MOST_PARTS / MEBIBYTE) * MEBIBYTE);
}
export const partsIn = (bytes: number): number => Math.ceil(bytes / partBytesOf(bytes));
