import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { rowOf } from "../../estate/catalogue";
import { FRONT_END_POOLS, Topology, type Pool } from "../../estate/documents";
import { coverageOfEstate, jobsOf, resourcesOf, type Estate } from "../../estate/estate";
import { contoso } from "../../lab/deployments/contoso";
import { fabrikam } from "../../lab/deployments/fabrikam";
import { lab } from "../../stacks/lab";
import { everythingOf, reach } from "./everything";
import { anyTopology } from "./topologies";

/** What follows from a topology where the estate wants everything. */

const NOW = "2026-03-02T12:00:00.000Z";
const gapsOf = (estate: Estate): string[] =>
  coverageOfEstate(estate, NOW).rows.flatMap(({ obligation: { datum, key }, state }) =>
    state === "gap" && rowOf(datum).protectedBy[0] !== "external" ? [key] : [],
  );

/** What tells two declarations apart, by the name of the resource. */
const texts = (estate: Estate): Map<string, string> =>
  new Map(resourcesOf(estate).map((resource) => [resource.common.name, JSON.stringify(resource)]));

describe("an estate that wants everything", () => {
  it("covers all that Lync itself stores, in any deployment", () => {
    fc.assert(
      fc.property(anyTopology, (topology) => {
        assert.deepEqual(gapsOf(everythingOf(topology)), []);
      }),
    );
  });

  it("covers the large deployment of each product, and none of its protections is idle", () => {
    for (const product of ["lync2013", "sfb2015", "sfb2019", "sfbse"] as const) {
      const estate = everythingOf(fabrikam(product, "everything"));
      assert.deepEqual(gapsOf(estate), []);
      assert.deepEqual(coverageOfEstate(estate, NOW).idle, []);
    }
  });

  it("names what it makes after what it backs up", () => {
    assert.deepEqual(
      jobsOf(lab).map(({ name, hosts }) => `${name} on ${hosts.map((host) => host.split(".")[0]).join(" ")}`),
      [
        "configuration on fe01 fe02 fe11",
        "configuration-on-change on fe01 fe02 fe11",
        "users-pool01 on fe01 fe02 fe11",
        "users-pool02 on fe01 fe02 fe11",
        "response-groups-pool01 on fe01 fe02 fe11",
        "response-groups-pool02 on fe01 fe02 fe11",
        "chat-chat01 on fe01 fe02 fe11",
        "files-fs01-lyncshare on bk01",
        "files-fs11-lyncshare on bk01",
        "sql-sql01-rtc-full on sql01 sql02",
        "sql-sql01-rtc-log on sql01 sql02",
        "sql-sql03-archive-full on sql03",
        "sql-sql11-rtc-full on sql11 sql12",
        "sql-sql11-rtc-log on sql11 sql12",
        "sql-sql03-chat-full on sql03",
      ],
    );
  });

  it("gets exactly the resources of a pool that is added, and every other stays as it is", () => {
    const server = { pool: "new.contoso.com", sql: String.raw`newsql.contoso.com\rtc` };
    fc.assert(
      fc.property(
        anyTopology,
        fc.constantFrom(...FRONT_END_POOLS),
        fc.subarray(["response-group", "call-park", "announcement"] as const),
        fc.nat(),
        (topology, kind, roles, place) => {
          const pool: Pool = {
            fqdn: server.pool,
            kind,
            site: topology.sites[0]?.name ?? "",
            servers: [],
            roles,
            ...(kind === "enterprise"
              ? { backEnd: { instance: server.sql, reports: false }, fileStore: String.raw`\\newfs.contoso.com\lync` }
              : {}),
          };
          const at = place % (topology.pools.length + 1);
          const before = texts(everythingOf(topology));
          const after = texts(
            everythingOf(Topology.make({ ...topology, pools: topology.pools.toSpliced(at, 0, pool) })),
          );
          const added = [...after.keys()].filter((name) => !before.has(name));
          assert.deepEqual(added.toSorted(), [
            kind === "enterprise" ? "files-newfs-lync" : "files-new-share",
            ...(roles.includes("response-group") ? ["response-groups-new"] : []),
            kind === "enterprise" ? "sql-newsql-rtc" : "sql-new-rtc",
            "users-new",
          ]);
          for (const [name, text] of before) assert.equal(after.get(name), text);
        },
      ),
    );
  });

  it("changes no job for a host that is added", () => {
    const host = { name: "more.contoso.net", reach, adopt: false };
    assert.deepEqual(resourcesOf({ ...lab, hosts: [host, ...lab.hosts] }), resourcesOf(lab));
  });

  it("leaves what it names as it says, and adds the rest", () => {
    const said = {
      pool: "pool01.contoso.com",
      name: "night-shift",
      schedule: { every: "day" as const, at: ["22:00"] },
    };
    const estate = everythingOf(contoso, { userData: [said] });
    const users = resourcesOf(estate).filter(({ kind }) => kind === "userData");
    assert.deepEqual(
      users.map(({ common }) => [common.name, common.schedule]),
      [
        ["night-shift", said.schedule],
        ["users-pool02", { every: "day", at: ["01:00"] }],
      ],
    );
  });

  it("takes a log job away where the declaration says that another tool backs the logs up", () => {
    const instance = String.raw`sql01.contoso.com\rtc`;
    const estate = everythingOf(contoso, { sql: [{ instance, log: false }] });
    const names = jobsOf(estate).map(({ name }) => name);
    assert.ok(names.includes("sql-sql01-rtc-full") && !names.includes("sql-sql01-rtc-log"));
    assert.ok(
      gapsOf(estate).every((key) => key.includes("-log ")),
      "nothing but logs is left open",
    );
    assert.ok(gapsOf(estate).length > 0);
  });
});
