import {
  coverKey,
  hostLayout,
  Manifest,
  MANIFEST,
  Run,
  seriesOf,
  targetLayout,
  Verified,
  type Artefact,
  type Cover,
  type StepOf,
} from "../../estate/documents";
import { needsOf } from "../../estate/chains";
import { decideRetention, type RetainableSet } from "../../estate/retention";
import { productFile } from "../agent";
import { freeBytes, mustNotBeOpen, reach } from "../files";
import { below, parentOf, type Place } from "../paths";
import type { World } from "../world";
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
import { spendOn, wayBetween } from "./durations";
import * as messages from "./messages";
import { manifestIn, readSets, setFolders, targetFolder, type KnownSet } from "./sets";
import { holds, listOf, textOf, valueOf } from "./values";

/** The kinds that make a set of what was made, and that remove old ones. */

export async function publish(execution: Execution, step: StepOf<"publish">): Promise<Done> {
  const { path: target } = targetOf(execution);
  const artefacts = execution.artefacts.filter((artefact) => artefact.in === "work");
  const bytes = artefacts.reduce((sum, artefact) => sum + (artefact.bytes ?? 0), 0);
  await look(execution, (world) => {
    const place = mustHaveTarget(world, execution);
    removeRemains(world, execution, place);
    const free = freeBytes(world, place) ?? 0;
    if (free - bytes < step.keepFreeBytes) {
      const message = messages.tooFull(target, free, bytes, step.keepFreeBytes);
      throw new StepFailure("disk-full", message, messages.tooFullAdvice);
    }
    execution.hasSetFolder = true;
    world.disk.makeFolder(reach(world, execution.actor, setPath(execution, ""), "change"));
  });
  for (const artefact of artefacts) await copy(execution, artefact);
  await look(execution, (world) => {
    world.disk.remove({ host: execution.actor.host, local: workPath(execution, "") });
  });
  const message = messages.published(artefacts.length, target);
  return { message, data: { set: execution.run.id, bytes } };
}

export function mustHaveTarget(world: World, execution: Execution): Place {
  const { path: target } = targetOf(execution);
  const place = reach(world, execution.actor, target, "change");
  if (world.disk.has(place)) return place;
  throw new StepFailure("target-gone", messages.targetGone(target), messages.targetGoneAdvice);
}

function copy(execution: Execution, artefact: MadeArtefact): Promise<void> {
  return look(execution, (world) => {
    const from = { host: execution.actor.host, local: workPath(execution, artefact.path) };
    mustNotBeOpen(world, from, from.local);
    const to = reach(world, execution.actor, setPath(execution, artefact.path), "change");
    world.disk.copy(from, to);
    // There, and back for the comparison.
    spendOn(execution, wayBetween(world, from, to), 2 * (artefact.bytes ?? 0));
    if (world.disk.body(to)?.sha256() === artefact.sha256) return;
    throw new StepFailure("copy-differs", messages.copyDiffers(artefact.path), messages.copyDiffersAdvice);
  });
}

/**
 * What runs of this job on this host left on the target, because they died before the seal. A set that was sealed and
 * lost its manifest is no remains: whoever misses it may still put it together.
 */
function removeRemains({ disk }: World, execution: Execution, target: Place): void {
  const { job, actor, run } = execution;
  if (job.setKind === "log") return;
  const sets = below(target, targetLayout.sets(seriesOf(job)));
  for (const set of setFolders(disk, sets)) {
    if (set === run.id || disk.has(below(sets, set, MANIFEST))) continue;
    const result = disk.text(productFile(actor.host, hostLayout.run(job.name, set)));
    if (result !== undefined && sealedNothing(result)) disk.remove(below(sets, set));
  }
}

/** A result that cannot be read says nothing. */
function sealedNothing(result: string): boolean {
  try {
    return Run.parse(result).set === undefined;
  } catch {
    return false;
  }
}

/**
 * Of a run that ends without a seal, nothing stays that could be taken for a set. Logs do stay, though without a
 * manifest: their backup has cut them off, so no later one holds them.
 */
export async function discardUnsealed(execution: Execution): Promise<void> {
  await look(execution, (world) => {
    world.disk.remove({ host: execution.actor.host, local: workPath(execution, "") });
    if (!execution.hasSetFolder || execution.run.set !== undefined || execution.job.setKind === "log") return;
    world.disk.remove(reach(world, execution.actor, setPath(execution, ""), "change"));
  });
}

