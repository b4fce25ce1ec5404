import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { parse } from "yaml";
import { rowOf } from "../../estate/catalogue";
import { coverageOfEstate, defineEstate, jobsOf, type Estate } from "../../estate/estate";
import { lab } from "../../stacks/lab";
import { production } from "../../stacks/production";
import { staging } from "../../stacks/staging";

type Change = (estate: Estate) => void;
const SQL03 = String.raw`sql03.contoso.com\archive`;
const FS01 = String.raw`\\fs01.contoso.com\lyncshare`;
const options = { runNow: false, enabled: true, lostHosts: [], adopt: false };

/** Each rule with a declaration that breaks it and nothing else. */
const BROKEN: Readonly<Record<string, readonly [change: Change, problem: string]>> = {
  "a host that is named twice": [
    ({ hosts }) => hosts.push({ ...first(hosts), name: "fe01.branch.contoso.com" }),
    "hosts[9]: is named twice",
  ],
  "a target that is named twice": [({ targets }) => targets.push(first(targets)), "targets[1]: is named twice"],
  "a job host that is named twice": [
    (estate) => (estate.configuration = { ...options, hosts: ["fe01.contoso.com", "fe01.contoso.com"] }),
    "configuration.hosts[1]: is named twice",
  ],
  "a target on a computer without the module": [
    (estate) => {
      first(estate.targets).host = "bk02.contoso.com";
      estate.everything = false;
    },
    "targets[0].host: is not among the hosts",
  ],
  "a target on a server of a pool": [
    ({ targets }) => (first(targets).host = "fe01.contoso.com"),
    "targets[0].host: is a server of pool01.contoso.com",
  ],
  "a job on a computer without the module": [
    (estate) => (estate.configuration = { ...options, hosts: ["fe03.contoso.com"] }),
    "configuration.hosts[0]: is not among the hosts of this estate: fe03.contoso.com",
  ],
  "defaults on a computer without the module": [
    ({ defaults }) => (defaults.hosts = ["fe01.contoso.com", "fe03.contoso.com"]),
    "defaults.hosts[1]: is not among the hosts",
  ],
  "a SQL Server without the module": [
    ({ hosts }) => hosts.splice(3, 1),
    "everything.sql-sql01-rtc.hosts[0]: is not among the hosts of this estate: sql01.contoso.com",
  ],
  "exports that nothing places": [
    (estate) => {
      estate.defaults.hosts = undefined;
      estate.everything = false;
    },
    "configuration.hosts: are said neither here nor in defaults",
  ],
  "a job without its target": [
    (estate) => (estate.userData = [{ ...options, pool: "pool01.contoso.com", target: "attic" }]),
    "userData[0].target: is not among the targets",
  ],
  "defaults without their target": [
    ({ defaults }) => (defaults.target = "attic"),
    "defaults.target: is not among the targets",
  ],
  "a job that may go to several targets": [
    (estate) => {
      const [target] = estate.targets;
      assert.ok(target);
      estate.targets.push({ ...target, name: "shelf", path: String.raw`D:\Shelf`, share: "Shelf$" });
      estate.everything = false;
    },
    "configuration.target: is said neither here nor in defaults",
  ],
  "a target without a share for jobs elsewhere": [
    ({ targets }) => delete first(targets).share,
    "targets[0].share: is missing, and configuration runs on other computers",
  ],
  "a target to which the jobs must not write": [
    ({ targets }) => first(targets).writers.shift(),
    String.raw`targets[0].writers: leaves out CONTOSO\lync-backup$, under which jobs run`,
  ],
  "a target to which a SQL Server must not write": [
    ({ targets }) => first(targets).writers.pop(),
    String.raw`targets[0].writers: leaves out CONTOSO\sql-service$, as which`,
  ],
  "a target to which a virtual account of a SQL Server must not write": [
    ({ topology }) => (first(topology.sql).serviceAccount = String.raw`NT Service\MSSQL$RTC`),
    String.raw`targets[0].writers: leaves out CONTOSO\SQL01$, as which sql01.contoso.com\rtc writes its backups`,
  ],
  "a place that is named twice": [
    ({ plan }) => plan.places.push({ ...first(plan.places), targets: [] }),
    "plan.places[1]: is named twice",
  ],
  "a place that keeps a target that there is not": [
    ({ plan }) => first(plan.places).targets.push("attic"),
    "plan.places[0].targets[1]: is not among the targets",
  ],
  "a note on what there is not": [
    ({ plan }) => plan.notes.push({ of: "pool09.contoso.com", says: "the key is in the safe" }),
    "plan.notes[0].of: is no pool, instance, file store, target or host",
  ],
  "several hosts for exports of which none is where the store is": [
    (estate) => (estate.configuration = { ...options, hosts: ["fe11.contoso.com", "bk01.contoso.com"] }),
    "configuration.hosts: are several, and none is in pool01.contoso.com",
  ],
  "users of a pool that there is not": [
    (estate) => (estate.userData = [{ ...options, pool: "pool09.contoso.com" }]),
    "userData[0].pool: is no pool of the topology",
  ],
  "users of a pool that has none": [
    (estate) => (estate.userData = [{ ...options, pool: "edge01.contoso.com" }]),
    "userData[0].pool: is a pool of kind edge",
  ],
  "Response Groups of a pool without them": [
    ({ topology, ...estate }) => {
      first(topology.pools).roles = [];
      estate.responseGroups.push({ ...options, pool: "pool01.contoso.com" });
    },
    "responseGroups[0].pool: does not have the role response-group",
  ],
  "Persistent Chat where there is none": [
    (estate) => (estate.persistentChat = [{ ...options, instance: SQL03, database: "mgc", level: "All" }]),
    "persistentChat[0].instance: is the store of no Persistent Chat pool",
  ],
  "a file store that there is not": [
    (estate) => estate.fileStores.push({ ...files, store: String.raw`\\fs09.contoso.com\lyncshare` }),
    "fileStores[0].store: is no file store of the topology",
  ],
  "music of a pool that has none there": [
    (estate) => estate.fileStores.push({ ...files, callParkPools: ["pool02.contoso.com"] }),
    "fileStores[0].callParkPools[0]: is no pool with call-park in this store",
  ],
  "a SQL Server that there is not": [
    (estate) => estate.sql.push({ ...sql, instance: String.raw`sql09.contoso.com\rtc`, hosts: sqlHosts }),
    "sql[0].instance: is no principal, listener or SQL Server instance",
  ],
  "a SQL Server of which nobody has said how old it is": [
    ({ topology }) => topology.sql.splice(4, 1),
    "everything.sql-sql03-archive.release: is not known",
  ],
  "a mirror that nobody would back up when it takes over": [
    (estate) => {
      const instance = String.raw`sql01.contoso.com\rtc`;
      estate.sql.push({ ...sql, instance, hosts: [{ name: "sql01.contoso.com", instance }] });
    },
    String.raw`sql[0].hosts: leaves out sql02.contoso.com\rtc`,
  ],
  "a compression that Express cannot do": [
    (estate) => {
      const archive = estate.topology.sql[4];
      assert.ok(archive);
      archive.edition = "express";
      estate.sql.push({ ...sql, compress: true });
    },
    "sql[0].compress: is not possible",
  ],
  "two jobs of one name": [
    (estate) => (estate.configuration = { ...options, name: "users-pool01" }),
    "everything.users-pool01.name: is that of another job too, users-pool01",
  ],
  "a job that is called as a part of another": [
    (estate) => (estate.configuration = { ...options, name: "sql-sql03-chat-full" }),
    "everything.sql-sql03-chat.name: is that of another job too, sql-sql03-chat-full",
  ],
};
/** Two paired pools, each with its SQL Server and its share: all else follows. */
const SHORT = String.raw`
topology:
  document: topology
  version: 1
  deployment: contoso
  product: lync2013
  domain: contoso.com
  sites: [{ name: north }, { name: south }]
  pools:
    - { fqdn: pool1.contoso.com, kind: enterprise, site: north, pairedWith: pool2.contoso.com,
        servers: [{ fqdn: fe1.contoso.com }, { fqdn: fe2.contoso.com }, { fqdn: fe3.contoso.com }],
        roles: [response-group], backEnd: { instance: 'sql1.contoso.com\rtc' }, fileStore: '\\fs1.contoso.com\lync' }
    - { fqdn: pool2.contoso.com, kind: enterprise, site: south, pairedWith: pool1.contoso.com,
        servers: [{ fqdn: fe4.contoso.com }, { fqdn: fe5.contoso.com }, { fqdn: fe6.contoso.com }],
        roles: [response-group], backEnd: { instance: 'sql2.contoso.com\rtc' }, fileStore: '\\fs2.contoso.com\lync' }
  sql:
    - { instance: 'sql1.contoso.com\rtc', release: "2012", edition: standard, databases: [{ name: rtcxds, recovery: simple }] }
    - { instance: 'sql2.contoso.com\rtc', release: "2012", edition: standard, databases: [{ name: rtcxds, recovery: simple }] }
  centralManagement: { active: pool1.contoso.com, standby: pool2.contoso.com }
account: CONTOSO\lync-backup$
hosts:
  - { name: fe1.contoso.com, reach: { via: winrm } }
  - { name: sql1.contoso.com, reach: { via: winrm } }
  - { name: sql2.contoso.com, reach: { via: winrm } }
  - { name: bk1.contoso.com, reach: { via: winrm } }
targets:
  - { name: vault, host: bk1.contoso.com, path: 'D:\LyncBackup', share: LyncBackup$, location: remote, encryption: bitlocker,
      writers: ['CONTOSO\lync-backup$', 'CONTOSO\sql$'] }
defaults: { hosts: [fe1.contoso.com] }
everything: true
`;

