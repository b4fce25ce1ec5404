import assert from "node:assert/strict";
import { responseGroupJob, type ResponseGroupExport } from "../../estate/jobs";
import { declared } from "./jobs";
import { problemsIn } from "./support";
import { walk } from "./walk";

const POOL = "pool01.contoso.com";
const PARTNER = "pool02.contoso.com";
const paired: ResponseGroupExport = { ...declared, pool: POOL, partner: PARTNER };
const list = (count: number) => Array.from({ length: count }, () => ({ Name: "x" }));
const normal = {
  applications: [{ Value: "urn:application:RGS" }],
  state: [],
  workflows: list(2),
  queues: list(3),
  "agent-groups": list(4),
};
const away = { ...normal, state: [{ PoolState: "FailedOver" }] };
const there = { "workflows-in-partner": list(5), "queues-in-partner": list(6), "agent-groups-in-partner": list(7) };

describe("Response Group job", () => {
  it("exports from the pool itself, with the counts of what there is", () => {
    const { called, artefacts, facts } = walk(responseGroupJob(paired), normal);
    assert.deepEqual(called, ["applications", "state", "workflows", "queues", "agent-groups", "export"]);
    assert.deepEqual(artefacts, [
      {
        file: { $work: `RgsConfiguration.${POOL}.zip` },
        datum: "response-groups",
        facts: { "exported-from": POOL, workflows: 2, queues: 3, "agent-groups": 4 },
      },
    ]);
    assert.deepEqual(facts, { "active-pool": POOL, "failed-over": false, partner: PARTNER });
  });

  it("takes a pool that does not run the application for no failure", () => {
    const { ended, called } = walk(responseGroupJob(paired), { ...normal, applications: [] });
    assert.deepEqual(ended, { by: "deployed", outcome: "nothing-to-do" });
    assert.deepEqual(called, ["applications"]);
  });

  it("exports from the partner what was imported there, and only what the pool owns", () => {
    const job = responseGroupJob(paired);
    const { called, artefacts, facts } = walk(job, { ...away, imported: list(5), ...there });
    assert.deepEqual(
      called.filter((id) => id.startsWith("export")),
      ["export-from-partner"],
    );
    assert.deepEqual(artefacts[0]?.facts, { "exported-from": PARTNER, workflows: 5, queues: 6, "agent-groups": 7 });
    assert.deepEqual([facts["active-pool"], facts["failed-over"]], [PARTNER, true]);
    const step = job.steps.find(({ id }) => id === "export-from-partner");
    assert.ok(step?.kind === "cmdlet");
    assert.deepEqual(
      [step.parameters["Source"], step.parameters["Owner"]],
      [`service:ApplicationServer:${PARTNER}`, `service:ApplicationServer:${POOL}`],
    );
  });

  it("leaves them where they are while the pool is failed over and nobody has imported them", () => {
    const { called, artefacts, facts } = walk(responseGroupJob(paired), { ...away, imported: [] });
    assert.deepEqual(
      called.filter((id) => id.startsWith("export")),
      ["export"],
    );
    assert.equal(artefacts[0]?.facts["exported-from"], POOL);
    assert.deepEqual([facts["active-pool"], facts["failed-over"]], [POOL, true]);
  });

  it("exports an empty application too: that groups have vanished is for the check to find", () => {
    const none = { workflows: [], queues: [], "agent-groups": [] };
    const { ended, artefacts } = walk(responseGroupJob(paired), { ...normal, ...none });
    assert.equal(ended, undefined);
    assert.equal(artefacts[0]?.facts["workflows"], 0);
  });

  it("fails where the pool is failed over and its partner is not declared", () => {
    const { ended } = walk(responseGroupJob({ ...declared, pool: POOL }), away);
    assert.deepEqual(ended, { by: "at-home", outcome: "fail" });
    assert.deepEqual(
      problemsIn(() => responseGroupJob({ ...paired, partner: POOL })),
      ["partner: is the pool itself"],
    );
  });
});
