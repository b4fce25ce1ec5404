import assert from "node:assert/strict";
import { before, describe, it } from "mocha";
import { answersOf, textOfChange, topologyChanges, topologyFrom, type Discovery } from "../../../estate/discovery";
import type { Product, Run, Topology } from "../../../estate/documents";
import { contoso } from "../../../lab/deployments/contoso";
import { mustBeWhole, runsOf } from "./support";

const ARCHIVE = String.raw`sql03.contoso.com\archive`;
type Row = Record<string, unknown>;
type Step = Run["steps"][number];

/** Real servers may answer in other ways than the lab, or not at all. */
describe("What a deployment answers", function () {
  this.timeout(60_000);
  let asked: { runs: Run[]; product: Product };
  before(async () => {
    asked = await runsOf(contoso);
  });

  function found(change: (step: Step) => void): Discovery {
    const runs = structuredClone(asked.runs);
    for (const step of runs.flatMap(({ steps }) => steps)) change(step);
    return topologyFrom(answersOf(runs), { deployment: "contoso", product: asked.product });
  }
  const rowsOf = ({ data }: Step): Row[] => (data["items"] ?? []) as Row[];
  const foundWith = (id: string, change: (rows: Row[]) => void): Discovery =>
    found((step) => {
      if (step.id === id) change(rowsOf(step));
    });
  const silence = (step: Step, item: string): void => {
    for (const one of step.each ?? []) {
      if (one.item !== item) continue;
      Object.assign(one, { outcome: "failed", message: "it did not answer.", data: {} });
    }
  };
  const changes = ({ topology }: Discovery): string[] => topologyChanges(contoso, topology).map(textOfChange);
  const whole = (one: Discovery, says: RegExp): void => {
    assert.match(mustBeWhole(one).replaceAll(/\n\s*#? */g, " "), says);
  };

  it("tells mirrors by Test-CsDatabase alone, or by SQL Server alone", () => {
    const noMirrors = (step: Step): void => {
      if (!step.id.endsWith("-database")) return;
      for (const row of rowsOf(step)) Object.assign(row, { MirrorSqlServerFqdn: null, MirrorSqlInstanceName: null });
    };
    assert.deepEqual(changes(found(noMirrors)), []);
    const bySql = found((step) => {
      noMirrors(step);
      if (step.id === "configured")
        for (const { item } of step.each ?? []) if (typeof item === "string") silence(step, item);
    });
    assert.deepEqual(changes(bySql), []);
  });

  it("tells mirrors that are services of their own from what they mirror", () => {
    const one = found((step) => {
      if (step.id === "user-database") {
        rowsOf(step).unshift({
          ...{ Identity: "UserDatabase:sql02.contoso.com", PoolFqdn: "sql02.contoso.com", SqlInstanceName: "rtc" },
        });
      }
      if (step.id !== "user-server") return;
      const row = rowsOf(step).find(({ PoolFqdn }) => PoolFqdn === "pool01.contoso.com") ?? {};
      (row["DependentServiceList"] as string[]).unshift("UserDatabase:sql02.contoso.com");
    });
    assert.deepEqual(changes(one), []);
    assert.deepEqual(one.ambiguous, []);
  });

  it("leaves open what two instances of one name are, and says so", () => {
    const one = foundWith("archiving-database", (rows) => rows.push({ ...rows[0], SqlInstanceName: "other" }));
    assert.deepEqual(one.ambiguous, ["ArchivingDatabase:sql03.contoso.com"]);
    whole(one, /By these names more than one instance is meant/);
  });

  it("lacks a SQL Server that is silent: it is taken for the least of them, and that is said", () => {
    const one = found((step) => {
      silence(step, ARCHIVE);
    });
    assert.deepEqual([...one.silent.keys()], [ARCHIVE]);
    assert.deepEqual(
      one.topology.sql.find(({ instance }) => instance === ARCHIVE),
      { instance: ARCHIVE, release: "2008R2", edition: "standard", availabilityGroups: [] },
    );
    whole(one, /Assumed, because it could not be asked: it did not answer\. Correct release and edition, and add the/);
  });

  it("knows what a cluster, an old and a new SQL Server are, and whose databases are not Lync's", () => {
    const one = found((step) => {
      for (const each of step.each ?? []) {
        if (each.item !== ARCHIVE) continue;
        const rows = (each.data["items"] ?? []) as Row[];
        if (step.id === "facts") {
          Object.assign(rows[0] ?? {}, {
            is_clustered: "yes",
            node: "NODE7",
            release: "older",
            edition: "Web Edition",
          });
        }
        if (step.id === "databases") rows.push({ name: "Payroll", recovery: "FULL" });
      }
    });
    const sql = one.topology.sql.find(({ instance }) => instance === ARCHIVE);
    assert.deepEqual([sql?.release, sql?.edition, sql?.nodes], ["2008R2", "express", ["node7.contoso.com"]]);
    whole(one, /failover cluster.*also holds what is not Lync's, and nothing here backs up: Payroll/);
  });

  it("leaves out pools of 2010 and what stores nothing of Lync's, with all that names them", () => {
    const one = found((step) => {
      for (const row of rowsOf(step)) if (row["PoolFqdn"] === "pool02.contoso.com") row["Version"] = "5";
      if (step.id === "pools") {
        for (const name of ["owa.contoso.com", "sql03.contoso.com", "fs01.contoso.com"]) {
          rowsOf(step).push({ Identity: name, Site: "Site:main", BackupPoolFqdn: null });
        }
      }
    });
    assert.deepEqual([one.tooOld, one.outside], [["pool02.contoso.com"], ["owa.contoso.com"]]);
    assert.deepEqual(changes(one), [
      "the Central Management store: standby was pool02.contoso.com, and is no more",
      "pool pool01.contoso.com: paired with was pool02.contoso.com, and is no more",
      "pool pool02.contoso.com was removed",
      ...["fe11", "fe12", "fe13"].map((name) => `server ${name}.contoso.com was removed`),
    ]);
    whole(one, /Lync Server 2010 has no exports: pool02.*store nothing of Lync's: owa.*It is paired with no pool/);
  });

  it("names sites as people do", () => {
    const one = found((step) => {
      if (step.id === "sites") {
        const [first, second] = rowsOf(step);
        Object.assign(first ?? {}, { Identity: "Site:Zürich HQ", DisplayName: "Zürich HQ" });
        Object.assign(second ?? {}, {
          Identity: "Site:Z rich-HQ",
          DisplayName: "Z",
          XmppFederationRoute: "EdgeServer:edge01.contoso.com",
        });
      }
      if (step.id !== "pools") return;
      for (const row of rowsOf(step)) row["Site"] = row["Site"] === "Site:main" ? "Site:Zürich HQ" : "Site:Z rich-HQ";
    });
    assert.deepEqual(
      one.topology.sites.map(({ name, title }) => [name, title]),
      [
        ["z-rich-hq", "Zürich HQ"],
        ["z-rich-hq-2", "Z"],
      ],
    );
    assert.deepEqual(one.topology.pools.map(({ site }) => site).slice(0, 2), ["z-rich-hq", "z-rich-hq-2"]);
    whole(one, /XMPP federation goes through this site/);
  });

  it("says what archiving does, and where contacts may be", () => {
    const one = found((step) => {
      if (step.id === "archiving") {
        rowsOf(step).push({
          EnableArchiving: "ImOnly",
          BlockOnArchiveFailure: "True",
          EnableExchangeArchiving: "True",
        });
      }
      if (step.id === "contacts") rowsOf(step).push({ UcsAllowed: "True" });
    });
    assert.deepEqual(one.topology.archiving, { blocksMessagesOnFailure: true, toExchange: true });
    assert.equal(one.topology.contactStore, undefined);
    whole(one, /policy allows the unified contact store/);
    whole(one, /Messages are blocked where archiving fails.*lie in Exchange/);
  });

  it("that nobody explains is taken for the more, and said", () => {
    const one = found((step) => {
      if (step.id === "application-server") for (const row of rowsOf(step)) row["Applications"] = null;
      for (const row of rowsOf(step)) {
        const named = (row["DependentServiceList"] ?? []) as string[];
        row["DependentServiceList"] = named.filter((name) => !name.startsWith("ArchivingDatabase:"));
        if (step.id === "registrar") row["ArchivingDatabase"] = null;
      }
    });
    assert.deepEqual(one.unused, ["ArchivingDatabase:sql03.contoso.com"]);
    assert.ok(one.topology.pools[1]?.roles.includes("announcement"));
    whole(one, /No service says that it uses these: ArchivingDatabase:sql03.*they are taken to have all: pool01/);
  });

  it("names who is in charge by the services where the status is empty", () => {
    const empty = foundWith("master", (rows) => rows.splice(0, 1, { ActiveMasterFqdn: null }));
    assert.deepEqual(changes(empty), []);
    const moved = foundWith("master", (rows) => rows.splice(0, 1, { ActiveMasterFqdn: "fe12.contoso.com" }));
    assert.deepEqual(changes(moved), [
      "the Central Management store: active was pool01.contoso.com, and is pool02.contoso.com",
      "the Central Management store: standby was pool02.contoso.com, and is pool01.contoso.com",
    ]);
  });

  it("is no deployment where no pool has the store", () => {
    assert.throws(
      () =>
        found((step) => {
          if (step.id === "master" || step.id === "central-management") rowsOf(step).splice(0);
        }),
      /no pool has the Central Management store/,
    );
  });

  it("shows every change by its name", () => {
    const [first, second, ...others] = contoso.pools;
    assert.ok(first && second);
    const sql = contoso.sql.map((one) => (one.instance === ARCHIVE ? { ...one, release: "2014" as const } : one));
    const alone = { ...first, servers: first.servers.slice(1), roles: first.roles.slice(1) };
    const after: Topology = { ...contoso, sql, pools: [alone, ...others], cumulativeUpdate: "5.0.8308.1213" };
    const said = topologyChanges(contoso, after).map(textOfChange);
    for (const line of [
      "pool pool02.contoso.com was removed",
      "server fe01.contoso.com was removed",
      "server fe11.contoso.com was removed",
      "pool pool01.contoso.com: version was 5.0.8308.1068, and is 5.0.8308.1213",
      `SQL Server ${ARCHIVE}: release was 2012, and is 2014`,
    ]) {
      assert.ok(said.includes(line), `${line}\n${said.join("\n")}`);
    }
    assert.ok(said.some((line) => line.startsWith("pool pool01.contoso.com: roles was announcement, ")));
    assert.ok(topologyChanges(after, contoso).map(textOfChange).includes("pool pool02.contoso.com was added"));
    assert.deepEqual(topologyChanges(contoso, contoso), []);
  });
});
