import { SqlAgentSchedule } from "../../estate/documents";
import { SCHEDULE_COLUMNS } from "../../estate/sql";
import { ALWAYS } from "../../estate/schedules/sql-agent";
import { findAccount } from "../directory";
import { raised } from "./error";
import { isAdministrator } from "./rights";
import { serverName } from "./servers";
import type { AgentJob, Row, Session, SqlServer, Values } from "./model";

/** What the procedures of msdb make of an Agent job. They refuse what is no account, operator or proxy of the instance. */

type Change = (session: Session, statement: string, values: Values) => Row[];

const text = (values: Values, name: string): string => String(values[name] ?? "");

export function findAgentJob({ jobs }: SqlServer, name: string): AgentJob | undefined {
  return jobs.find((job) => job.name.toLowerCase() === name.toLowerCase());
}

function mustBeThere({ server }: Session, values: Values): AgentJob {
  const name = text(values, "job");
  const found = findAgentJob(server, name);
  if (found) return found;
  throw raised(`The specified @job_name ('${name}') does not exist.`);
}

const invalid = (parameter: string, valid: string): Error =>
  raised(`The specified '${parameter}' is invalid (valid values are returned by ${valid}).`);

export const setAgentJob: Change = (session, _, values) => {
  const { world, server } = session;
  const [name, owner, operator, proxy] = ["job", "owner", "operator", "proxy"].map((one) => text(values, one));
  const here = serverName(server.instance);
  if (server.edition === "express") {
    throw raised(`${here} is an Express edition, which has no SQL Server Agent. Let Task Scheduler run the job.`);
  }
  const account = findAccount(world.directory, owner ?? "")?.name;
  const isSysadmin =
    owner?.toLowerCase() === "sa" || (account !== undefined && isAdministrator(world, server, account));
  if (!proxy && !isSysadmin) {
    throw raised(
      `${String(owner)} is no member of sysadmin on ${here}, so that a command of its jobs runs under a proxy only. Name a proxy, or another owner.`,
    );
  }
  if (!isSysadmin && account === undefined) {
    throw invalid("@owner_login_name", "sp_helplogins [excluding Windows NT groups]");
  }
  if (proxy && !findAccount(world.directory, proxy)) throw invalid("@proxy_name", "sp_help_proxy");
  const known = (server.operators ?? []).find((one) => one.toLowerCase() === operator?.toLowerCase());
  if (operator && known === undefined) throw invalid("@notify_email_operator_name", "sp_help_operator");
  const { now } = world.clock;
  const before = findAgentJob(server, name ?? "");
  const job: AgentJob = before ?? {
    name: name ?? "",
    enabled: false,
    owner: "",
    category: "",
    description: "",
    notifies: null,
    notifyLevel: 0,
    steps: [],
    schedules: [],
    modifiedAt: now,
    since: now,
    considered: now,
    lastOutcome: null,
  };
  if (!before) server.jobs.push(job);
  Object.assign(job, {
    owner: account ?? owner,
    category: "lync-backup",
    description: text(values, "description"),
    notifies: known ?? null,
    notifyLevel: known === undefined ? 0 : 2,
    steps: [{ name: job.name, subsystem: "CmdExec", command: text(values, "command"), proxy: proxy || null }],
    modifiedAt: now,
  });
  return [];
};

export const setAgentSchedule: Change = (session, _, values) => {
  const job = mustBeThere(session, values);
  const numbers = SCHEDULE_COLUMNS.map(([field]) => [field, Number(values[field])]);
  const schedule = SqlAgentSchedule.parse({ enabled: ALWAYS.enabled, ...Object.fromEntries(numbers) });
  const name = text(values, "name");
  const before = job.schedules.find((one) => one.name === name);
  if (before && JSON.stringify(before.schedule) === JSON.stringify(schedule)) return [];
  job.schedules = before
    ? job.schedules.map((one) => (one === before ? { name, schedule } : one))
    : [...job.schedules, { name, schedule }];
  job.since = session.world.clock.now;
  return [];
};

export const finishAgentJob: Change = (session, _, values) => {
  const job = mustBeThere(session, values);
  const names = text(values, "names");
  const kept = job.schedules.filter(
    ({ name }, index) => names.includes(`|${name}|`) && job.schedules.findIndex((one) => one.name === name) === index,
  );
  if (kept.length < job.schedules.length) Object.assign(job, { schedules: kept, since: session.world.clock.now });
  job.enabled = Number(values["enabled"]) === 1;
  return [];
};

export const startAgentJob: Change = (session, _, values) => {
  const job = mustBeThere(session, values);
  if (session.server.agent !== "running") {
    throw raised("SQLServerAgent is not currently running so it cannot be notified of this action.");
  }
  job.asked = session.world.clock.now;
  return [];
};

export const removeAgentJob: Change = ({ server }, _, values) => {
  const found = findAgentJob(server, text(values, "job"));
  server.jobs = server.jobs.filter((job) => job !== found);
  return [];
};
