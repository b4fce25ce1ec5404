import { Name, poolOf, type CourierSource } from "../documents";
import { offsiteRules, pruneJobName, verifyJobName } from "../jobs";
import { jobsOf, protectingJobsOf, targetReference } from "./jobs";
import type { Offsite } from "./offsite-schema";
import type { EstateParts } from "./schema";

/** The copies of an estate that leave the site, in the words of their resources. */

export interface OffsiteResource extends Omit<Offsite, "from" | "bucket" | "host"> {
  store: Offsite["bucket"];
  /** None where somebody else carries. */
  hosts: string[];
  sources: CourierSource[];
}

type Problem = (path: PropertyKey[], message: string) => void;

export function offsiteOf(estate: EstateParts): OffsiteResource[] {
  const series = seriesIn(estate);
  return estate.offsite.map(({ bucket, host, from, ...said }) => {
    const sources = from.map((one): CourierSource => {
      const { target: _target, jobs: _jobs, data: _data, ...kept } = one;
      const name = targetNameOf(estate, one);
      const target = estate.targets.find((target) => target.name === name);
      return { ...kept, target: targetReference(target, name), series: seriesOf(one, { estate, from, series }) };
    });
    const keeper = sources[0]?.target.host ?? "";
    const hosts = said.runBy === "external" ? [] : [host ?? keeper];
    return { ...said, store: bucket, hosts, sources };
  });
}

type From = Offsite["from"][number];

interface Series {
  name: string;
  target: string;
  data: ReadonlySet<string>;
}

/** Lines of sets, each with what its jobs back up. */
function seriesIn(estate: EstateParts): Series[] {
  if (estate.offsite.length === 0) return [];
  const data = new Map<string, Set<string>>();
  for (const { series, covers } of protectingJobsOf(estate)) {
    const known = data.get(series) ?? new Set();
    for (const { datum } of covers) known.add(datum);
    data.set(series, known);
  }
  const targets = new Map(jobsOf(estate).map(({ series, target }) => [series, target]));
  return [...targets].map(([name, target]) => ({ name, target, data: data.get(name) ?? new Set() }));
}

const targetNameOf = ({ targets, defaults }: EstateParts, { target }: Pick<From, "target">): string =>
  target ?? defaults.target ?? (targets.length === 1 ? targets[0]?.name : undefined) ?? "";

const isRest = ({ jobs, data }: From): boolean => jobs === undefined && data === undefined;

function seriesOf(
  one: From,
  { estate, from, series }: { estate: EstateParts; from: readonly From[]; series: readonly Series[] },
): CourierSource["series"] {
  const target = targetNameOf(estate, one);
  const others = from.filter((other) => other !== one && targetNameOf(estate, other) === target);
  if (isRest(one) && others.length === 0) return "all";
  const there = series.filter((each) => each.target === target);
  const named = ({ jobs = [], data = [] }: From): string[] =>
    there
      .filter(({ name, data: held }) => jobs.includes(name) || data.some((datum) => held.has(datum)))
      .map(({ name }) => name);
  if (!isRest(one)) return named(one);
  const taken = new Set(others.flatMap(named));
  return there.map(({ name }) => name).filter((name) => !taken.has(name));
}

const shareSets = (one: OffsiteResource, other: OffsiteResource): boolean =>
  one.sources.some(({ target, series }) =>
    other.sources.some(
      (source) =>
        source.target.name === target.name &&
        (series === "all" || source.series === "all" || source.series.some((line) => series.includes(line))),
    ),
  );

/** What one copy alone cannot judge: how it fits the rest of the estate. */
export function offsiteProblems(estate: EstateParts, problem: Problem): void {
  if (estate.offsite.length === 0) return;
  const { topology, targets } = estate;
  const known = new Set(estate.hosts.map(({ name }) => name));
  const jobs = jobsOf(estate);
  const taken = new Set(jobs.flatMap(({ name, series }) => [name, series]));
  const copies = offsiteOf(estate);
  for (const [index, copy] of copies.entries()) {
    const at = (...path: PropertyKey[]): PropertyKey[] => ["offsite", index, ...path];
    const { from = [] } = estate.offsite[index] ?? {};
    for (const name of [copy.name, verifyJobName(copy.name), pruneJobName(copy.name)]) {
      if (taken.has(name)) problem(at("name"), `is that of another job too, ${name}: give it another`);
      taken.add(name);
    }
    if (copies.slice(0, index).some((other) => other.copy === copy.copy && shareSets(other, copy))) {
      problem(at("copy"), `is what another copy of the same sets is called, ${copy.copy}: give it another`);
    }
    for (const host of copy.hosts) {
      const pool = poolOf(topology, host);
      if (pool) problem(at("host"), `is a server of ${pool.fqdn}: the courier needs Node.js, which belongs on none`);
      else if (!known.has(host)) problem(at("host"), `is not among the hosts of this estate: ${host}`);
    }
    for (const [place, one] of from.entries()) {
      const name = targetNameOf(estate, one);
      const target = targets.find((each) => each.name === name);
      const source = copy.sources[place];
      if (!target) problem(at("from", place, "target"), name === "" ? "is not said" : "is not among the targets");
      for (const [job, wanted] of (one.jobs ?? []).entries()) {
        if (!jobs.some(({ series, target: where }) => series === wanted && where === name)) {
          problem(
            at("from", place, "jobs", job),
            `is no job whose sets go to ${name}; a log is in the sets of its full backup`,
          );
        }
      }
      if (source && source.series !== "all" && source.series.length === 0) {
        problem(at("from", place), "is for sets that no job of this estate makes");
      }
      const account = copy.account ?? estate.account;
      const writes = target?.writers.some((writer) => writer.toLowerCase() === account.toLowerCase()) ?? true;
      if (copy.runBy === "task" && !writes) {
        problem(
          ["targets", targets.findIndex((each) => each === target), "writers"],
          `leaves out ${account}, which carries`,
        );
      }
      if (target && target.share === undefined && copy.hosts.some((host) => host !== target.host)) {
        problem(at("host"), `cannot reach ${name}, which has no share`);
      }
    }
    offsiteRules(copy, ([first = "", ...rest], message) => {
      const field = first === "sources" ? "from" : first === "store" ? "bucket" : first;
      problem(at(field, ...rest), message);
    });
    if (!Name.safeParse(copy.name).success) problem(at("name"), "is no name");
  }
}
