import type { Capability } from "./capabilities";

/**
 * What is known of kinds of stores before anybody has looked. A probe of the very bucket wins over it: stores change,
 * and much of what they can do is a matter of how a bucket was made.
 */

/** Who says so: the maker's documentation, users of it, or the tests of this product. */
export type Evidence = "documented" | "reported" | "measured";

/** Some buckets have it and some have not: only a probe of this one tells. */
export const OF_THE_BUCKET = "of the bucket";

export interface Fact {
  holds: boolean | typeof OF_THE_BUCKET;
  evidence: Evidence;
  /** What that is about, in the words of a person, where there is more to say than yes or no. */
  note?: string;
}

export interface Profile {
  name: string;
  /** What is not in it is not known: it is to be probed. */
  capabilities: Readonly<Partial<Record<Capability, Fact>>>;
  /** How the bucket is named in a request: in the host's name, or in the path. */
  addressing: "host" | "path";
  /** What cuts of large objects it takes; undefined where that is not known. */
  parts: Parts | undefined;
  /** Why policies are of no use there, and what is used instead. */
  insteadOfPolicies?: string;
  /** What an operator should know of it beyond that. */
  notes: readonly { text: string; evidence: Evidence }[];
}

export interface Parts {
  most: number;
  leastBytes: number;
  mostBytes: number;
  /** All but the last must be of one size. */
  equal: boolean;
  evidence: Evidence;
}