const sqlHosts = [{ name: "sql03.contoso.com", instance: SQL03 }];
const sql = { ...options, instance: SQL03, copyOnly: false, compress: false, replica: "primary" as const };
const files = {
  ...{ ...options, store: FS01, excludeFolders: [], fullEveryDays: 30, mirror: false, backupMode: false },
  ...{ security: false, retries: 2, waitSeconds: 5 },
};

function first<T>(list: readonly T[]): T {
  const [item] = list;
  assert.ok(item !== undefined);
  return item;
}

describe("an estate", () => {
  it("is accepted as the stacks of this repository declare it", () => {
    for (const estate of [lab, staging, production]) assert.deepEqual(defineEstate("again", estate), estate);
  });

  for (const [what, [change, problem]] of Object.entries(BROKEN)) {
    it(`refuses ${what}`, () => {
      const estate = structuredClone(lab);
      change(estate);
      assert.throws(
        () => defineEstate("broken", estate),
        (error: Error) => {
          assert.match(error.message, /^the estate broken is not valid:\n/);
          assert.deepEqual(
            error.message.split("\n").filter((line) => line.trim().startsWith(problem)).length,
            1,
            error.message,
          );
          return true;
        },
      );
    });
  }

  it("of one paired Enterprise deployment is said in thirty lines, topology included, and leaves no gap of its own", () => {
    const lines = SHORT.trim().split("\n");
    assert.ok(lines.length <= 30, `${String(lines.length)} lines`);
    const estate = defineEstate("short", parse(SHORT) as Parameters<typeof defineEstate>[1]);
    const gaps = coverageOfEstate(estate, "2026-03-02T12:00:00.000Z").rows.filter(({ state }) => state === "gap");
    assert.deepEqual(
      gaps.filter(({ obligation }) => rowOf(obligation.datum).protectedBy[0] !== "external"),
      [],
    );
    assert.ok(jobsOf(estate).length >= 9);
  });

  it("tells all its problems at once", () => {
    const estate = structuredClone(lab);
    estate.defaults.target = "attic";
    estate.defaults.hosts?.push("fe03.contoso.com");
    assert.throws(
      () => defineEstate("broken", { ...estate, surprise: 1 } as Estate),
      /surprise: there is no such field/,
    );
    assert.throws(() => defineEstate("broken", estate), /hosts\[3\][^]*target/);
  });
});
