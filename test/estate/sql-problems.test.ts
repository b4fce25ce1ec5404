import assert from "node:assert/strict";
import { pathText, Topology, type SqlInstance } from "../../estate/documents";
import { sqlProblems } from "../../estate/jobs/sql-problems";
import type { SqlBackup } from "../../estate/jobs/sql-declaration";
import { readExamples } from "../../docs/pages/examples";
import { declaredSql, PAIR, SQL01, SQL02 } from "./sql-declarations";

/** What the preview refuses, from the declaration alone and from what the estate knows of the instances. */

const example = (file: string): Topology => {
  const found = readExamples().find((one) => one.file === `topology/${file}`);
  assert.ok(found, file);
  return Topology.parse(found.text);
};
const mirrored = example("v1-lync2013-in-full.json");
const alwaysOn = example("v1-sfb2015-always-on.json");
const byHand = example("v1-by-hand.json");

/** The mirrored topology, with something else known of its first instance. */
const knowing = (more: Partial<SqlInstance>, instance = SQL01): Topology => ({
  ...mirrored,
  sql: mirrored.sql.map((one) => (one.instance === instance ? { ...one, ...more } : one)),
});
const onPair = (
  options: Parameters<typeof declaredSql>[0] = { databases: { roles: ["userStore", "transient"] } },
  more: Parameters<typeof declaredSql>[1] = {},
): SqlBackup => declaredSql(options, { placement: PAIR, ...more });
const roles = { databases: { roles: ["userStore" as const] } };
const listener = "sfbsql.corp.tailspintoys.com";
const replicas = ["sqln1", "sqln2"].map((name) => ({
  host: `${name}.corp.tailspintoys.com`,
  instance: `${name}.corp.tailspintoys.com`,
}));
const onGroup = (options: Parameters<typeof declaredSql>[0] = roles, placement = replicas): SqlBackup =>
  declaredSql(options, { instance: listener, placement, release: "2014", product: "sfb2015" });
const recovery = (name: string, model: "simple" | "full"): Partial<SqlInstance> => ({
  databases: [{ name, recovery: model }],
});

