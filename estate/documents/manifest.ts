import { z } from "zod";
import { Account, Bytes, Cover, Fqdn, Instant, Name, Owner, Product, RunId, Sha256, Version } from "./common";
import { defineDocument, type DocumentOf } from "./document";
import { Artefact, Trigger } from "./run";

export const Manifest = defineDocument({
  name: "manifest",
  version: 1,
  about: "The seal of a set: written last, by rename, and never rewritten. No manifest, no set.",
  writer: "the seal step",
  readers: "retention, courier, verification, status, every restore",
  shape: {
    set: RunId,
    job: Name,
    owner: Owner,
    host: Fqdn,
    account: Account,
    trigger: Trigger,
    startedAt: Instant.describe("The age of a set counts from here: what changed later is not in it"),
    sealedAt: Instant,
    product: Product,
    deployment: z.strictObject({ name: Name, topologyHash: Sha256 }),
    covers: z.array(Cover),
    artefacts: z.array(Artefact).min(1),
    bytes: Bytes,
    needs: z.array(RunId).default([]).describe("Sets without which this one cannot be restored"),
    facts: z
      .record(Name, z.json())
      .default({})
      .describe(
        "What a restore must know: cumulative update, active pool, failed over or not, contact-store mode, counts",
      ),
    tool: z.strictObject({ name: z.string().min(1), version: Version }),
  },
  rules(manifest, problem) {
    const paths = manifest.artefacts.map((artefact) => artefact.path.toLowerCase());
    for (const [index, path] of paths.entries()) {
      if (paths.indexOf(path) !== index) problem(["artefacts", index, "path"], "stands twice in the set");
    }
    const sum = manifest.artefacts.reduce((bytes, artefact) => bytes + artefact.bytes, 0);
    if (sum !== manifest.bytes) problem(["bytes"], `is not the sum of the artefacts, ${String(sum)}`);
    if (manifest.needs.includes(manifest.set)) problem(["needs"], "names the set itself");
  },
});
export type Manifest = DocumentOf<typeof Manifest>;
