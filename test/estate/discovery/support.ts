import assert from "node:assert/strict";
import fc from "fast-check";
import { factsOf, topologyChanges, topologyFrom, type Answers, type Discovery } from "../../../estate/discovery";
import { serversOf, type Product, type Topology } from "../../../estate/documents";
import { versionOf } from "../../../lab/deployment";
import { fabrikam } from "../../../lab/deployments/fabrikam";
import { anyTopology } from "../topologies";
import { buildDeployment } from "../../../lab/deployments/build";
import { openLabHost } from "../../../lab/host";
import { askDeployment } from "../../../cli/discover/ask";
import { labOf } from "../../lab/cmdlets/support";
import type { LabDeployment } from "../../../lab/world";

/** A deployment that the lab stands for, asked as a live one. */
export async function discovered(topology: Topology, made?: LabDeployment): Promise<Discovery> {
  const { answers, product } = await asked(topology, made);
  return topologyFrom(answers, { deployment: topology.deployment, product });
}

export async function asked(
  topology: Topology,
  made: LabDeployment = buildDeployment(topology, { seed: "discovery", usersPerPool: 1 }),
): Promise<{ answers: Answers; product: Topology["product"] }> {
  const folder = await labOf(made);
  const active = topology.pools.find(({ fqdn }) => fqdn === topology.centralManagement.active);
  const host = await openLabHost(folder, active ? (serversOf(active)[0] ?? "") : "");
  const account = `${made.directory.netbios}\\lync-backup$`;
  return askDeployment(host, { account, deployment: topology.deployment });
}

export async function builtAndFound(product: Product): Promise<void> {
  const built = fabrikam(product, "test");
  const { topology, strangers, clustered, ambiguous } = await discovered(built);
  assert.deepEqual(topologyChanges(built, topology), []);
  assert.deepEqual([[...strangers], clustered, ambiguous], [[], [], []]);
  const standard = topology.sql.find(({ instance }) => instance === String.raw`se01.fabrikam.com\rtc`);
  assert.equal(standard?.edition, "express");
}

export const anythingIsFound = (times: number): Promise<void> =>
  fc.assert(
    fc.asyncProperty(anyTopology, async (built) => {
      const { topology } = await discovered(built);
      assert.deepEqual(topologyChanges(built, topology), []);
      for (const pool of built.pools) {
        assert.equal(factsOf(topology).get(`pool ${pool.fqdn}`)?.get("version"), versionOf(built, pool));
      }
    }),
    { numRuns: times },
  );
