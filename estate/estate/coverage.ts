import { coverageOf, type Coverage } from "../coverage";
import { dutiesOf, type Duties } from "../obligations";
import { protectionsOf } from "./protections";
import { resourcesOf } from "./resources";
import type { EstateParts } from "./schema";

/** What the topology asks for, and what follows from how it is backed up. */
export function dutiesOfEstate(estate: EstateParts): Duties {
  const encryptingInstances = resourcesOf(estate).flatMap((resource) =>
    resource.kind === "sql" && resource.own.encryption ? resource.common.hosts.map(({ instance }) => instance) : [],
  );
  return dutiesOf(estate.topology, { encryptingInstances });
}

/** What the topology asks for, held against what the estate declares. */
export interface EstateCoverage extends Coverage, Omit<Duties, "obligations"> {}

export function coverageOfEstate(estate: EstateParts, now: string): EstateCoverage {
  const { obligations, exempt, open } = dutiesOfEstate(estate);
  return { ...coverageOf(obligations, protectionsOf(estate), now), exempt, open };
}
