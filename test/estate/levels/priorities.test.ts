import assert from "node:assert/strict";
import { PRODUCT_NAMES, Topology, type Cover, type Protection } from "../../../estate/documents";
import { LEVEL_RULES } from "../../../estate/rules";
import {
  collocatedArchiving,
  enterpriseMirrored,
  enterpriseUnmirrored,
  pairedWithCentralManagement,
  withPersistentChat,
} from "../topologies";
import { copy, drill, external, job, told, verdictsOn } from "./support";

const POOL = { of: "pool", pool: "pool1.contoso.com" } as const;
const USERS: Cover = { datum: "user-data", scope: POOL };
const CONFIGURATION: Cover = { datum: "configuration", scope: { of: "deployment" } };
const LOCATIONS: Cover = { datum: "locations", scope: { of: "deployment" } };
const GROUPS: Cover = { datum: "response-groups", scope: POOL };

describe("The loss of a pool", () => {
  const loss = (topology: Topology, cover: Cover, minutes: number, ...protections: Protection[]): string =>
    told(verdictsOn(topology, cover, protections, { poolLossRpoMinutes: minutes })["rpo-pool-loss"]);
  const paired = pairedWithCentralManagement;
  const on = (product: Topology["product"]): Topology => Topology.make({ ...paired, product });

  it("costs as much as the Backup Service aims at, where the pool is paired", () => {
    assert.equal(loss(paired, USERS, 30), "met: 30 min engineering target of the Backup Service <= RPO 30 min");
    assert.match(loss(paired, USERS, 15), /^missed: 30 min engineering target/);
    assert.match(loss(on("sfb2015"), USERS, 15), /^met: 5 min engineering target/);
    assert.match(loss(paired, CONFIGURATION, 5), /^met: 5 min engineering target/);
    const often = job("users", [USERS], { schedule: { every: "minutes", minutes: 10 }, minutes: 1 });
    assert.match(loss(paired, USERS, 15, often), /^met: 00:00 \+ 10 min \+ 1 min run = 11 min <= RPO 15 min/);
  });

  it("costs what the rules say to those who read them", () => {
    const says = LEVEL_RULES.map(({ rule }) => rule).join("\n");
    for (const product of ["lync2013", "sfb2015"] as const) {
      const [, minutes = "nothing"] = /^met: (\d+) min /.exec(loss(on(product), USERS, 60)) ?? [];
      assert.ok(says.includes(`${minutes} minutes in ${PRODUCT_NAMES[product]}`), `${product}: ${minutes}`);
    }
    const [, minutes = "nothing"] = /^met: (\d+) min /.exec(loss(paired, CONFIGURATION, 60)) ?? [];
    assert.ok(says.includes(`${minutes} minutes for the Central Management store`), minutes);
  });

  it("costs what no set holds, where it is not paired", () => {
    const hourly = job("users", [USERS], { schedule: { every: "minutes", minutes: 60 }, minutes: 5 });
    assert.match(
      loss(enterpriseUnmirrored, USERS, 90, hourly),
      /^met: pool1.* is paired with no pool; from sets: .* = 1 h 5 min/,
    );
    assert.match(loss(enterpriseUnmirrored, USERS, 30), /^missed: pool1.* is paired with no pool; from sets: nothing/);
    assert.match(loss(enterpriseUnmirrored, CONFIGURATION, 30), /^missed: no pool holds a standby of the Central/);
  });

  it("costs what no set holds, of all that the Backup Service does not replicate", () => {
    assert.match(loss(paired, LOCATIONS, 30), /^missed: the Backup Service never replicates locations; from sets: /);
    assert.match(loss(paired, GROUPS, 30), /^missed: the Backup Service replicates Response Groups from .* 2019 on;/);
    const daily = job("groups", [GROUPS]);
    assert.match(loss(paired, GROUPS, 1500, daily), /^met: .*; from sets: 02:00 \+ 24 h/);
    const store: Cover = { datum: "file-store", scope: { of: "store", path: String.raw`\\fs1.contoso.com\lync` } };
    assert.match(loss(paired, store, 30), /^missed: .* no more of a file store than conference content; from sets/);
  });

  it("is open for Response Groups of a product that can replicate them, if it was told to", () => {
    const pools = paired.pools.map((pool) => ({ ...pool, backEnd: { instance: `${pool.fqdn}\\rtc` } }));
    const newer = Topology.make({ ...paired, product: "sfb2019", pools });
    assert.match(loss(newer, GROUPS, 30), /^unknown: not known: whether the Backup Service replicates Response Groups/);
    const often = job("groups", [GROUPS], { schedule: { every: "minutes", minutes: 15 }, minutes: 1 });
    assert.match(loss(newer, GROUPS, 30, often), /^met: .* = 16 min/);
  });

  it("takes databases along that lie in its SQL Server, and no user settings, which Active Directory keeps", () => {
    const archive: Cover = {
      datum: "archiving",
      scope: { of: "database", instance: String.raw`sql1.contoso.com\rtc`, database: "LcsLog" },
    };
    assert.match(
      loss(collocatedArchiving, archive, 30),
      /^missed: the Backup Service replicates no database of Archiving/,
    );
    assert.equal(loss(paired, { datum: "user-settings", scope: POOL }, 30), "nothing is told");
    assert.equal(loss(paired, { datum: "dns", scope: { of: "deployment" } }, 30), "nothing is told");
  });
});

