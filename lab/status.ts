import fs from "node:fs";
import path from "node:path";
import { MANIFEST, targetLayout, type HostState } from "../estate/documents";
import { namesIn, realPath } from "./files";
import { setFolders } from "./interpreter/sets";
import { readRuns } from "./runs";
import { readState } from "./state";
import { Store } from "./store";
import { inWorld, type Computer, type World } from "./world";

/** The whole lab at a glance. */
export interface LabStatus {
  folder: string;
  deployment: string;
  now: string;
  centralManagement: { running: boolean; master: string; pool: string | null; serial: number; policies: number };
  hosts: LabHostStatus[];
}

export interface LabHostStatus {
  host: string;
  site: string;
  pool: string | null;
  reachable: boolean;
  delayMs: number;
  agent: string | null;
  tasks: Pick<HostState["tasks"][number], "name" | "enabled" | "nextRunAt" | "lastRunAt" | "lastResult">[];
  runs: { job: string; run: string; outcome: string; set: string | null; error: string | null }[];
  targets: {
    name: string;
    path: string;
    freeBytes: number | null;
    sets: { series: string; set: string; sealed: boolean }[];
  }[];
}

export function labStatus(folder: string): Promise<LabStatus> {
  return inWorld(new Store(folder), (world) => {
    const { topology, store } = world.deployment;
    return {
      folder: path.resolve(folder),
      deployment: topology.deployment,
      now: world.clock.now,
      centralManagement: {
        running: store.running,
        master: store.master,
        pool: world.computer(store.master).lync?.pool ?? null,
        serial: store.contents.serial,
        policies: store.contents.policies.length,
      },
      hosts: world.computers().map((fqdn) => hostStatus(world, world.computer(fqdn))),
    };
  });
}

function hostStatus(world: World, { fqdn, site, lync, reachable, delayMs }: Computer): LabHostStatus {
  const state = readState(world, fqdn);
  return {
    host: fqdn,
    site,
    pool: lync?.pool ?? null,
    reachable,
    delayMs,
    agent: state.agent?.version ?? null,
    tasks: state.tasks.map(({ name, enabled, nextRunAt, lastRunAt, lastResult }) => ({
      name,
      enabled,
      nextRunAt,
      lastRunAt,
      lastResult,
    })),
    runs: state.jobs.flatMap(({ name }) =>
      readRuns(world, fqdn, name, 5).map(({ id, outcome, set, error }) => ({
        job: name,
        run: id,
        outcome,
        set: set ?? null,
        error: error?.message ?? null,
      })),
    ),
    targets: state.targets.map((target) => ({
      name: target.name,
      path: target.path,
      freeBytes: target.freeBytes,
      sets: setsIn(realPath(world, fqdn, target.path)),
    })),
  };
}

function setsIn(target: string): LabHostStatus["targets"][number]["sets"] {
  return namesIn(path.join(target, "series")).flatMap((series) => {
    const sets = path.join(target, targetLayout.sets(series));
    return setFolders(sets).map((set) => ({ series, set, sealed: fs.existsSync(path.join(sets, set, MANIFEST)) }));
  });
}
