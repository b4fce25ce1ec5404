import assert from "node:assert/strict";
import fc from "fast-check";
import { parse } from "yaml";
import { askDeployment } from "../../../cli/discover/ask";
import { textOfEstate } from "../../../cli/discover/text";
import {
  answersOf,
  estateFor,
  factsOf,
  topologyChanges,
  topologyFrom,
  type Choices,
  type Discovery,
} from "../../../estate/discovery";
import { serversOf, type Product, type Run, type Topology } from "../../../estate/documents";
import { coverageOfEstate } from "../../../estate/estate";
import type { Host } from "../../../hosts/host";
import { versionOf } from "../../../lab/deployment";
import { buildDeployment } from "../../../lab/deployments/build";
import { fabrikam } from "../../../lab/deployments/fabrikam";
import { openLabHost } from "../../../lab/host";
import type { LabDeployment } from "../../../lab/world";
import { labOf } from "../../lab/cmdlets/support";
import { anyTopology } from "../topologies";

/** Deployments that the lab stands for, asked as live ones. */

/** What a discovery runs there, with all that it answers. */
export async function runsOf(topology: Topology, made?: LabDeployment): Promise<{ runs: Run[]; product: Product }> {
  const deployment = made ?? buildDeployment(topology, { seed: "discovery", usersPerPool: 1 });
  const active = topology.pools.find(({ fqdn }) => fqdn === topology.centralManagement.active);
  const host = await openLabHost(await labOf(deployment), active ? (serversOf(active)[0] ?? "") : "");
  const runs: Run[] = [];
  const listening: Host = Object.assign(Object.create(host) as Host, {
    run: async (...args: Parameters<Host["run"]>) => {
      const run = await host.run(...args);
      runs.push(run);
      return run;
    },
  });
  const account = `${deployment.directory.netbios}\\lync-backup$`;
  const { product } = await askDeployment(listening, { account, deployment: topology.deployment });
  return { runs, product };
}

export async function discovered(topology: Topology, made?: LabDeployment): Promise<Discovery> {
  const { runs, product } = await runsOf(topology, made);
  return topologyFrom(answersOf(runs), { deployment: topology.deployment, product });
}

export const choices: Choices = {
  account: String.raw`CONTOSO\lync-backup$`,
  reach: () => ({ via: "lab" }),
  targets: [
    {
      ...{ name: "vault", host: "bk01.contoso.com", path: String.raw`D:\LyncBackup`, share: "LyncBackup$" },
      ...{ encryption: "none", location: "local", readers: [] },
    },
  ],
  protect: true,
  owner: "Anna Admin",
};

/** It says of everything who backs it up, it reads back as it was written, and no decision is lost. */
export function mustBeWhole(found: Discovery): string {
  const { declared, estate, decisions } = estateFor(found, choices);
  const states = new Set(coverageOfEstate(estate, found.at).rows.map(({ state }) => state));
  assert.ok(!states.has("gap") && !states.has("stale"), [...states].join());
  const head = { deployment: found.topology.deployment, host: "fe01.contoso.com", on: "2026-03-02" };
  const text = textOfEstate(declared, decisions, head);
  assert.deepEqual(parse(text), JSON.parse(JSON.stringify(declared)));
  assert.equal(textOfEstate(declared, decisions, head), text);
  assert.equal(text.match(/# DECIDE: /g)?.length, decisions.length);
  return text;
}

export async function builtAndFound(product: Product): Promise<void> {
  const built = fabrikam(product, "test");
  const found = await discovered(built);
  assert.deepEqual(topologyChanges(built, found.topology), []);
  const { strangers, clustered, ambiguous, unused, applicationsUntold } = found;
  assert.deepEqual([[...strangers], clustered, ambiguous, unused, applicationsUntold], [[], [], [], [], []]);
  const standard = found.topology.sql.find(({ instance }) => instance === String.raw`se01.fabrikam.com\rtc`);
  assert.equal(standard?.edition, "express");
  mustBeWhole(found);
}

export const anythingIsFound = (times: number): Promise<void> =>
  fc.assert(
    fc.asyncProperty(anyTopology, async (built) => {
      const found = await discovered(built);
      assert.deepEqual(topologyChanges(built, found.topology), []);
      for (const pool of built.pools) {
        assert.equal(factsOf(found.topology).get(`pool ${pool.fqdn}`)?.get("version"), versionOf(built, pool));
      }
      mustBeWhole(found);
    }),
    { numRuns: times },
  );