describe("Continuity", () => {
  const continuity = (topology: Topology, cover: Cover): string =>
    told(verdictsOn(topology, cover, [], { priorities: ["continuity"] }).continuity);

  it("asks for pools that are paired across sites, and a standby of the Central Management store", () => {
    assert.equal(
      continuity(pairedWithCentralManagement, USERS),
      "met: pool1.contoso.com (north) and pool2.contoso.com (south) are paired across sites",
    );
    assert.match(continuity(pairedWithCentralManagement, CONFIGURATION), /^met: pool2.contoso.com holds a standby/);
    assert.equal(continuity(enterpriseUnmirrored, USERS), "missed: pool1.contoso.com is paired with no pool");
    assert.match(continuity(enterpriseUnmirrored, CONFIGURATION), /^missed: no pool holds a standby/);
    const pools = pairedWithCentralManagement.pools.map((pool) => ({ ...pool, site: "north" }));
    const oneSite = Topology.make({ ...pairedWithCentralManagement, pools });
    assert.match(continuity(oneSite, USERS), /^missed: .* are paired in one site, north$/);
  });

  it("asks for a second server where archiving that fails blocks messages", () => {
    const archive: Cover = {
      datum: "archiving",
      scope: { of: "database", instance: String.raw`sql1.contoso.com\rtc`, database: "LcsLog" },
    };
    assert.match(continuity(collocatedArchiving, archive), /^missed: service stops with sql1.contoso.com\\rtc/);
    const mirrored = Topology.make({ ...enterpriseMirrored, archiving: { blocksMessagesOnFailure: true } });
    const pools = mirrored.pools.map((pool) => ({ ...pool, roles: ["archiving" as const] }));
    assert.match(continuity(Topology.make({ ...mirrored, pools }), archive), /^met: LcsLog is available through mir1/);
    const optional = Topology.make({ ...collocatedArchiving, archiving: {} });
    assert.equal(continuity(optional, archive), "nothing is told");
  });
});

describe("Completeness", () => {
  const scope = { of: "database", instance: "chatsql.contoso.com", database: "mgc" } as const;
  const CHAT: Cover = { datum: "persistent-chat", scope };
  const full = job("full", [CHAT], { series: "chat" });
  const log = job("log", [{ datum: "persistent-chat-log", scope }], { series: "chat", setKind: "log" });
  const completeness = (cover: Cover, ...protections: Protection[]): string =>
    told(verdictsOn(withPersistentChat, cover, protections, { priorities: ["completeness"] }).completeness);

  it("asks for log backups beside the full ones", () => {
    assert.equal(completeness(CHAT, full, log), "met: mgc is in full recovery, and log backs up its log");
    assert.match(completeness(CHAT, full), /^missed: no job backs up the log of mgc beside its full backups$/);
    assert.match(completeness(CHAT, full, { ...log, series: "other" }), /^missed: no job backs up the log/);
    assert.equal(completeness(CHAT), "missed: nothing protects it");
  });

  it("asks for full recovery", () => {
    const compliance: Cover = { datum: "persistent-chat-compliance", scope: { ...scope, database: "mgccomp" } };
    assert.match(completeness(compliance), /^missed: mgccomp is in simple recovery, where no log can be backed up/);
  });

  it("asks nothing of what comes back by import", () => {
    assert.equal(completeness(USERS, job("users", [USERS])), "nothing is told");
  });
});