export async function seal(execution: Execution, step: StepOf<"seal">): Promise<Done> {
  const { job, run } = execution;
  if (execution.artefacts.length === 0) throw new StepFailure("nothing-made", messages.nothingMade);
  const artefacts = execution.artefacts.map(asSealed);
  const bytes = artefacts.reduce((sum, artefact) => sum + artefact.bytes, 0);
  const holding = step.factsWhen.filter(({ when }) => holds(execution, when)).map((one) => one.facts);
  const facts = [step.facts, ...holding]
    .flatMap((some) => Object.entries(some))
    .map(([name, value]) => [name, valueOf(execution, value)]);
  const needs = [...new Set(step.needs.flatMap((value) => listOf(valueOf(execution, value))).map(textOf))];
  await look(execution, (world) => {
    const folder = reach(world, execution.actor, setPath(execution, ""), "change");
    for (const artefact of artefacts) {
      const found = world.disk.body(below(folder, artefact.path));
      if (found?.bytes !== artefact.bytes) throw new StepFailure("missing", messages.missingFromSet(artefact.path));
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
      needs,
      facts: Object.fromEntries(facts) as Record<string, Json>,
      tool: { name: "lync-backup", version: execution.toolVersion },
    });
    for (const set of needs) {
      if (world.disk.has(below(parentOf(folder), set, MANIFEST))) continue;
      throw new StepFailure("needs-missing", messages.needsMissing(set), messages.needsMissingAdvice);
    }
    noteDamage(world, execution, manifest);
    world.disk.write(below(folder, MANIFEST), Manifest.write(manifest)).know(manifestIn, manifest);
    run.set = run.id;
  });
  const count = artefacts.length;
  return { message: messages.sealed(run.id, count), data: { set: run.id, artefacts: count, bytes } };
}

/** Before the manifest: a set that a verification of this run has found damaged is never taken for a good one. */
function noteDamage(world: World, execution: Execution, { series, set, artefacts, bytes }: Manifest): void {
  if (execution.damaged.length === 0) return;
  const verified = Verified.make({
    set,
    series,
    where: "target",
    at: world.clock.now,
    level: "readable",
    artefacts: artefacts.length,
    bytes,
    failures: execution.damaged,
  });
  const target = targetFolder(world, execution, "change");
  world.disk.write(below(target, targetLayout.verified(series, set)), Verified.write(verified));
}

function asSealed({ path, datum, scope, format, bytes, sha256, parts, covers, facts }: MadeArtefact): Artefact {
  if (bytes === undefined || sha256 === undefined) throw new StepFailure("not-hashed", messages.notHashed(path));
  const optional = { ...(parts ? { parts } : {}), ...(covers ? { covers } : {}) };
  return { path, datum, scope, format, bytes, sha256, ...optional, facts };
}

/** Never more than was really made: covers follow from artefacts, and are declared nowhere. */
function coversOf(artefacts: readonly Artefact[]): Cover[] {
  const covers = artefacts.flatMap(({ datum, scope, covers }) => covers ?? [{ datum, scope }]);
  return [...new Map(covers.map((cover) => [coverKey(cover), cover])).values()];
}

export async function retain(execution: Execution, step: StepOf<"retain">): Promise<Done> {
  if (execution.run.set === undefined) throw new StepFailure("not-sealed", messages.notSealed);
  return look(execution, (world) => {
    const target = targetFolder(world, execution, "change");
    sweepRemoved(world, below(target, targetLayout.sets(seriesOf(execution.job))));
    const { sets, unreadable } = readSets(world, execution);
    if (unreadable.length > 0) {
      const message = messages.unreadableSets(unreadable);
      throw new StepFailure("sets-unreadable", message, messages.unreadableSetsAdvice);
    }
    const { policy, awaits } = step;
    const needs = needsOf(sets);
    const retainable = sets.map((set) => asRetainable(set, needs.get(set.manifest.set) ?? []));
    const decisions = decideRetention(retainable, { policy, awaits, now: world.clock.now });
    const kept = decisions.filter(({ keep }) => keep);
    const removed = decisions.filter(({ keep }) => !keep);
    for (const { set } of removed) removeSet(world, execution, target, set);
    const shown = (list: typeof decisions): Json => list.map(({ set, reasons }) => ({ set, because: reasons }));
    const message = messages.retained(kept.length, removed.length);
    return { message, data: { kept: shown(kept), removed: shown(removed) } };
  });
}

const asRetainable = ({ manifest, good, held, carried }: KnownSet, needs: string[]): RetainableSet => {
  const { set, startedAt, covers } = manifest;
  return { set, startedAt, good, needs, covers: covers.map(coverKey), carried, held };
};

const REMOVED = ".removed";

/**
 * Then what was said about it. On a host it is renamed first, since what is half removed must not look like a set,
 * whoever looks; here it goes at once.
 */
function removeSet({ disk }: World, { job }: Execution, target: Place, set: string): void {
  disk.remove(below(target, targetLayout.set(seriesOf(job), set)));
  const side = below(target, targetLayout.side(seriesOf(job)));
  for (const name of disk.names(side)) if (name.startsWith(`${set}.`)) disk.remove(below(side, name));
}

/** What a run that was killed while it removed has left on a host. */
function sweepRemoved({ disk }: World, sets: Place): void {
  for (const name of disk.names(sets)) if (name.endsWith(REMOVED)) disk.remove(below(sets, name));
}
