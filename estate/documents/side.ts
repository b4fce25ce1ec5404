import { z } from "zod";
import { Bytes, Instant, Name, RelativePath, RunId, Sha256, ShortName, StoredPath } from "./common";
import { defineDocument, type DocumentOf } from "./document";

/** What changes about a set after it was sealed: small files beside it, each with one writer. */

const set = { set: RunId.describe("The set that it is about"), series: Name.describe("The line of sets it is in") };

export const Verified = defineDocument({
  name: "verified",
  version: 1,
  about: "How far a set was looked at, where, and what was wrong. Levels, because readable is not restored.",
  writer: "verify, on the target or offsite",
  readers: "status, retention (the newest good set), reports",
  shape: {
    ...set,
    where: z.enum(["target", "offsite"]),
    at: Instant,
    level: z
      .enum(["present", "readable", "hashed", "restored"])
      .describe("There; opened to its last byte; every byte against its hash; restored and tried"),
    artefacts: z.int().nonnegative(),
    bytes: Bytes,
    failures: z
      .array(
        z.strictObject({
          path: StoredPath,
          message: z.string().min(1),
          object: RelativePath.optional().describe("Offsite: the key below the prefix"),
          version: z
            .string()
            .min(1)
            .optional()
            .describe("Offsite: an earlier version that still holds the right bytes; with it, nothing is lost"),
        }),
      )
      .default([])
      .describe("None: the set is good at this level"),
    sample: z
      .strictObject({
        read: z.int().nonnegative().describe("Objects that were read to their last byte"),
        of: z.int().nonnegative().describe("Objects of the series"),
        damage: z.number().gt(0).max(1).describe("If at least this fraction of them were damaged,"),
        confidence: z.number().min(0).max(1).describe("one of those that were read is so with this probability"),
        seed: z.string().min(1).max(200).describe("Draws the same sample again"),
      })
      .optional()
      .describe("Beyond the level, which holds for the whole set: some objects were compared with their hashes"),
  },
});
export type Verified = DocumentOf<typeof Verified>;

export const Carried = defineDocument({
  name: "carried",
  version: 1,
  about: "The receipt for a set that is complete offsite: one per copy, beside the set on the target.",
  writer: "the courier of that copy",
  readers: "retention, status",
  shape: {
    ...set,
    copy: ShortName,
    at: Instant,
    bucket: z.string().min(3).max(63),
    prefix: z.string().max(500),
    manifestSha256: Sha256,
    objects: z.int().positive().describe("How many objects make up the set there"),
  },
});
export type Carried = DocumentOf<typeof Carried>;

/**
 * The contents of a set offsite, in JSON lines because it has no upper size: first the objects, then what lies in
 * them. Written to the bucket before the manifest.
 */
export const ContentsLine = z.union([
  z.strictObject({
    object: RelativePath.describe("The key, below the prefix"),
    bytes: Bytes,
    sha256: Sha256,
    parts: z.int().positive().optional().describe("In how many parts it was sent"),
    partBytes: Bytes.optional().describe("What each of them has, the last one excepted"),
    version: z.string().min(1).optional().describe("Where the bucket keeps versions"),
  }),
  z.strictObject({
    path: StoredPath,
    bytes: Bytes,
    sha256: Sha256,
    in: RelativePath.describe("The object that holds it"),
    entry: z.string().min(1).optional().describe("Its name in there, where the object is a pack"),
    offset: Bytes.optional().describe("Where its bytes begin in the pack, which keeps them as they are"),
  }),
]);
export type ContentsLine = z.infer<typeof ContentsLine>;

export const PruneMark = defineDocument({
  name: "prune-mark",
  version: 1,
  about: "An object that a prune wants to delete. It waits longer than the longest push, and looks again.",
  writer: "prune",
  readers: "every push: it sends marked content again under a new key",
  shape: { object: RelativePath, at: Instant, waitMinutes: z.int().min(1).describe("Longer than the longest push") },
});
export type PruneMark = DocumentOf<typeof PruneMark>;

export const Drilled = defineDocument({
  name: "drilled",
  version: 1,
  about: "The verdict of a rehearsed restore. It goes stale, and it outlives the sets that were restored.",
  writer: "the drill",
  readers: "status, service levels (the measured recovery time), reports",
  shape: {
    series: Name,
    sets: z.array(RunId).min(1),
    at: Instant,
    scenario: ShortName,
    verdict: z.enum(["passed", "failed"]),
    minutes: z.number().nonnegative().describe("What the restore took: the measured recovery time"),
    goodForDays: z.int().min(1).describe("Then the verdict is stale"),
    notes: z.array(z.string().min(1)).default([]),
  },
});
export type Drilled = DocumentOf<typeof Drilled>;

export const Accepted = defineDocument({
  name: "accepted",
  version: 1,
  about: "An operator's word that artefacts may be this small from now on: users do get moved.",
  writer: "the host, at the operator's command",
  readers: "the check step",
  shape: {
    series: Name,
    artefacts: z
      .array(
        z.strictObject({
          path: RelativePath,
          bytes: Bytes.describe("The size that is plausible from now on"),
          by: z.string().min(1).max(200),
          at: Instant,
          reason: z.string().min(1).max(500),
        }),
      )
      .min(1),
  },
});
export type Accepted = DocumentOf<typeof Accepted>;

export const Held = defineDocument({
  name: "held",
  version: 1,
  about: "A set that must stay, whatever retention says.",
  writer: "the host, at the operator's command",
  readers: "retention, prune",
  shape: {
    ...set,
    by: z.string().min(1).max(200),
    at: Instant,
    until: Instant.optional().describe("Without it, until the file is removed"),
    reason: z.string().min(1).max(500),
  },
});
export type Held = DocumentOf<typeof Held>;
