import assert from "node:assert/strict";
import fc from "fast-check";
import type { Pool, Priority, Topology } from "../../estate/documents";
import { ADVICE } from "../../estate/rules";
import { adviceOn } from "../../estate/topology/advice";
import * as known from "./topologies";

const said = (topology: Topology, ...priorities: Priority[]): string[] =>
  adviceOn(topology, priorities).map(({ path, says }) => `${path}: ${says}`);

/** The paired deployment with its second pool, or all of it, changed. */
const paired = known.pairedWithCentralManagement;
const withSecond = (change: Partial<Pool>, more: Partial<Topology> = {}): Topology => ({
  ...paired,
  ...more,
  pools: paired.pools.map((pool, index) => (index === 1 ? { ...pool, ...change } : pool)),
});

describe("advice on a topology", () => {
  it("is none where pools are paired across sites and alike", () => {
    assert.deepEqual(said(paired, "continuity"), []);
  });

  const table: [string, Topology, string[]][] = [
    [
      "partners in one site",
      withSecond({ site: "north" }),
      ["pools[0].pairedWith: is in the same site, north: the pair does not survive the loss of it"],
    ],
    [
      "partners of different kinds",
      withSecond({ kind: "standard", backEnd: undefined }),
      ["pools[0].pairedWith: is of kind standard and this pool of kind enterprise: only pools of one kind pair"],
    ],
    [
      "partners of different versions",
      withSecond({ product: "sfb2015" }),
      ["pools[0].pairedWith: is of another product version: only pools of one version pair"],
    ],
    [
      "partners of which only one is mirrored",
      withSecond({ backEnd: { instance: "sql2.contoso.com", reports: false } }),
      ["pools[0].pairedWith: has a Back End that is single, and this one is mirrored: partners are alike"],
    ],
    [
      "no standby at the partner",
      { ...paired, centralManagement: { active: "pool1.contoso.com" } },
      [
        "centralManagement.standby: is missing: pool1.contoso.com is paired with pool2.contoso.com, which should hold the standby",
      ],
    ],
    [
      "a standby elsewhere",
      {
        ...known.pairedWithCentralManagement,
        pools: [...paired.pools, ...known.standardAlone.pools],
        centralManagement: { active: "pool1.contoso.com", standby: "se.contoso.com" },
      },
      [
        "pools[2].fqdn: names no file store: the share of its own name is assumed",
        "centralManagement.standby: is not the partner of pool1.contoso.com: a failover of the store goes to the paired pool",
      ],
    ],
    [
      "mirroring after 2015",
      { ...known.enterpriseMirrored, product: "sfb2019" },
      [String.raw`pools[0]: mirrors sql1.contoso.com\rtc: SQL mirroring is not supported in this product`],
    ],
    [
      "an availability group before 2015",
      { ...known.enterpriseAlwaysOn, product: "lync2013" },
      ["pools[0]: keeps data behind ag.contoso.com: availability groups came with Skype for Business 2015"],
    ],
    [
      "an Express Back End",
      {
        ...known.enterpriseUnmirrored,
        sql: [
          { instance: String.raw`sql1.contoso.com\rtc`, release: "2012", edition: "express", availabilityGroups: [] },
        ],
      },
      [String.raw`pools[0]: has its Back End in sql1.contoso.com\rtc, an Express edition`],
    ],
  ];
  for (const [name, topology, expected] of table) {
    it(`warns of ${name}`, () => {
      assert.deepEqual(said(topology), expected);
    });
  }

  it("asks for a partner, and tells of branches without failover, only where continuity comes first", () => {
    const branch: Pool = {
      fqdn: "sba.contoso.com",
      kind: "branch",
      site: "south",
      servers: [],
      roles: [],
      registrar: "pool1.contoso.com",
    };
    const topology = { ...known.enterpriseUnmirrored, pools: [...known.enterpriseUnmirrored.pools, branch] };
    assert.deepEqual(said(topology, "cost", "completeness"), []);
    assert.deepEqual(said(topology, "continuity"), [
      "pools[0].fqdn: is paired with no pool: where continuity comes first, a lost pool must be rebuilt",
      "pools[1].registrar: fails over without the users of this branch: pairing does not serve them",
    ]);
  });

  it("names a rule that stands in the table, whatever the topology", () => {
    fc.assert(
      fc.property(known.anyTopology, (topology) => {
        for (const { rule } of adviceOn(topology, ["continuity"])) assert.ok(ADVICE[rule].rule.endsWith("."));
      }),
    );
  });

  it("says nothing twice", () => {
    fc.assert(
      fc.property(known.anyTopology, (topology) => {
        const found = said(topology, "continuity");
        assert.equal(new Set(found).size, found.length);
      }),
    );
  });
});
