import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import type { Estate } from "../../estate/estate";
import { staging } from "../../stacks/staging";
import { engineIsHere, EngineProject } from "../support/engine";

/** A whole estate on the real engine: what a preview says when it promises less than before, and when its day has come. */

const PROGRAM = `
const fs = require("node:fs");
const { BackupEstate, defineEstate } = require("lync-backup/dist/providers");
const { estate, now } = JSON.parse(fs.readFileSync(__dirname + "/declared.json", "utf8"));
const made = new BackupEstate("contoso", defineEstate("test", estate), { now });
exports.coverage = made.coverage;
exports.serviceLevels = made.serviceLevels;
`;
const NOW = "2026-03-02T09:00:00.000Z";

describe("the posture of an estate on the real engine", function () {
  this.timeout(240_000);
  // Each chapter begins where the one before it ended.
  this.bail(true);
  let project: EngineProject;
  let estate: Estate;

  before(async function () {
    if (!(await engineIsHere())) this.skip();
    project = await EngineProject.make();
    project.write("program.js", PROGRAM);
    estate = structuredClone(staging);
    const users = { name: "users", data: ["user-data" as const], scopes: "all" as const, rpoHours: 24, rtoHours: 8 };
    estate.serviceLevels = [{ ...users, priorities: [], missedStarts: 0, growthPercent: 20 }];
  });
  after(() => {
    project?.remove();
  });

  const declare = (now = NOW): void => {
    project.write("declared.json", JSON.stringify({ estate, now }));
  };
  const preview = async (code: number, ...more: string[]): Promise<string> => {
    const { code: exit, output } = await project.preview(...more);
    assert.equal(exit, code, output);
    return output;
  };
  /** What a preview tells to add; it says so twice, as it goes on and at the end. */
  const linesIn = (output: string): string[] => [
    ...new Set([...output.matchAll(/add acknowledge: \[(".*")\]/g)].map(([, line = ""]) => JSON.parse(line) as string)),
  ];

  it("comes up before all else, with the tables of coverage and service levels, and has nothing to do then", async () => {
    declare();
    const up = await project.up();
    assert.equal(up.code, 0, up.output);
    // Exports run weekly here.
    assert.match(up.output, /users: \d+ promises are not kept, .*rpo of user-data pool pool01\.contoso\.com/);
    const { stdout } = await project.run(["stack", "output", "--json"]);
    const { coverage, serviceLevels } = JSON.parse(stdout) as Record<string, Record<string, unknown>[]>;
    const users = coverage?.find(({ obligation }) => obligation === "user-data pool pool01.contoso.com");
    assert.deepEqual(users, {
      obligation: "user-data pool pool01.contoso.com",
      state: "covered",
      by: ["users-pool01"],
    });
    assert.ok(serviceLevels?.some(({ promise, outcome }) => promise === "rpo" && outcome === "missed"));
    const [first] = await project.state();
    assert.ok(first?.type.endsWith(":BackupPosture"));
    await preview(0, "--refresh", "--expect-no-changes");
  });

  it("refuses what promises less, with every line to add, and changes nothing", async () => {
    const [users] = estate.userData;
    const [waiver] = estate.waivers;
    const [target] = estate.targets;
    const [level] = estate.serviceLevels;
    assert.ok(users && waiver && target && level && estate.configuration);
    estate.configuration.schedule = { every: "week", on: ["sunday"], at: ["12:00"] };
    estate.configuration.retention = { ...estate.defaults.retention, last: 2 };
    Object.assign(users, { enabled: false, disabledReason: "the pool moves" });
    waiver.until = "2027-03-01";
    level.rtoHours = 24;
    declare();
    const lines = linesIn(await preview(1));
    const starts = (start: string): boolean => lines.some((line) => line.startsWith(start));
    for (const start of [
      "job:users-pool01: enabled -> disabled",
      "protection:user-data pool pool01.contoso.com: job -> waiver",
      "promised-rto:user-data pool pool01.contoso.com: 8 h -> 24 h",
      "retention:configuration/target shelf: every 7 d for 21 d -> every 7 d for 14 d",
      "waiver:small-on-purpose: all data but configuration and locations in all scopes until 2026-12-31 -> ",
    ]) {
      assert.ok(starts(start), `${start} is not among\n${lines.join("\n")}`);
    }
    const [first = "", ...others] = lines;
    estate.acknowledge = others;
    declare();
    assert.deepEqual(linesIn(await preview(1)), [first]);
  });

  it("accepts it once it is acknowledged, and has nothing to do then", async () => {
    const [first] = linesIn(await preview(1));
    estate.acknowledge.push(`${String(first)} # for the move`);
    declare();
    const up = await project.run(["up", "--yes"]);
    assert.equal(up.code, 0, up.output);
    await preview(0, "--refresh", "--expect-no-changes");
  });

  it("lets everything get better in silence", async () => {
    const [users] = estate.userData;
    assert.ok(users && estate.configuration);
    Object.assign(users, { enabled: true, disabledReason: undefined });
    estate.configuration.retention = { ...estate.defaults.retention, last: 9 };
    estate.acknowledge = [];
    declare();
    assert.deepEqual(linesIn(await preview(0)), []);
  });

  it("fails on the day after a waiver ended, with what nothing protects and the line to add", async () => {
    declare("2027-03-02T00:00:00.000Z");
    const output = await preview(1);
    assert.match(output, /the waiver small-on-purpose of communications team ended with 2027-03-01/);
    assert.match(output, /user-data pool pool02\.contoso\.com is not covered: .* Add userData: \[\{ pool: "pool02/);
  });

  it("warns of another tool whose evidence has grown old, and passes", async () => {
    estate.external.push({
      ...{ name: "directory", data: ["active-directory"], scopes: "all", tool: "Snapshots", owner: "directory team" },
      ...{ rpoHours: 24, lastSuccess: "2026-03-01", lastRestoreTest: "2026-01-01", restoreTestGoodForDays: 365 },
    });
    declare("2026-03-04T00:00:00.000Z");
    const output = await preview(0);
    assert.match(
      output,
      /its evidence is old: Snapshots of directory team \(directory\): its last success, 2026-03-01/,
    );
  });
});
