import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { describe, it } from "mocha";
import { Topology, type Job, type Run } from "../../../estate/documents";
import {
  configurationJob,
  persistentChatJob,
  responseGroupJob,
  userDataJob,
  type PersistentChatExport,
  type ResponseGroupExport,
  type UserDataExport,
} from "../../../estate/jobs";
import { agentPackage } from "../../../hosts/agent/package";
import { loseSqlServer, moveCentralManagement, movePoolUsers } from "../../../lab/commands";
import { buildDeployment, volume } from "../../../lab/deployments/build";
import { contoso } from "../../../lab/deployments/contoso";
import { changeConfiguration } from "../../../lab/model/central-management";
import { usersOf } from "../../../lab/model/directory-users";
import { contentsNow, labOf } from "../cmdlets/support";
import { apply, BK01, FE01, FE02, inFolder, labWithJob, setJob, TARGET, vault } from "../fixture";
import { declared, look, manifestOf, PARTNER, POOL, runJob, setFolder, succeeded } from "./support";

const CHAT = "chat01.contoso.com";
const userData = (patch: Partial<UserDataExport> = {}): Job =>
  userDataJob({ ...declared("users"), pool: POOL, partner: PARTNER, ...patch });
const responseGroups = (patch: Partial<ResponseGroupExport> = {}): Job =>
  responseGroupJob({ ...declared("groups"), pool: POOL, partner: PARTNER, ...patch });
const persistentChat = (patch: Partial<PersistentChatExport> = {}): Job =>
  persistentChatJob({ ...declared("chat"), pool: CHAT, instance: String.raw`sql03.contoso.com\chat`, ...patch });

const performed = ({ steps }: Run): string[] => steps.flatMap(({ id, outcome }) => (outcome === "ok" ? [id] : []));
const failedAt = (run: Run): [string, string | undefined, string | undefined] => [
  run.outcome,
  run.steps.at(-1)?.id,
  run.error?.code,
];
const setsOf = (folder: string, job: Job): Promise<string[]> =>
  inFolder(folder, BK01, `${TARGET}\\series\\${job.name}\\sets`);

describe("The configuration job in the lab", () => {
  it("exports configuration and locations where the store is active, and follows it when it moves", async () => {
    const job = configurationJob({ ...declared("configuration"), placement: [{ host: FE01 }, { host: FE02 }] });
    const folder = await labWithJob(job);
    const { covers, facts } = await manifestOf(folder, job, succeeded(await runJob(folder, job)));
    assert.deepEqual(
      covers.map(({ datum }) => datum),
      ["configuration", "locations"],
    );
    assert.equal(facts["central-management-host"], FE01);
    await moveCentralManagement(folder, FE02);
    assert.equal((await runJob(folder, job)).outcome, "stood-down");
  });
});

describe("The user data job in the lab", () => {
  it("exports the users of a pool, with an inventory of what no import brings back", async () => {
    const job = userData();
    const folder = await labWithJob(job);
    const run = succeeded(await runJob(folder, job));
    const { covers, facts, artefacts } = await manifestOf(folder, job, run);
    assert.deepEqual(
      covers.map(({ datum, scope }) => [datum, scope]),
      [
        ["user-data", { of: "pool", pool: POOL }],
        ["user-settings", { of: "pool", pool: POOL }],
      ],
    );
    assert.deepEqual(facts, {
      "active-pool": POOL,
      "failed-over": false,
      partner: PARTNER,
      "contact-store": "lync",
    });
    const inventory = artefacts.find(({ datum }) => datum === "user-settings");
    const file = path.join(await setFolder(folder, job, run.set ?? ""), inventory?.path ?? "");
    const lines = fs.readFileSync(file, "utf8").trim().split("\n");
    const found = lines.map((line) => JSON.parse(line) as Record<string, string | null>);
    const users = await look(folder, (world) => usersOf(world, POOL));
    assert.deepEqual(
      found.map((one) => [one["SipAddress"], one["RegistrarPool"], one["LineURI"], one["VoicePolicy"]]),
      users.map(({ sip, lineUri, policies }) => [sip, POOL, lineUri ?? "", policies["Voice"] ?? null]),
    );
    assert.equal(inventory?.facts["users"], users.length);
  });

  it("exports from the partner while the pool is failed over, and says so", async () => {
    const job = userData();
    const folder = await labWithJob(job);
    await movePoolUsers(folder, POOL, "FailedOver");
    const run = succeeded(await runJob(folder, job));
    assert.deepEqual(
      performed(run).filter((id) => id.startsWith("export")),
      ["export-from-partner"],
    );
    const { facts, artefacts, covers } = await manifestOf(folder, job, run);
    assert.deepEqual([facts["active-pool"], facts["failed-over"]], [PARTNER, true]);
    assert.equal(artefacts[0]?.facts["exported-from"], PARTNER);
    assert.deepEqual(covers[0]?.scope, { of: "pool", pool: POOL });
    await movePoolUsers(folder, POOL, "Active");
    const back = await manifestOf(folder, job, succeeded(await runJob(folder, job)));
    assert.deepEqual([back.facts["active-pool"], back.facts["failed-over"]], [POOL, false]);
  });

  it("refuses to export what is not there while the pool is failed over and no partner is declared", async () => {
    const job = userDataJob({ ...declared("users"), pool: POOL });
    const folder = await labWithJob(job);
    await movePoolUsers(folder, POOL, "FailedOver");
    assert.deepEqual(failedAt(await runJob(folder, job)), ["failed", "at-home", "guard"]);
  });

  it("fails where the export has ended half-way, however good the file looks", async () => {
    const job = userData();
    const folder = await labWithJob(job);
    succeeded(await runJob(folder, job));
    const before = await setsOf(folder, job);
    await look(folder, (world) => {
      const home = contentsNow(world, POOL, "rtcxds").homes[POOL];
      const [first, ...rest] = Object.entries(home?.users ?? {});
      assert.ok(home && first);
      home.users = Object.fromEntries([first, [String.raw`sip:a\b@contoso.com`, first[1]], ...rest]);
    });
    const run = await runJob(folder, job);
    assert.deepEqual(failedAt(run), ["failed", "export", "invalid-urn"]);
    assert.match(run.error?.message ?? "", /is not a valid uniform resource name/);
    assert.deepEqual(await setsOf(folder, job), before);
  });

  it("fails for a pool without users, and where the Back End is lost", async () => {
    const edge = userDataJob({ ...declared("users"), pool: "edge01.contoso.com" });
    assert.deepEqual(failedAt(await runJob(await labWithJob(edge), edge)), ["failed", "deployed", "guard"]);
    const job = userData();
    const folder = await labWithJob(job);
    for (const server of ["sql01.contoso.com", "sql02.contoso.com"]) await loseSqlServer(folder, server);
    await moveCentralManagement(folder, "fe11.contoso.com");
    const run = await runJob(folder, job);
    assert.equal(run.outcome, "failed");
    assert.deepEqual(await setsOf(folder, job), []);
  });
});

