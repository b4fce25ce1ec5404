import { createHash } from "node:crypto";
import { OffsiteError } from "../error";

/** What a sample is to promise: damage of at least this fraction of all objects is found with this probability. */
export interface SamplePlan {
  /** Above 0, at most 1. */
  damage: number;
  /** From 0 to 1. */
  confidence: number;
  /** The same seed draws the same objects. */
  seed: string;
}

export interface Sample {
  keys: string[];
  /** The probability that was reached: at least the one that was wanted. */
  confidence: number;
}

/**
 * How many of `all` objects must be read so that, if at least the given fraction of them is damaged, a damaged one is
 * among them with at least the given probability. Drawn without putting back: with d damaged objects, the chance that
 * none of n is damaged is the product of (all - d - i) / (all - i) for i from 0 to n - 1.
 */
export function sampleSize(all: number, damage: number, confidence: number): { read: number; confidence: number } {
  if (!(damage > 0 && damage <= 1) || !(confidence >= 0 && confidence <= 1)) {
    throw new OffsiteError(
      "refused",
      "A sample finds damage of a fraction above 0 and up to 1 with a probability from 0 to 1.",
      "For instance damage of 0.05 with a confidence of 0.95.",
    );
  }
  if (all === 0) return { read: 0, confidence: 1 };
  const damaged = Math.max(1, Math.ceil(damage * all));
  let missed = 1;
  let read = 0;
  while (missed > 1 - confidence) {
    missed *= Math.max(0, all - damaged - read) / (all - read);
    read++;
  }
  return { read, confidence: 1 - missed };
}

/** Every object has the same chance: those whose hash with the seed is the lowest are read. */
export function drawSample(keys: readonly string[], { damage, confidence, seed }: SamplePlan): Sample {
  const size = sampleSize(keys.length, damage, confidence);
  const lot = (key: string): string => createHash("sha256").update(`${seed}\n${key}`).digest("hex");
  const drawn = keys
    .map((key) => ({ key, lot: lot(key) }))
    .sort((a, b) => (a.lot < b.lot ? -1 : 1))
    .slice(0, size.read);
  return { keys: drawn.map(({ key }) => key), confidence: size.confidence };
}
