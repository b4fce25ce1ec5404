import { RESTORED_BY, rowOf } from "../catalogue";
import { lineToAdd, type Covering, type CoveringJob } from "../coverage";
import type { Datum, PlannedJob, PlannedObligation, Scope } from "../documents";
import type { JobResource } from "../estate/resources";
import { fileOfPool } from "../jobs/declaration";
import { promisesBy, speaksOf } from "../levels/promises";
import type { Obligation } from "../obligations";
import { durationText } from "../schedules/duration";
import { longestGapOf } from "./calendar";
import { protectorsOf, type Facts } from "./facts";
import { retentionText, startsText } from "./words";

/** What must be backed up and what does it; and each job with when, where, under which account and how long it keeps. */

export function plannedObligations(facts: Facts): PlannedObligation[] {
  return facts.duties.obligations.map((obligation) => {
    const { datum, scope, because, neededForService } = obligation;
    const row = rowOf(datum);
    const protectors = protectorsOf(obligation, facts);
    const jobs = protectors.filter((one): one is CoveringJob => one.by === "job");
    const promises = promisesFor(obligation, facts);
    return {
      ...{ datum, title: row.title, scope, because, neededForService, promises },
      by: protectors[0]?.by ?? "nothing",
      protections: protectors.map(({ name }) => name),
      says: protectors.map(saysOf),
      tool: row.tool,
      rights: row.rights,
      guidance: row.guidance.text,
      ...(jobs.length > 0 ? { longestGap: longestGapOf(jobs, facts.estate.plan.timeZone) } : {}),
      restore: restoreText(obligation, jobs, facts),
      ...(protectors.length > 0 ? {} : { add: lineToAdd(obligation) }),
    };
  });
}

function saysOf(protection: Covering): string {
  switch (protection.by) {
    case "job":
      return `the job ${protection.name}, ${startsText(protection.schedule)}`;
    case "external": {
      const { tool, owner, rpoHours, lastSuccess, lastRestoreTest, where } = protection;
      return [
        `${tool}; who is called: ${owner}; promised: at most ${String(rpoHours)} h lost`,
        `last success ${lastSuccess ?? "not recorded"}`,
        `last restore test ${lastRestoreTest ?? "not recorded"}`,
        ...(where === undefined ? [] : [`kept: ${where}`]),
      ].join("; ");
    }
    case "waiver":
      return `waived by ${protection.owner} until ${protection.until}: ${protection.reason}`;
  }
}

/** Of the service levels, each with the one that says it. */
function promisesFor(obligation: Obligation, { estate }: Facts): string[] {
  const promises = promisesBy(estate.serviceLevels.filter((level) => speaksOf(level, obligation)));
  if (!promises) return [];
  const { rpoMinutes, poolLossMinutes, rtoMinutes, keepMinutes } = promises;
  const said = [
    ["lost at most", rpoMinutes],
    ["lost at most, with a pool that fails over", poolLossMinutes],
    ["back within", rtoMinutes],
    ["kept", keepMinutes],
  ] as const;
  return said.flatMap(([text, promise]) =>
    promise ? [`${text}: ${durationText(promise.value)} (${promise.level})`] : [],
  );
}

/** With the names of this estate in place of the brackets. */
export function restoreText({ datum, scope }: Obligation, jobs: readonly CoveringJob[], facts: Facts): string {
  const chatBySql = RESTORED_BY["persistent-chat-compliance"];
  const bySql = datum === "persistent-chat" && isMadeBy("sql", jobs, facts);
  if (bySql && !isMadeBy("persistentChat", jobs, facts)) return chatBySql;
  const text = RESTORED_BY[datum]
    .replaceAll("<pool>", scope.of === "pool" ? scope.pool : "<pool>")
    .replaceAll("<instance>", scope.of === "database" ? scope.instance : "<instance>")
    .replaceAll("<file>", fileFor(datum, scope, facts) ?? "<file>");
  return bySql ? `${text}; or ${chatBySql}: one of them, never both` : text;
}

const isMadeBy = (kind: JobResource["kind"], jobs: readonly CoveringJob[], { resources }: Facts): boolean =>
  jobs.some(({ series }) => resources.some((one) => one.kind === kind && one.common.name === series));

const FILES: Partial<Record<Datum, string>> = {
  "user-data": "ExportedUserData",
  "response-groups": "RgsConfiguration",
  "persistent-chat": "PersistentChatData",
};

/** What the set calls the file of a pool. */
export function fileFor(datum: Datum, scope: Scope, { resources }: Facts): string | undefined {
  const name = FILES[datum];
  if (name === undefined) return undefined;
  if (scope.of === "pool") return fileOfPool(name, scope.pool, "zip");
  for (const { kind, own } of resources) {
    const here = kind === "persistentChat" && scope.of === "database" && own.instance === scope.instance;
    if (here) return fileOfPool(name, own.pool, "zip");
  }
  return undefined;
}

export function plannedJobs(facts: Facts): PlannedJob[] {
  const { estate, jobs, resources } = facts;
  return jobs.map((job) => {
    const { name, title, series, setKind, hosts, schedule, target, enabled, disabledReason } = job;
    const resource = resources.find(({ common }) => common.name === series);
    return {
      ...{ name, title, series, setKind, hosts, schedule, target, enabled },
      tools: resource ? toolsOf(resource) : [],
      account: estate.account,
      starts: startsText(schedule),
      longestGap: longestGapOf([job], estate.plan.timeZone),
      destination: `${destinationOf(target, facts)}\\${series}`,
      retention: resource ? retentionText(resource.common.retention) : "",
      timeLimitMinutes: resource?.common.timeLimitMinutes ?? 0,
      ...(disabledReason === undefined ? {} : { disabledReason }),
    };
  });
}

/** How those who restore reach it. */
export function destinationOf(name: string, { estate }: Facts): string {
  const target = estate.targets.find((one) => one.name === name);
  if (!target) return name;
  return target.share === undefined ? `${target.path} on ${target.host}` : `\\\\${target.host}\\${target.share}`;
}

export function toolsOf({ kind, own }: JobResource): string[] {
  switch (kind) {
    case "configuration":
      return ["Export-CsConfiguration", "Export-CsLisConfiguration"];
    case "userData":
      return ["Export-CsUserData", "Get-CsUser"];
    case "responseGroups":
      return ["Export-CsRgsConfiguration"];
    case "persistentChat":
      return ["Export-CsPersistentChatData"];
    case "fileStores":
      return ["robocopy"];
    case "sql":
      return [own.encryption ? "SQL Server backup, encrypted" : "SQL Server backup", "RESTORE VERIFYONLY"];
  }
}
