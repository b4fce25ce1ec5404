import { z } from "zod";
import { Account, Bytes, Cover, Fqdn, Instant, Name, Owner, Product, RunId, SetKind, Sha256, Version } from "./common";
import { defineDocument, type DocumentOf } from "./document";
import { MANIFEST } from "./layout";
import { Artefact, Trigger } from "./run";

/** Facts with a meaning that restores go by; what else a job records has a name of its own. */
export const SetFacts = z
  .object({
    "cumulative-update": Version.optional(),
    "topology-hash": Sha256.optional(),
    "central-management-host": z.string().optional(),
    "active-pool": Fqdn.optional().describe("Where the data of the pool lived"),
    "failed-over": z.boolean().optional(),
    "contact-store": z.enum(["lync", "exchange", "mixed"]).optional(),
  })
  .catchall(z.json());

export const Manifest = defineDocument({
  name: "manifest",
  version: 1,
  about: "The seal of a set: written last, by rename, and never rewritten. No manifest, no set.",
  writer: "the seal step",
  readers: "retention, courier, verification, status, every restore",
  shape: {
    set: RunId.describe("Its name, that of the run"),
    series: Name.describe("The line of sets that it belongs to"),
    job: Name,
    jobHash: Sha256.describe("Of the job document that made it"),
    kind: SetKind.describe("How it depends on earlier sets"),
    owner: Owner,
    host: Fqdn.describe("That made it"),
    account: Account,
    trigger: Trigger,
    startedAt: Instant.describe("The age of a set counts from here: what changed later is not in it"),
    sealedAt: Instant.describe("When this file was written"),
    product: Product,
    deployment: Name,
    covers: z.array(Cover).describe("What its artefacts hold: never more than was really made"),
    artefacts: z.array(Artefact).min(1).max(2000).describe("The files of a file store stand in a listing, not here"),
    bytes: Bytes.describe("The sum of the artefacts"),
    needs: z.array(RunId).default([]).describe("Sets of the series without which this one cannot be restored"),
    facts: SetFacts.default({}).describe("What a restore must know, as it was found"),
    tool: z.strictObject({ name: z.string().min(1), version: Version }),
  },
  rules(manifest, problem) {
    const seen = new Set<string>();
    for (const [index, { path, bytes, parts }] of manifest.artefacts.entries()) {
      if (parts && Math.ceil(bytes / parts.bytes) * 64 !== parts.sha256.length)
        problem(["artefacts", index, "parts"], "are not as many as the artefact has");
      if (seen.has(path.toLowerCase())) problem(["artefacts", index, "path"], "stands twice in the set");
      seen.add(path.toLowerCase());
      if (path.toLowerCase() === MANIFEST) problem(["artefacts", index, "path"], "is the place of the manifest itself");
    }
    const sum = manifest.artefacts.reduce((bytes, artefact) => bytes + artefact.bytes, 0);
    if (sum !== manifest.bytes) problem(["bytes"], `is not the sum of the artefacts, ${String(sum)}`);
    if (manifest.needs.includes(manifest.set)) problem(["needs"], "names the set itself");
  },
});
export type Manifest = DocumentOf<typeof Manifest>;
