import fs from "node:fs";
import path from "node:path";
import {
  hostLayout,
  Manifest,
  MANIFEST,
  RunId,
  scopeKey,
  seriesOf,
  targetLayout,
  type Artefact,
  type Cover,
  type StepOf,
} from "../../estate/documents";
import { decideRetention } from "../../estate/retention";
import { productFile } from "../agent";
import { freeBytes, namesIn, reach, realPath, removeAll, writeWhole } from "../files";
import type { World } from "../world";
import { hashOfFile } from "./checks";
import {
  look,
  setPath,
  StepFailure,
  targetOf,
  workPath,
  type Done,
  type Execution,
  type MadeArtefact,
  type Json,
} from "./execution";
import * as messages from "./messages";
import { readSets, targetFolder, type KnownSet } from "./sets";
import { textValueOf, valueOf } from "./values";

/** The kinds that make a set of what was made, and that remove old ones. */

export async function publish(execution: Execution, step: StepOf<"publish">): Promise<Done> {
  const { path: target } = targetOf(execution);
  const artefacts = execution.artefacts.filter((artefact) => artefact.in === "work");
  const bytes = artefacts.reduce((sum, artefact) => sum + (artefact.bytes ?? 0), 0);
  await look(execution, (world) => {
    const place = reach(world, execution.actor, target, "change");
    if (!fs.existsSync(place.real)) {
      throw new StepFailure("target-gone", messages.targetGone(target), messages.targetGoneAdvice);
    }
    removeRemains(world, execution, place.real);
    const free = freeBytes(world, place.host, place.local) ?? 0;
    if (free - bytes < step.keepFreeBytes) {
      const message = messages.tooFull(target, free, bytes, step.keepFreeBytes);
      throw new StepFailure("disk-full", message, messages.tooFullAdvice);
    }
    fs.mkdirSync(reach(world, execution.actor, setPath(execution, ""), "change").real, { recursive: true });
  });
  for (const artefact of artefacts) await copy(execution, artefact);
  await look(execution, (world) => {
    removeAll(realPath(world, execution.actor.host, workPath(execution, "")));
  });
  const message = messages.published(artefacts.length, target);
  return { message, data: { set: execution.run.id, bytes } };
}

async function copy(execution: Execution, artefact: MadeArtefact): Promise<void> {
  const [from, to] = await look(execution, (world) => [
    realPath(world, execution.actor.host, workPath(execution, artefact.path)),
    reach(world, execution.actor, setPath(execution, artefact.path), "change").real,
  ]);
  if (from === undefined || to === undefined) return;
  fs.mkdirSync(path.dirname(to), { recursive: true });
  fs.copyFileSync(from, to);
  if ((await hashOfFile(to)) !== artefact.sha256) {
    throw new StepFailure("copy-differs", messages.copyDiffers(artefact.path), messages.copyDiffersAdvice);
  }
}

/** What runs of this job on this host left on the target without a seal, because they died or were removing it. */
function removeRemains(world: World, { job, actor, run }: Execution, target: string): void {
  const sets = path.join(target, targetLayout.sets(seriesOf(job)));
  for (const name of namesIn(sets)) {
    if (name === run.id || !RunId.safeParse(name).success) continue;
    const ours = fs.existsSync(productFile(world, actor.host, hostLayout.run(job.name, name)));
    if (ours && !fs.existsSync(path.join(sets, name, MANIFEST))) removeAll(path.join(sets, name));
  }
}

/** Of a run that ends without a seal, nothing stays that could be taken for a set. */
export async function discardUnsealed(execution: Execution): Promise<void> {
  const { job, run } = execution;
  await look(execution, (world) => {
    removeAll(realPath(world, execution.actor.host, workPath(execution, "")));
    if (!job.target || run.set !== undefined) return;
    removeAll(reach(world, execution.actor, setPath(execution, ""), "change").real);
  });
}