const CASES: readonly { title: string; declared: SqlBackup; topology?: Topology; refused: readonly RegExp[] }[] = [
  {
    title: "nothing that a mirrored pair can do",
    declared: onPair({ ...roles, log: {}, compress: true, differential: true }),
    refused: [],
  },
  {
    title: "nothing that an availability group can do",
    declared: onGroup({ ...roles, log: {}, replica: "preferred" }),
    topology: alwaysOn,
    refused: [],
  },
  {
    title: "nothing about what is not known",
    declared: declaredSql({ databases: { names: ["Own"] }, compress: true, log: {} }),
    topology: byHand,
    refused: [],
  },
  {
    title: "SQL Server Agent where the edition has none",
    declared: onPair(roles, { runner: { by: "sql-agent", owner: "sa" } }),
    topology: knowing({ edition: "express" }),
    refused: [/^runner: is not possible on sql01.*the Express edition has no SQL Server Agent/],
  },
  {
    title: "SQL Server Agent where it is known not to run",
    declared: onPair(roles, { runner: { by: "sql-agent", owner: "sa" } }),
    topology: knowing({ agent: false }),
    refused: [/^runner: is not possible on sql01.*its SQL Server Agent does not run/],
  },
  { title: "no database at all", declared: onPair({ databases: {} }), refused: [/^databases: names no database/] },
  {
    title: "a differential or a log beside another tool's chain",
    declared: onPair({ ...roles, copyOnly: true, differential: true, log: {} }),
    refused: [/^differential: cannot build on copy-only/, /^log: would break the chain/],
  },
  {
    title: "a differential on a preferred replica",
    declared: onGroup({ ...roles, replica: "preferred", differential: true }),
    topology: alwaysOn,
    refused: [/^differential: builds on full backups of the primary/],
  },
  {
    title: "a preferred replica where there are none",
    declared: onPair({ ...roles, replica: "preferred" }),
    refused: [/^replica: is of availability groups, and sql01.* is in none/, /^replica: .* sql02/],
  },
  {
    title: "a preferred replica of 2008 R2",
    declared: declaredSql({ ...roles, replica: "preferred" }, { release: "2008R2" }),
    topology: byHand,
    refused: [/^replica: .* 2008 R2 has none/],
  },
  {
    title: "compression on Express",
    declared: onPair({ ...roles, compress: true }),
    topology: knowing({ edition: "express" }),
    refused: [/^compress: is not possible on sql01\.contoso\.com\\rtc: the Express edition/],
  },
  {
    title: "encryption before 2014, and a release that the instance has not reached",
    declared: onPair({ ...roles, encryption: { certificate: "backup" } }),
    refused: [/^encryption: needs SQL Server 2014/],
  },
  {
    title: "encryption on Express",
    declared: onPair({ ...roles, encryption: { certificate: "backup" } }, { release: "2014" }),
    topology: {
      ...mirrored,
      sql: mirrored.sql.map((one) => ({
        ...one,
        release: "2014",
        edition: one.instance === SQL02 ? "express" : "standard",
      })),
    },
    refused: [/^encryption: is not possible on sql02.*Express/],
  },
  {
    title: "a release that an instance has not reached",
    declared: onPair(roles, { release: "2016" }),
    refused: [/^release: is newer than sql01.*, which is SQL Server 2012/, /^release: is newer than sql02/],
  },
  {
    title: "2008 R2 for what is in an availability group",
    declared: { ...onGroup(), release: "2008R2" },
    topology: alwaysOn,
    refused: [/^release: has no availability groups, and sqln1/, /^release: .*sqln2/],
  },
  {
    title: "the log of a database in simple recovery that a role means, and names it",
    declared: declaredSql({ databases: { roles: ["monitoring", "archiving"] }, log: {} }),
    topology: knowing(recovery("lcslog", "simple")),
    refused: [/^databases\.roles\[1\]: means lcslog on sql01.*simple recovery/],
  },
  {
    title:
      "the log of a database in simple recovery that is declared by name, also where a log is not what restores it",
    declared: onPair({ databases: { names: ["rtcxds"] }, log: {} }),
    topology: knowing(recovery("rtcxds", "simple"), SQL02),
    refused: [/^databases\.names\[0\]: means rtcxds on sql02/],
  },
  {
    title: "no log that is left out, or that nobody needs",
    declared: onPair({ databases: { roles: ["userStore"], names: ["rtcab"] }, log: { leaveOut: ["RTCAB"] } }),
    topology: knowing({ databases: ["rtcxds", "rtcab"].map((name) => ({ name, recovery: "simple" as const })) }),
    refused: [],
  },
  {
    title: "leaving out what is not meant",
    declared: onPair({ ...roles, log: { leaveOut: ["LcsLog"] } }),
    refused: [/^log\.leaveOut\[0\]: is none of the databases/],
  },
  {
    title: "a name that is on no replica",
    declared: onPair({ databases: { names: ["Elsewhere", "RTCXDS"] } }),
    refused: [/^databases\.names\[0\]: is no database of sql01.* or sql02/],
  },
  {
    title: "names and roles twice, and SQL Server's own databases",
    declared: onPair({ databases: { roles: ["userStore", "userStore"], names: ["rtcab", "RTCAB", "master"] } }),
    refused: [
      /^databases\.roles\[1\]: is named twice/,
      /^databases\.names\[1\]: is named twice/,
      /^databases\.names\[2\]: is a database of SQL Server's own/,
    ],
  },
  {
    title: "a role that the product does not have",
    declared: onPair({ databases: { roles: ["userStore", "persistentChat"] } }, { product: "sfb2019" }),
    refused: [/^databases\.roles\[1\]: has no databases in Skype for Business Server 2019/],
  },
  {
    title: "a local path that another computer's SQL Server would take for its own",
    declared: onPair(roles, { target: { name: "vault", host: "sql01.contoso.com", path: String.raw`D:\LyncBackup` } }),
    refused: [/^target\.path: must be a share: sql02/],
  },
  {
    title: "a name that is too long for its jobs",
    declared: onPair(roles, { name: "a".repeat(52) }),
    refused: [/^name: is too long/],
  },
  {
    title: "a mirrored pair of which one partner is left out",
    declared: declaredSql(roles),
    refused: [/^placement: leaves out sql02\.contoso\.com\\rtc: when it takes over/],
  },
  {
    title: "a replica that is left out",
    declared: onGroup(roles, replicas.slice(1)),
    topology: alwaysOn,
    refused: [/^placement: leaves out sqln1/],
  },
  {
    title: "nothing where one host follows the listener",
    declared: onGroup(roles, [{ host: "tools.corp.tailspintoys.com", instance: listener }]),
    topology: alwaysOn,
    refused: [],
  },
  {
    title: "an instance that is no partner, and a host twice",
    declared: onPair(roles, {
      placement: [...PAIR, { host: "sql02.contoso.com", instance: String.raw`sql03.contoso.com\pchat` }],
    }),
    refused: [/^placement\[2\]\.host: is named twice/, /^placement\[2\]\.instance: is no partner/],
  },
  {
    title: "hosts that are no nodes, and nodes that are left out",
    declared: onPair(roles, { placement: [...PAIR, { host: "sql09.contoso.com", instance: SQL01 }] }),
    topology: knowing({ nodes: ["sql01.contoso.com", "sql08.contoso.com"] }),
    refused: [/^placement: names sql09.*no node/, /^placement: leaves out sql08/],
  },
  {
    title: "several hosts where no cluster is known",
    declared: onPair(roles, { placement: [...PAIR, { host: "sql09.contoso.com", instance: SQL01 }] }),
    refused: [/^placement: names several hosts for sql01/],
  },
];

describe("Of the backups of a SQL Server instance the estate refuses", () => {
  for (const { title, declared, topology = mirrored, refused } of CASES) {
    it(title, () => {
      const problems = sqlProblems(declared, topology).map(({ path, message }) => `${pathText(path)}: ${message}`);
      assert.equal(problems.length, refused.length, problems.join("\n"));
      for (const [index, pattern] of refused.entries()) assert.match(problems[index] ?? "", pattern);
      for (const problem of problems) assert.doesNotMatch(problem, /\.$|undefined/);
    });
  }
});
