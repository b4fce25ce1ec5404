import { RESTORED_BY, rowOf } from "../catalogue";
import { lineToAdd, type Covering, type CoveringJob } from "../coverage";
import type { PlannedJob, PlannedObligation, Scope } from "../documents";
import type { EstateJob } from "../estate/jobs";
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
  const texts = [
    [rpoMinutes, "at most", "lost"],
    [poolLossMinutes, "at most", "lost with a pool that fails over"],
    [rtoMinutes, "restored within", ""],
    [keepMinutes, "kept", ""],
  ] as const;
  return texts.flatMap(([promise, before, after]) =>
    promise ? [`${`${before} ${durationText(promise.value)} ${after}`.trim()} (${promise.level})`] : [],
  );
}

/** With the names of this estate in place of the brackets. */
export function restoreText({ datum, scope }: Obligation, jobs: readonly CoveringJob[], facts: Facts): string {
  if (datum === "persistent-chat" && restoresBySql(jobs, facts)) return RESTORED_BY["persistent-chat-compliance"];
  return RESTORED_BY[datum]
    .replaceAll("<pool>", scope.of === "pool" ? scope.pool : "<pool>")
    .replaceAll("<instance>", scope.of === "database" ? scope.instance : "<instance>")
    .replaceAll("<file>", fileFor(datum, scope, facts));
}

const restoresBySql = (jobs: readonly CoveringJob[], { resources }: Facts): boolean =>
  jobs.some(({ series }) => resources.some(({ kind, common }) => kind === "sql" && common.name === series));

const FILES = { "user-data": "ExportedUserData", "response-groups": "RgsConfiguration" } as const;

/** As its set calls it. */
function fileFor(datum: string, scope: Scope, facts: Facts): string {
  const name = Object.hasOwn(FILES, datum) ? FILES[datum as keyof typeof FILES] : undefined;
  if (name !== undefined && scope.of === "pool") return fileOfPool(name, scope.pool, "zip");
  const chat = facts.resources.find(
    (resource) =>
      resource.kind === "persistentChat" && scope.of === "database" && resource.own.instance === scope.instance,
  );
  return chat?.kind === "persistentChat" ? fileOfPool("PersistentChatData", chat.own.pool, "zip") : "<file>";
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

export const jobOf = (facts: Facts, name: string): EstateJob | undefined => facts.jobs.find((job) => job.name === name);