export async function seal(execution: Execution, step: StepOf<"seal">): Promise<Done> {
  const { job, run } = execution;
  if (execution.artefacts.length === 0) throw new StepFailure("nothing-made", messages.nothingMade);
  const artefacts = execution.artefacts.map(asSealed);
  const bytes = artefacts.reduce((sum, artefact) => sum + artefact.bytes, 0);
  const facts = Object.entries(step.facts).map(([name, value]) => [name, valueOf(execution, value)]);
  await look(execution, (world) => {
    const folder = reach(world, execution.actor, setPath(execution, ""), "change").real;
    for (const artefact of artefacts) {
      const found = fs.statSync(path.join(folder, artefact.path), { throwIfNoEntry: false });
      if (found?.size !== artefact.bytes) throw new StepFailure("missing", messages.missingFromSet(artefact.path));
    }
    const manifest = Manifest.make({
      set: run.id,
      series: seriesOf(job),
      job: job.name,
      jobHash: run.jobHash,
      kind: job.setKind,
      owner: job.owner,
      host: run.host,
      account: run.account,
      trigger: run.trigger,
      startedAt: run.startedAt,
      sealedAt: world.clock.now,
      product: job.product,
      deployment: job.deployment,
      covers: coversOf(artefacts),
      artefacts,
      bytes,
      needs: step.needs.map((value) => textValueOf(execution, value)),
      facts: Object.fromEntries(facts) as Record<string, Json>,
      tool: { name: "lync-backup", version: execution.toolVersion },
    });
    writeWhole(path.join(folder, MANIFEST), Manifest.write(manifest));
    run.set = run.id;
  });
  const count = artefacts.length;
  return { message: messages.sealed(run.id, count), data: { set: run.id, artefacts: count, bytes } };
}

function asSealed({ path, datum, scope, format, bytes, sha256, facts }: MadeArtefact): Artefact {
  if (bytes === undefined || sha256 === undefined) throw new StepFailure("not-hashed", messages.notHashed(path));
  return { path, datum, scope, format, bytes, sha256, facts };
}

/** Never more than was really made: covers follow from artefacts, and are declared nowhere. */
function coversOf(artefacts: readonly Artefact[]): Cover[] {
  const covers = artefacts.map(({ datum, scope }) => [`${datum} ${scopeKey(scope)}`, { datum, scope }] as const);
  return [...new Map(covers).values()];
}

export async function retain(execution: Execution, step: StepOf<"retain">): Promise<Done> {
  if (execution.run.set === undefined) throw new StepFailure("not-sealed", messages.notSealed);
  return look(execution, (world) => {
    const sets = readSets(world, execution);
    const because = whyKept(sets, step, world.clock.now);
    const target = targetFolder(world, execution, "change");
    const kept = because.filter(({ keep }) => keep);
    const removed = because.filter(({ keep }) => !keep);
    for (const { set } of removed) removeSet(execution, target, sets, set);
    const shown = (list: typeof because): Json => list.map(({ set, reasons }) => ({ set, because: reasons }));
    const message = messages.retained(kept.length, removed.length);
    return { message, data: { kept: shown(kept), removed: shown(removed) } };
  });
}

/** The decision of the policy, and what overrules it: a hold, and a copy that has not carried the set yet. */
function whyKept(
  sets: readonly KnownSet[],
  { policy, awaits }: StepOf<"retain">,
  now: string,
): { set: string; keep: boolean; reasons: string[] }[] {
  const offsite = ({ carried }: KnownSet): boolean =>
    awaits.length > 0 ? awaits.every((copy) => carried.includes(copy)) : carried.length > 0;
  const decisions = decideRetention(
    sets.map((set) => ({ ...set.manifest, good: set.good, carried: offsite(set) })),
    policy,
    now,
  );
  for (const decision of decisions) {
    const set = sets.find(({ manifest }) => manifest.set === decision.set);
    if (!set) continue;
    const overruling = [
      ...(set.held ? ["held"] : []),
      ...awaits.filter((copy) => !set.carried.includes(copy)).map((copy) => `not yet carried by ${copy}`),
      // Newest first, so whoever needs this set was looked at before.
      ...decisions
        .filter((one) => one.keep && needsOf(sets, one.set).includes(decision.set))
        .map((one) => `needed by ${one.set}`),
    ];
    if (decision.keep || overruling.length === 0) continue;
    decision.keep = true;
    decision.reasons = overruling;
  }
  return decisions;
}

const needsOf = (sets: readonly KnownSet[], set: string): readonly string[] =>
  sets.find(({ manifest }) => manifest.set === set)?.manifest.needs ?? [];

/** The manifest first: what is half removed must not look whole. */
function removeSet({ job }: Execution, target: string, sets: readonly KnownSet[], set: string): void {
  const folder = sets.find(({ manifest }) => manifest.set === set)?.folder;
  if (folder === undefined) return;
  fs.rmSync(path.join(folder, MANIFEST));
  removeAll(folder);
  const side = path.join(target, targetLayout.side(seriesOf(job)));
  for (const name of namesIn(side)) if (name.startsWith(`${set}.`)) removeAll(path.join(side, name));
}
