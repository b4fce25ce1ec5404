import type { StepOf } from "../../estate/documents";
import { readAgent } from "../agent";
import { findAccount, groupsOf } from "../directory";
import { freeBytes, mustHaveRoom, reach, volumeOf } from "../files";
import { below, FileError } from "../paths";
import type { World } from "../world";
import { look, StepFailure, type Done, type Execution, type Json } from "./execution";
import * as messages from "./messages";
import { textValueOf } from "./values";

/**
 * The kind that tells what Windows knows. What it finds is facts, the worst among them: guards decide what follows. It
 * fails only where nothing can be found out.
 */

type Facts = Record<string, Json>;
interface Asked {
  world: World;
  execution: Execution;
  path: string;
  against: string | undefined;
}

export async function observe(execution: Execution, step: StepOf<"observe">): Promise<Done> {
  const [path, against] = [step.path, step.against].map((value) =>
    value === undefined ? undefined : textValueOf(execution, value),
  );
  if (NEED_PATH.includes(step.what) && path === undefined) {
    throw new StepFailure("no-path", messages.noPath(step.what));
  }
  const facts = await look(execution, (world) => OBSERVE[step.what]({ world, execution, path: path ?? "", against }));
  return { message: messages.observed(step.what, path), data: { facts } };
}

type What = StepOf<"observe">["what"];
const NEED_PATH: readonly What[] = ["folder", "read-back", "free-space"];

const OBSERVE: Readonly<Record<What, (asked: Asked) => Facts>> = {
  computer: ({ world, execution }) => {
    const { fqdn, domain, operatingSystem, powershell, timeZone, lync } = world.computer(execution.actor.host);
    const { product = null, version = null, pool = null } = lync ?? {};
    return { fqdn, domain, operatingSystem, powershell, timeZone, product, version, pool };
  },

  /** What the account of this very logon has, not what the directory would give it at the next. */
  token: ({ world, execution, against }) => {
    const { account } = execution.actor;
    const groups = [...groupsOf(world.directory, account)].sort();
    const wanted = against?.toLowerCase();
    const has = groups.some(
      (name) => name.toLowerCase() === wanted || name.toLowerCase().endsWith(`\\${wanted ?? ""}`),
    );
    const sid = findAccount(world.directory, account)?.sid ?? null;
    return { account, sid, groups, ...(wanted === undefined ? {} : { has }) };
  },

  module: ({ world, execution }) => {
    const found = readAgent(world, execution.actor.host);
    return { installed: found !== null, version: found?.version ?? null, files: found?.files ?? {} };
  },

  "managed-account": ({ world, execution, against }) => {
    const name = against ?? execution.job.account;
    const account = findAccount(world.directory, name);
    const installed = account?.installedOn?.includes(execution.actor.host) === true;
    return { account: name, exists: account !== undefined, managed: account?.kind === "managed", installed };
  },

  folder: ({ world, execution, path }) => {
    const reading = tried(() => reach(world, execution.actor, path, "read"));
    const writing = tried(() => reach(world, execution.actor, path, "change"));
    const exists = "done" in reading && world.disk.stat(reading.done)?.kind === "folder";
    const error = "error" in reading ? reading.error : "error" in writing ? writing.error : null;
    return { path, exists, readable: "done" in reading, writable: exists && "done" in writing, error };
  },

  /** A small file of its own is written, read, compared and removed. */
  "read-back": ({ world, execution, path }) => {
    const text = `lync-backup ${execution.run.id}\n`;
    const result = tried(() => {
      const folder = reach(world, execution.actor, path, "change");
      if (world.disk.stat(folder)?.kind !== "folder") throw new FileError("path-not-found", messages.noFolder(path));
      const probe = below(folder, `${execution.run.id}.probe`);
      mustHaveRoom(world, probe, text.length);
      world.disk.write(probe, text);
      const same = world.disk.text(probe) === text;
      world.disk.remove(probe);
      return same;
    });
    return "done" in result ? { path, same: result.done, error: null } : { path, same: false, error: result.error };
  },

  "free-space": ({ world, execution, path }) => {
    const place = reach(world, execution.actor, path, "read");
    const capacityBytes = volumeOf(world.computer(place.host), place.local)?.capacityBytes ?? null;
    return { path, freeBytes: freeBytes(world, place) ?? null, capacityBytes };
  },

  /** The lab has one clock for all computers. */
  clock: ({ world, execution, against }) => {
    const reference = against ?? execution.actor.host;
    if (!world.find(reference)?.reachable) throw new FileError("network-path-not-found", messages.noClock(reference));
    return { now: world.clock.now, reference, skewSeconds: 0 };
  },

  certificates: ({ world, execution }) => {
    const { certificates = [] } = world.computer(execution.actor.host);
    return { certificates: certificates.map((one) => ({ ...one })) };
  },

  services: ({ world, execution }) => {
    const services = Object.entries(world.computer(execution.actor.host).services ?? {});
    return { services: services.map(([name, state]) => ({ name, state })) };
  },
};

/** What Windows answers, as a sentence. */
function tried<T>(work: () => T): { done: T } | { error: string } {
  try {
    return { done: work() };
  } catch (error) {
    if (error instanceof FileError) return { error: error.message };
    throw error;
  }
}
