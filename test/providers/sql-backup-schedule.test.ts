import { RESOURCE_EXAMPLES } from "../../docs/examples/resources";
import { triggersOf } from "../../estate/schedules";
import { editTask } from "../../lab/commands";
import { OneResource } from "../support/one-resource";
import { sqlBackupSchedule } from "../../providers/sql-backup-schedule/reconcile";
import { describeBackup } from "../support/backup-case";

const example = RESOURCE_EXAMPLES.SqlBackupSchedule.args;
const [HOST] = example.hosts;
const byAgent = { runner: { by: "sql-agent" }, startWhenMissed: false };
const weekly = { schedule: { every: "week", on: ["sunday"], at: ["12:00"] } };

describeBackup({
  type: sqlBackupSchedule,
  example,
  job: "sql-archive-full",
  elsewhere: { name: "sql01.contoso.com", reach: { via: "lab" }, instance: example.instance },
  changes: {
    instance: String.raw`sql03.contoso.com\chat`,
    release: "2014",
    databases: { databases: { roles: [], names: ["LcsLog"] } },
    differential: { differential: weekly },
    log: { log: { schedule: { every: "minutes", minutes: 30 }, leaveOut: ["LcsLog"] } },
    copyOnly: { copyOnly: true, log: undefined },
    compress: false,
    encryption: { release: "2014", encryption: { certificate: "backup" } },
    striping: { striping: { files: 4, fromGigabytes: 100 } },
    replica: "preferred",
    runner: byAgent,
  },
  edits: {
    runner: async (lab) => {
      await OneResource.of(sqlBackupSchedule, lab).up({ ...example, ...byAgent });
    },
    differential: async (lab) => {
      await OneResource.of(sqlBackupSchedule, lab).up({ ...example, differential: weekly });
    },
    log: (lab) =>
      editTask(lab, HOST?.name ?? "", "sql-archive-log", { triggers: triggersOf({ every: "day", at: ["03:00"] }) }),
  },
  artefacts: [
    ...["AgentJobs", "AgentSchedules", "AgentSteps", "Databases", "Endpoints", "Files", "Logins", "Properties"],
    ...["Registry", "Rights", "Services", "Settings"],
  ]
    .map((name) => `Instance.${name}.jsonl`)
    .concat(["LcsCDR", "LcsLog", "QoEMetrics", "master", "msdb"].map((name) => `${name}.full.bak`)),
  bad: [
    { with: { instance: "sql03;x" }, names: "instance" },
    { with: { databases: {} }, names: "databases: names no database" },
    { with: { databases: { roles: ["nonsense"] } }, names: "databases.roles[0]" },
    { with: { databases: { names: ["master"] } }, names: "databases.names[0]: is a database of SQL Server's own" },
    { with: { copyOnly: true }, names: "log: would break the chain that another tool owns" },
    { with: { encryption: { certificate: "backup" } }, names: "encryption: needs SQL Server 2014 or newer" },
    { with: { log: { schedule: { every: "day", at: ["03:00"] }, leaveOut: ["x"] } }, names: "log.leaveOut[0]" },
    { with: { hosts: [{ name: HOST?.name, reach: { via: "lab" } }] }, names: "hosts[0].instance" },
    { with: { runner: { by: "cron" } }, names: "runner.by" },
    { with: { runner: { by: "sql-agent" } }, names: "startWhenMissed: must be false" },
    {
      with: { ...byAgent, hosts: [{ ...HOST, name: "sql01.contoso.com" }] },
      names: "hosts[0].instance: is not on sql01.contoso.com itself",
    },
    { with: { name: "x".repeat(60) }, names: "name: is too long" },
  ],
});