describe("The Response Group job in the lab", () => {
  it("exports the groups of a pool, and counts them", async () => {
    const job = responseGroups();
    const folder = await labWithJob(job);
    const run = succeeded(await runJob(folder, job));
    const { artefacts, facts } = await manifestOf(folder, job, run);
    assert.deepEqual(artefacts[0]?.facts, { "exported-from": POOL, workflows: 2, queues: 2, "agent-groups": 2 });
    assert.equal(facts["failed-over"], false);
  });

  it("has nothing to do where the application is not deployed", async () => {
    const topology = Topology.make({
      ...contoso,
      pools: contoso.pools.map((pool) => ({ ...pool, roles: pool.roles.filter((role) => role !== "response-group") })),
    });
    const more = [{ fqdn: BK01, site: "second", volumes: { D: volume(500, "bitlocker") } }];
    const folder = await labOf(buildDeployment(topology, { seed: "test", usersPerPool: 3, more }));
    const job = responseGroups();
    await apply(folder, BK01, { kind: "set-target", target: vault });
    await apply(folder, FE01, { kind: "set-agent", agent: agentPackage() });
    await apply(folder, FE01, setJob(job));
    const run = await runJob(folder, job);
    assert.deepEqual([run.outcome, run.steps.at(-1)?.id], ["nothing-to-do", "deployed"]);
    assert.match(run.steps.at(-1)?.message ?? "", /the Response Group application is not deployed in pool01/);
    assert.deepEqual(await setsOf(folder, job), []);
  });

  it("exports them from where they are while the pool is failed over: there, or in the partner once imported", async () => {
    const job = responseGroups();
    const folder = await labWithJob(job);
    await movePoolUsers(folder, POOL, "FailedOver");
    const stayed = await manifestOf(folder, job, succeeded(await runJob(folder, job)));
    assert.deepEqual(
      [stayed.facts["failed-over"], stayed.facts["active-pool"], stayed.artefacts[0]?.facts["exported-from"]],
      [true, POOL, POOL],
    );
    await look(folder, (world) => {
      const [own, theirs] = [contentsNow(world, POOL, "rgsconfig"), contentsNow(world, PARTNER, "rgsconfig")];
      for (const kind of ["agentGroups", "queues", "hours", "holidays", "audio", "workflows"] as const) {
        (theirs[kind] as unknown[]).push(...structuredClone(own[kind]));
      }
    });
    const moved = await manifestOf(folder, job, succeeded(await runJob(folder, job)));
    assert.deepEqual([moved.facts["active-pool"], moved.artefacts[0]?.facts["exported-from"]], [PARTNER, PARTNER]);
    assert.equal(moved.artefacts[0]?.facts["workflows"], 2);
  });
});

describe("The Persistent Chat job in the lab", () => {
  it("exports everything, or an extract that covers nothing", async () => {
    const job = persistentChat();
    const folder = await labWithJob(job);
    const { covers, facts } = await manifestOf(folder, job, succeeded(await runJob(folder, job)));
    assert.deepEqual(
      covers.map(({ datum }) => datum),
      ["persistent-chat"],
    );
    assert.deepEqual(facts, { "active-pool": CHAT, "failed-over": false, level: "All" });
    const extract = persistentChat({ level: "RoomDirectory", startDate: "2026-02-01" });
    const other = await labWithJob(extract);
    assert.deepEqual((await manifestOf(other, extract, succeeded(await runJob(other, extract)))).covers, []);
  });

  it("refuses where the pool uses its backup database and nobody has declared it", async () => {
    const job = persistentChat();
    const folder = await labWithJob(job);
    await look(folder, (world) => {
      changeConfiguration(world, ({ policies }) => {
        const identity = `Service:PersistentChatServer:${CHAT}`;
        policies.push({ kind: "PersistentChatState", identity, settings: { PoolState: "FailedOver" } });
      });
    });
    assert.deepEqual(failedAt(await runJob(folder, job)), ["failed", "at-home", "guard"]);
  });

  it("fails where the database is lost", async () => {
    const job = persistentChat();
    const folder = await labWithJob(job);
    await loseSqlServer(folder, "sql03.contoso.com");
    assert.deepEqual(failedAt(await runJob(folder, job)), ["failed", "export", "no-database"]);
  });
});
