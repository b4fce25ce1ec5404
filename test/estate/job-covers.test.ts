import assert from "node:assert/strict";
import fc from "fast-check";
import { rowOf } from "../../estate/catalogue";
import { coverKey, type Pool, type Role, type Topology } from "../../estate/documents";
import {
  configurationCovers,
  fileStoreCovers,
  persistentChatCovers,
  responseGroupCovers,
  userDataCovers,
  type Covered,
} from "../../estate/jobs";
import { dutiesOf } from "../../estate/obligations";
import { fileStoreOf, fileStoresOf, instanceOf, isFrontEnd, storesOf } from "../../estate/topology/stores";
import { anyTopology, fiveHundredPools, pairedWithCentralManagement, withPersistentChat } from "./topologies";

/** One job of each kind for whatever the topology has: what an estate would declare. */
function coversFor(topology: Topology): Covered[] {
  const frontEnds = topology.pools.filter(isFrontEnd);
  const withRole = (pools: readonly Pool[], role: Role): string[] =>
    pools.filter((pool) => isFrontEnd(pool) && pool.roles.includes(role)).map(({ fqdn }) => fqdn);
  return [
    ...configurationCovers(),
    ...frontEnds.flatMap(({ fqdn }) => userDataCovers({ pool: fqdn })),
    ...withRole(frontEnds, "response-group").flatMap((pool) => responseGroupCovers({ pool })),
    ...storesOf(topology)
      .filter(({ holder }) => holder === "persistent-chat")
      .flatMap(({ sql }) => persistentChatCovers({ instance: instanceOf(sql), database: "mgc", level: "All" })),
    ...fileStoresOf(topology).flatMap(({ path, pools }) =>
      fileStoreCovers({
        store: path,
        callParkPools: withRole(pools, "call-park"),
        announcementPools: withRole(pools, "announcement"),
      }),
    ),
  ];
}

const BY_EXPORT = new Set(["configuration", "userData", "responseGroups", "persistentChat", "fileStores"]);

function left(topology: Topology): string[] {
  const covered = new Set(coversFor(topology).map((cover) => coverKey(cover)));
  const hasStore = new Map(topology.pools.map((pool) => [pool.fqdn, fileStoreOf(pool) !== undefined]));
  return dutiesOf(topology)
    .obligations.filter(({ datum }) => BY_EXPORT.has(rowOf(datum).protectedBy[0]))
    .filter(({ key, datum, scope }) => {
      const nowhere = rowOf(datum).protectedBy[0] === "fileStores" && scope.of === "pool" && !hasStore.get(scope.pool);
      return !covered.has(key) && !nowhere;
    })
    .map(({ key }) => key);
}

describe("exports and copies together", () => {
  it("discharge every obligation of what is exported or copied, whatever the topology", () => {
    for (const topology of [pairedWithCentralManagement, withPersistentChat, fiveHundredPools()]) {
      assert.deepEqual(left(topology), []);
    }
    fc.assert(
      fc.property(anyTopology, (topology) => {
        assert.deepEqual(left(topology), []);
      }),
    );
  });
});
