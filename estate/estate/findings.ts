import type { HostState } from "../documents";
import { sqlJobName } from "../jobs/sql";
import { sqlFindings } from "../jobs/sql-findings";
import { sqlBackupOf } from "./jobs";
import { resourcesOf } from "./resources";
import type { EstateParts } from "./schema";

/** What the instances of SQL Server tell of the backups that are declared of them, by the name of the schedule. */
export function findingsOf(estate: EstateParts, states: readonly HostState[]): { schedule: string; finding: string }[] {
  return resourcesOf(estate).flatMap((resource) => {
    if (resource.kind !== "sql") return [];
    const { name } = resource.common;
    const job = sqlJobName({ name }, "full");
    const answers = states.flatMap(({ jobs }) => jobs.flatMap((one) => (one.name === job ? (one.watched ?? []) : [])));
    return sqlFindings(sqlBackupOf(resource, estate), answers).map((finding) => ({ schedule: name, finding }));
  });
}
