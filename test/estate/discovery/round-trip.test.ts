import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { topologyChanges } from "../../../estate/discovery";
import { contoso, makeContoso } from "../../../lab/deployments/contoso";
import { everything } from "../../lab/cmdlets/support";
import { enterpriseAlwaysOn, withPersistentChat } from "../topologies";
import { anythingIsFound, builtAndFound, discovered, mustBeWhole } from "./support";

describe("A discovered topology", function () {
  this.timeout(120_000);

  it("of the lab is the one that was built, with what its SQL Servers tell besides", async () => {
    const found = await discovered(contoso, makeContoso("test"));
    const { topology, silent, outside } = found;
    assert.deepEqual(topologyChanges(contoso, topology), []);
    assert.equal(topology.domain, "contoso.com");
    assert.deepEqual([[...silent], outside], [[], []]);
    const archive = topology.sql.find(({ instance }) => instance === String.raw`sql03.contoso.com\archive`);
    assert.deepEqual(archive, {
      ...{ instance: String.raw`sql03.contoso.com\archive`, release: "2012", edition: "standard", agent: true },
      ...{ serviceAccount: String.raw`CONTOSO\sql-service$`, availabilityGroups: [] },
      databases: ["LcsCDR", "LcsLog", "QoEMetrics"].map((name) => ({ name, recovery: "simple" })),
    });
    assert.match(mustBeWhole(found), /LcsLog, LcsCDR, QoEMetrics in simple recovery/);
  });

  it("of 20 pools is the one that was built", () => builtAndFound("sfb2015"));

  it("has its availability groups, chats and branches", async () => {
    for (const built of [everything(), enterpriseAlwaysOn, withPersistentChat]) {
      assert.deepEqual(topologyChanges(built, (await discovered(built)).topology), []);
    }
  });

  it("is whatever was built, and says what every server runs", () => anythingIsFound(6));
});
