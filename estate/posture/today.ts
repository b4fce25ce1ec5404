import { coverageOfEstate, protectionsOf, dutiesOfEstate, type Estate, type EstateCoverage } from "../estate";
import { judgeLevels, type LevelReport } from "../levels";

/** What the clock of the estate makes of its declaration: evidence grows old, and waivers end. */
export interface Today {
  coverage: EstateCoverage;
  levels: LevelReport;
  /** What a preview must not pass with: each a sentence with what to do. */
  uncovered: string[];
  /** What other tools have not shown for too long. */
  stale: string[];
}

export function todayOf(estate: Estate, now: string): Today {
  const coverage = coverageOfEstate(estate, now);
  const { topology, serviceLevels } = estate;
  const { obligations } = dutiesOfEstate(estate);
  const levels = judgeLevels({ topology, obligations, protections: protectionsOf(estate), levels: serviceLevels, now });
  return { coverage, levels, uncovered: uncoveredIn(estate, coverage, now), stale: staleIn(coverage) };
}

const uncoveredIn = ({ waivers }: Estate, { rows }: EstateCoverage, now: string): string[] => [
  ...rows.flatMap(({ obligation: { key }, state, says, add }) =>
    state === "gap" ? [`${key} is not covered: ${says.join("; ")}. Add ${add ?? "a protection"}, or a waiver`] : [],
  ),
  ...waivers
    .filter(({ until }) => now.slice(0, 10) > until)
    .map(
      ({ name, owner, until }) =>
        `the waiver ${name} of ${owner} ended with ${until}: take it out, and protect what it was for, or give it ` +
        `another until: "…"`,
    ),
];

/** One tool speaks for many obligations, and once for all of them. */
export const staleIn = ({ rows }: EstateCoverage): string[] => [
  ...new Set(rows.flatMap(({ state, says }) => (state === "stale" ? says : []))),
];