describe("Criticality", () => {
  const criticality = (protections: Protection[], drills: ReturnType<typeof drill>[] = []) => {
    const verdicts = verdictsOn(enterpriseUnmirrored, USERS, protections, { priorities: ["criticality"] }, { drills });
    return [told(verdicts["criticality-copy"]), told(verdicts["criticality-drill"])] as const;
  };
  const withCopy = (more: Parameters<typeof copy>[0]) => [job("users", [USERS], { copies: [copy(more)] })];

  it("asks for a copy under lock or in another site", () => {
    const lock = { mode: "compliance" as const, days: 30 };
    assert.equal(criticality(withCopy({ lock }))[0], "met: locked for 30 days (compliance)");
    assert.equal(criticality(withCopy({ legalHold: true }))[0], "met: under legal hold");
    assert.equal(criticality(withCopy({ profile: "aws" }))[0], "met: not locked, in another site (aws)");
    assert.match(
      criticality(withCopy({ profile: "minio" }))[0],
      /^unknown: not known: in which site the store of north/,
    );
    assert.match(criticality([job("users", [USERS])])[0], /^missed: no copy of it is locked or in another site$/);
    const target = { name: "vault", host: "bk01.contoso.com", location: "remote" } as const;
    assert.match(criticality([job("users", [USERS], { target })])[0], /^met: users writes to vault/);
    assert.match(criticality([external("snapshots", USERS.datum)])[0], /^unknown: not known: where storage team keeps/);
  });

  it("asks for a drill that passed, and not long ago", () => {
    const users = [job("users", [USERS])];
    assert.equal(criticality(users)[1], "missed: its restore was never rehearsed");
    assert.equal(criticality(users, [drill("users")])[1], "met: the drill of 2026-02-01 (pool) passed");
    assert.match(criticality(users, [drill("users", { goodForDays: 7 })])[1], /^missed: .* went stale on 2026-02-08$/);
    assert.match(criticality(users, [drill("users", { verdict: "failed" })])[1], /^missed: .* failed$/);
    assert.match(criticality(users, [drill("other")])[1], /^missed: its restore was never/);
    assert.match(
      criticality([external("snapshots", USERS.datum)])[1],
      /^met: storage team tested a restore on 2026-01-10$/,
    );
  });
});

describe("Portability", () => {
  const portability = (cover: Cover, ...protections: Protection[]): string =>
    told(verdictsOn(enterpriseUnmirrored, cover, protections, { priorities: ["portability"] }).portability);

  it("asks for what Microsoft's own tools restore, in plain objects elsewhere", () => {
    const users = job("users", [USERS], { copies: [copy()] });
    assert.equal(portability(USERS, users), "met: Import-CsUserData restores it from the plain objects of north");
    assert.equal(portability(USERS, job("users", [USERS])), "missed: no copy of it leaves the site");
    assert.equal(portability(USERS), "missed: nothing protects it");
    assert.match(
      portability(USERS, external("snapshots", USERS.datum)),
      /^unknown: not known: whether anything but Snap/,
    );
  });

  it("says where a listing is needed too", () => {
    const store: Cover = { datum: "file-store", scope: { of: "store", path: String.raw`\\fs1.contoso.com\lync` } };
    const files = job("files", [store], { setKind: "incremental", copies: [copy()] });
    assert.match(portability(store, files), /^met: a copy of the files restores it .*; a listing in JSON lines says/);
  });

  it("is not known of what no tool is known to restore", () => {
    const dns: Cover = { datum: "dns", scope: { of: "deployment" } };
    assert.match(portability(dns, job("zones", [dns], { copies: [copy()] })), /^unknown: not known: what restores dns/);
  });
});
