import assert from "node:assert/strict";
import type { z } from "zod";
import { Topology } from "../../estate/documents";
import { problemsIn } from "./support";

type Declared = z.input<typeof Topology.schema>;
type DeclaredPool = Declared["pools"][number];

/** Two paired pools, an Edge pool, a branch and a chat pool: nothing of it contradicts itself. */
function sound(): Declared {
  return {
    document: "topology",
    version: 1,
    deployment: "contoso",
    product: "lync2013",
    domain: "contoso.com",
    sites: [{ name: "north", federationRoute: "edge.contoso.com" }, { name: "south" }],
    pools: [
      {
        fqdn: "pool1.contoso.com",
        kind: "enterprise",
        site: "north",
        servers: [{ fqdn: "fe1.contoso.com" }],
        backEnd: { instance: String.raw`sql1.contoso.com\rtc` },
        fileStore: String.raw`\\fs1.contoso.com\lync`,
        pairedWith: "pool2.contoso.com",
      },
      {
        fqdn: "pool2.contoso.com",
        kind: "enterprise",
        site: "south",
        servers: [{ fqdn: "fe2.contoso.com", site: "south" }],
        backEnd: { instance: String.raw`sql2.contoso.com\rtc` },
        fileStore: String.raw`\\fs2.contoso.com\lync`,
        pairedWith: "pool1.contoso.com",
      },
      { fqdn: "edge.contoso.com", kind: "edge", site: "north", nextHop: "pool1.contoso.com" },
      { fqdn: "sba.contoso.com", kind: "branch", site: "south", registrar: "pool1.contoso.com" },
      {
        fqdn: "chat.contoso.com",
        kind: "persistent-chat",
        site: "north",
        persistentChatStore: { instance: "sql3.contoso.com" },
      },
      { fqdn: "se.contoso.com", kind: "standard", site: "south" },
    ],
    sql: [{ instance: "sql3.contoso.com", release: "2012", edition: "standard" }],
    centralManagement: { active: "pool1.contoso.com", standby: "pool2.contoso.com" },
  };
}

const [POOL1, POOL2, EDGE, SBA, CHAT, SE] = [0, 1, 2, 3, 4, 5] as const;
const changed = (change: (topology: Declared) => void): readonly string[] => {
  const topology = sound();
  change(topology);
  return problemsIn(() => Topology.read(topology));
};
const inPool = (index: number, fields: Partial<DeclaredPool>): ((topology: Declared) => void) => {
  return (topology) => {
    Object.assign(topology.pools[index] ?? {}, fields);
  };
};
const without = (index: number, field: keyof DeclaredPool): ((topology: Declared) => void) => {
  return (topology) => {
    delete topology.pools[index]?.[field];
  };
};

