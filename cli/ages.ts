import { jobsOf, protectionsOf, type Estate } from "../estate/estate";
import { ageText, colours, table } from "./output";
import { seenAt, type HostStatus } from "./stack";

/** What is covered, by what, and how old that is: what its newest set would bring back, here and from offsite. */
export function agesTable(estate: Estate, hosts: readonly HostStatus[]): string {
  const now = seenAt(hosts);
  const ageOf = (at: string | undefined): string =>
    at === undefined ? colours.red("none") : ageText(Date.parse(now) - Date.parse(at));
  const jobs = hosts.flatMap(({ state }) => state?.jobs ?? []);
  const newest = (times: readonly string[]): string | undefined => [...times].sort().at(-1);
  const series = [...dataBySeries(estate)].map(([name, { data, jobs: names }]) => {
    const made = jobs.flatMap((job) => (names.has(job.name) && job.newestSet ? [job.newestSet.sealedAt] : []));
    const points = jobs.flatMap(({ offsite }) => offsite).filter((point) => point.series === name);
    const carried = newest(points.map(({ startedAt }) => startedAt));
    return [name, ageOf(newest(made)), ageOf(carried), some([...data])];
  });
  const others = estate.external.map(({ name, data, lastSuccess }) => [
    name,
    ageOf(lastSuccess),
    colours.dim("by others"),
    some(data),
  ]);
  return table(["covered by", "newest", "verified offsite", "what it covers"], [...series, ...others]);
}

/** A line of a table has no room for all that a SQL Server holds; `coverage` names every one. */
const some = (data: readonly string[]): string =>
  data.length <= 4 ? data.join(", ") : `${data.slice(0, 3).join(", ")} and ${String(data.length - 3)} more`;

/** Lines of sets, whichever job adds to them, and what these hold. */
function dataBySeries(estate: Estate): Map<string, { data: Set<string>; jobs: Set<string> }> {
  const found = new Map<string, { data: Set<string>; jobs: Set<string> }>();
  const at = (series: string): { data: Set<string>; jobs: Set<string> } => {
    const known = found.get(series) ?? { data: new Set(), jobs: new Set() };
    found.set(series, known);
    return known;
  };
  for (const { series, name } of jobsOf(estate)) at(series).jobs.add(name);
  for (const one of protectionsOf(estate)) {
    if (one.by === "job") for (const { datum } of one.covers) at(one.series).data.add(datum);
  }
  return found;
}
