import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { hostLayout, targetLayout, type CourierSource, type StepOf, type StoreReference } from "../../estate/documents";
import { OffsiteError } from "../../offsite/error";
import { productFile } from "../agent";
import { LabError } from "../error";
import { reach } from "../files";
import { below, type Place } from "../paths";
import { atLab } from "../s3";
import type { World } from "../world";
import { spendOnCopy } from "./durations";
import { look, StepFailure, type Done, type Execution } from "./execution";
import * as messages from "./messages";

/** A folder of a target, in the world and as the courier finds it. */
interface Staged {
  place: Place;
  real: string;
}

/**
 * Sets go offsite by the real courier, to a real store. It finds the targets in a folder of its own, as far as the
 * account may use them; the receipts that it leaves there are then on the targets.
 */
export async function courier(execution: Execution, step: StepOf<"courier">): Promise<Done> {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "lync-backup-courier-"));
  const credentialsFolder = path.join(scratch, "credentials");
  const folderOf = ({ name }: CourierSource["target"]): string => path.join(scratch, "targets", name);
  try {
    const { now, staged } = await look(execution, (world) => {
      if (!world.computer(execution.actor.host).courier) {
        throw new StepFailure("no-courier", messages.noCourier, messages.noCourierAdvice);
      }
      stageCredentials(world, execution, step.credentials, credentialsFolder);
      const need = step.action === "push" ? "change" : "read";
      return {
        now: new Date(world.clock.now),
        staged: step.sources.flatMap((source) => {
          const target = reach(world, execution.actor, source.target.path, need);
          return stageTarget(world, target, source.series, folderOf(source.target));
        }),
      };
    });
    // The client of the store takes longer to load than most commands of the lab run.
    const { performCourier } = await import("../../offsite/courier");
    const { signal } = execution.control;
    const work = { step: { ...step, store: await reachable(execution, step.store) }, folderOf, credentialsFolder };
    const done = await performCourier({ ...work, now: () => now, signal });
    await look(execution, (world) => {
      for (const one of staged) bringBack(world, one);
      spendOnCopy(execution, "betweenSites", done.data.bytes, step.megabitsPerSecond);
    });
    const { message, problems } = done;
    const { newest, ...moved } = done.data;
    const data = { ...moved, ...(newest ? { newest } : {}) };
    if (problems.length > 0) {
      throw new StepFailure("not-offsite", messages.notAllOffsite(problems), undefined, data);
    }
    return { message, data };
  } catch (error) {
    // Its message ends with its advice.
    throw error instanceof OffsiteError ? new StepFailure(error.code, error.message) : error;
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}

/** A server of the lab that is down is a store that does not answer. */
async function reachable({ store: { folder } }: Execution, declared: StoreReference): Promise<StoreReference> {
  try {
    return (await atLab(folder, declared)).reference;
  } catch (error) {
    throw error instanceof LabError ? new StepFailure("unreachable", error.message) : error;
  }
}

/** By name, as on a server; what the computer that the lab runs on has by that name is none of its business. */
function stageCredentials(world: World, { actor }: Execution, name: string, folder: string): void {
  const text = world.disk.text(productFile(actor.host, hostLayout.credentials(name)));
  if (text === undefined) {
    throw new StepFailure("no-credentials", messages.noCredentials(name, actor.host), messages.noCredentialsAdvice);
  }
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, `${name}.json`), text, { mode: 0o600 });
}

function stageTarget({ disk }: World, target: Place, series: CourierSource["series"], real: string): Staged[] {
  fs.mkdirSync(path.join(real, targetLayout.allSeries), { recursive: true });
  const names = series === "all" ? disk.names(below(target, targetLayout.allSeries)) : series;
  return names.flatMap((name) => {
    for (const folder of [targetLayout.sets(name), targetLayout.side(name)]) {
      for (const file of disk.files(below(target, folder))) {
        const to = path.join(real, folder, file.path);
        fs.mkdirSync(path.dirname(to), { recursive: true });
        file.body.placeAt(to);
      }
    }
    return { place: below(target, targetLayout.side(name)), real: path.join(real, targetLayout.side(name)) };
  });
}

/** What lies beside the sets now, and did not before. */
function bringBack({ disk }: World, { place, real }: Staged): void {
  if (!fs.existsSync(real)) return;
  for (const name of fs.readdirSync(real)) {
    const content = fs.readFileSync(path.join(real, name));
    if (disk.body(below(place, name))?.read().equals(content) !== true) disk.write(below(place, name), content);
  }
}
