import path from "node:path";
import { MANIFEST, targetLayout } from "../estate/documents";
import { setFolders } from "./interpreter/sets";
import { masterOf } from "./model/central-management";
import { below, type Place } from "./paths";
import { readRuns } from "./runs";
import { readState } from "./state";
import { Store } from "./store";
import { inWorld, type Computer, type World } from "./world";

/** The whole lab at a glance. */
export type LabStatus = Awaited<ReturnType<typeof labStatus>>;

export function labStatus(folder: string) {
  return inWorld(new Store(folder), (world) => {
    const { topology, store } = world.deployment;
    const contents = masterOf(world)?.contents;
    return {
      folder: path.resolve(folder),
      deployment: topology.deployment,
      now: world.clock.now,
      centralManagement: {
        running: store.running,
        master: store.master,
        pool: world.computer(store.master).lync?.pool ?? null,
        serial: contents?.serial ?? null,
        policies: contents?.policies.length ?? 0,
      },
      hosts: world.computers().map((fqdn) => hostStatus(world, world.computer(fqdn))),
    };
  });
}

function hostStatus(world: World, { fqdn, site, lync, reachable, delayMs, off, load = 1 }: Computer) {
  const { agent, tasks, jobs, targets } = readState(world, fqdn);
  const runsOf = (job: string) =>
    readRuns(world, fqdn, job, 5).map(({ id: run, outcome, set = null, error }) => {
      return { job, run, outcome, set, error: error?.message ?? null };
    });
  return {
    host: fqdn,
    site,
    pool: lync?.pool ?? null,
    reachable,
    delayMs,
    off: off === true,
    load,
    agent: agent?.version ?? null,
    tasks: tasks.map(({ name, enabled, nextRunAt, lastRunAt, lastResult }) => {
      return { name, enabled, nextRunAt, lastRunAt, lastResult };
    }),
    runs: jobs.flatMap(({ name }) => runsOf(name)),
    targets: targets.map(({ name, path: where, freeBytes }) => {
      return { name, path: where, freeBytes, sets: setsIn(world, { host: fqdn, local: where }) };
    }),
  };
}

function setsIn(world: World, target: Place): { series: string; set: string; sealed: boolean }[] {
  return world.disk.names(below(target, "series")).flatMap((series) => {
    const sets = below(target, targetLayout.sets(series));
    return setFolders(world.disk, sets).map((set) => ({
      series,
      set,
      sealed: world.disk.has(below(sets, set, MANIFEST)),
    }));
  });
}