describe("a topology that contradicts itself is refused with the path of the field", () => {
  it("one that does not is taken", () => {
    assert.equal(Topology.read(sound()).pools.length, 6);
  });

  const table: [string, (topology: Declared) => void, string][] = [
    [
      "a server of two pools",
      inPool(POOL2, { servers: [{ fqdn: "fe1.contoso.com" }] }),
      "pools[1].servers[0].fqdn: names a server that is in a pool already",
    ],
    [
      "a server in an unknown site",
      inPool(POOL1, { servers: [{ fqdn: "fe1.contoso.com", site: "west" }] }),
      "pools[0].servers[0].site: names a site that is not in the topology",
    ],
    ["a role twice", inPool(SE, { roles: ["e911", "e911"] }), "pools[5].roles[1]: names a role twice"],
    [
      "a role that stores something in an Edge pool",
      inPool(EDGE, { roles: ["archiving"] }),
      "pools[2].roles[0]: is no role of a pool of kind edge",
    ],
    [
      "Persistent Chat in an Enterprise pool",
      inPool(POOL1, { roles: ["persistent-chat"] }),
      "pools[0].roles[0]: is no role of a pool of kind enterprise",
    ],
    [
      "an Enterprise pool without a Back End",
      without(POOL1, "backEnd"),
      "pools[0].backEnd: is missing: the data of an Enterprise pool lie in its Back End",
    ],
    [
      "an Enterprise pool without a file store",
      without(POOL1, "fileStore"),
      "pools[0].fileStore: is missing: an Enterprise pool has a file store",
    ],
    [
      "a Persistent Chat pool without its database",
      without(CHAT, "persistentChatStore"),
      "pools[4].persistentChatStore: is missing: the rooms of a Persistent Chat pool lie in its database",
    ],
    [
      "two pools that disagree about the mirror of one store",
      inPool(POOL2, {
        backEnd: { instance: String.raw`sql1.contoso.com\rtc`, mirror: String.raw`sql2.contoso.com\rtc` },
      }),
      String.raw`pools[1].backEnd.mirror: differs from what is said of sql1.contoso.com\rtc before`,
    ],
    [
      "a Standard Edition server with a Back End",
      inPool(SE, { backEnd: { instance: "sql9.contoso.com" } }),
      "pools[5].backEnd: has no place in a pool of kind standard",
    ],
    [
      "a Standard Edition pool of two servers",
      inPool(SE, { servers: [{ fqdn: "se.contoso.com" }, { fqdn: "se2.contoso.com" }] }),
      "pools[5].servers: has several: Standard Edition is one server",
    ],
    [
      "an Archiving store beside an Edge pool",
      inPool(EDGE, { archivingStore: { instance: "sql9.contoso.com" } }),
      "pools[2].archivingStore: has no place in a pool of kind edge",
    ],
    [
      "a store that mirrors itself",
      inPool(POOL1, { backEnd: { instance: "sql1.contoso.com", mirror: "SQL1.contoso.com" } }),
      "pools[0].backEnd.mirror: is the instance itself",
    ],
    [
      "a witness without a mirror",
      inPool(POOL1, { backEnd: { instance: "sql1.contoso.com", witness: "sql9.contoso.com" } }),
      "pools[0].backEnd.witness: watches no mirror",
    ],
    [
      "a mirrored store behind a listener",
      inPool(POOL1, {
        backEnd: { instance: "sql1.contoso.com", mirror: "sql9.contoso.com", listener: "l.contoso.com" },
      }),
      "pools[0].backEnd.listener: belongs to an availability group, and the store is mirrored",
    ],
    [
      "a pool paired with itself",
      inPool(SE, { pairedWith: "se.contoso.com" }),
      "pools[5].pairedWith: is the pool itself",
    ],
    [
      "a pairing that the partner does not know",
      inPool(SE, { pairedWith: "pool2.contoso.com" }),
      "pools[5].pairedWith: is not paired with this pool in turn",
    ],
    [
      "a paired Edge pool",
      inPool(EDGE, { pairedWith: "pool1.contoso.com" }),
      "pools[2].pairedWith: is for Front End pools",
    ],
    [
      "an Edge pool that is none",
      inPool(POOL1, { edge: "pool2.contoso.com" }),
      "pools[0].edge: names a pool of kind enterprise, not edge",
    ],
    [
      "a next hop of a Front End pool",
      inPool(POOL1, { nextHop: "pool2.contoso.com" }),
      "pools[0].nextHop: is for Edge pools",
    ],
    [
      "a branch without a registrar",
      without(SBA, "registrar"),
      "pools[3].registrar: is missing: the data of branch users lie in a Front End pool",
    ],
    [
      "a registrar of a pool that is no branch",
      inPool(SE, { registrar: "pool1.contoso.com" }),
      "pools[5].registrar: is for branch pools",
    ],
    [
      "a Central Management store in an Edge pool",
      (topology) => {
        topology.centralManagement = { active: "edge.contoso.com" };
      },
      "centralManagement.active: names a pool of kind edge, not enterprise or standard",
    ],
    [
      "a standby that is the active one",
      (topology) => {
        topology.centralManagement.standby = "pool1.contoso.com";
      },
      "centralManagement.standby: is the active one itself",
    ],
    [
      "an instance twice",
      (topology) => topology.sql?.push({ instance: "SQL3.contoso.com", release: "2014", edition: "express" }),
      "sql[1].instance: names an instance twice",
    ],
    [
      "SQL Server Agent in Express",
      (topology) => {
        topology.sql = [{ instance: "sql3.contoso.com", release: "2012", edition: "express", agent: true }];
      },
      "sql[0].agent: is not part of Express",
    ],
    [
      "an availability group without the instance that has it",
      (topology) => {
        const availabilityGroups = [{ name: "ag", replicas: ["a.contoso.com", "b.contoso.com"] }];
        topology.sql = [{ instance: "sql3.contoso.com", release: "2014", edition: "enterprise", availabilityGroups }];
      },
      "sql[0].availabilityGroups[0].replicas: does not name this instance",
    ],
    [
      "a database twice",
      (topology) => {
        const databases = [{ name: "LcsLog" }, { name: "lcslog" }];
        topology.sql = [{ instance: "sql3.contoso.com", release: "2014", edition: "enterprise", databases }];
      },
      "sql[0].databases[1].name: names a database twice",
    ],
    [
      "a file store twice",
      (topology) => {
        topology.fileStores = [
          { path: String.raw`\\FS1.contoso.com\lync` },
          { path: String.raw`\\fs1.contoso.com\lync` },
        ];
      },
      "fileStores[1].path: names a file store twice",
    ],
  ];
  for (const [name, change, expected] of table) {
    it(name, () => {
      assert.deepEqual(changed(change), [expected]);
    });
  }

  for (const product of ["sfb2019", "sfbse"] as const) {
    it(`Persistent Chat in ${product}`, () => {
      const message = "is no part of this product: Persistent Chat ended with Skype for Business Server 2015";
      assert.deepEqual(changed(inPool(CHAT, { product })), [
        `pools[4].kind: ${message}`,
        `pools[4].persistentChatStore: ${message}`,
      ]);
    });
  }
});
