import { z } from "zod";
import { Account, Bytes, Instant, Name, RelativePath, RunId, Sha256 } from "./common";
import { defineDocument, type DocumentOf } from "./document";

/** What changes about a set after it was sealed: small files beside it, each with one writer. */

export const Verified = defineDocument({
  name: "verified",
  version: 1,
  about: "How far a set was looked at, where, and what was wrong. Levels, because readable is not restored.",
  writer: "verify, on the target or offsite",
  readers: "status, retention (the newest good set), reports",
  shape: {
    set: RunId,
    job: Name,
    where: z.enum(["target", "offsite"]),
    at: Instant,
    level: z.enum(["present", "readable", "hashed", "restored"]),
    artefacts: z.int().nonnegative(),
    bytes: Bytes,
    failures: z.array(z.strictObject({ path: RelativePath, message: z.string().min(1) })).default([]),
  },
});
export type Verified = DocumentOf<typeof Verified>;

/** Where each artefact of a set lies in the bucket: an object of its own, or an entry of a pack. */
export const CarriedArtefact = z.strictObject({
  path: RelativePath,
  bytes: Bytes,
  sha256: Sha256,
  object: RelativePath.describe("The key, below the prefix"),
  entry: z.string().min(1).optional().describe("Its name in the pack, where the object is one"),
});

export const Carried = defineDocument({
  name: "carried",
  version: 1,
  about:
    "The contents of a set offsite. Written to the bucket before its manifest; a copy beside the set on the target.",
  writer: "the courier",
  readers: "fetch, verify, prune, retention (the only copy offsite), recovery by hand",
  shape: {
    set: RunId,
    job: Name,
    at: Instant,
    bucket: z.string().min(3).max(63),
    prefix: z.string().max(500),
    manifest: z.strictObject({ object: RelativePath, sha256: Sha256 }),
    artefacts: z.array(CarriedArtefact).min(1),
  },
});
export type Carried = DocumentOf<typeof Carried>;

export const Drilled = defineDocument({
  name: "drilled",
  version: 1,
  about: "The verdict of a rehearsed restore of a set. It goes stale.",
  writer: "the drill",
  readers: "status, service levels (the measured recovery time), reports",
  shape: {
    set: RunId,
    job: Name,
    at: Instant,
    scenario: Name,
    verdict: z.enum(["passed", "failed"]),
    minutes: z.number().nonnegative(),
    goodForDays: z.int().min(1),
    notes: z.array(z.string().min(1)).default([]),
  },
});
export type Drilled = DocumentOf<typeof Drilled>;

export const Accepted = defineDocument({
  name: "accepted",
  version: 1,
  about: "An operator's word that an artefact may be this small from now on: users do get moved.",
  writer: "the CLI, at the operator's command",
  readers: "the check step",
  shape: {
    job: Name,
    path: RelativePath,
    bytes: Bytes.describe("The size that is plausible from now on"),
    by: Account,
    at: Instant,
    reason: z.string().min(1).max(500),
  },
});
export type Accepted = DocumentOf<typeof Accepted>;
