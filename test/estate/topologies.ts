import fc from "fast-check";
import type { z } from "zod";
import { Topology, type Pool } from "../../estate/documents";

/** Deployments as administrators have them, in a few lines each. */

type Declared = Omit<z.input<typeof Topology.schema>, "document" | "version">;
type DeclaredPool = Declared["pools"][number];

const make = (declared: Partial<Declared> & Pick<Declared, "pools">): Topology =>
  Topology.make({
    deployment: "contoso",
    product: "lync2013",
    domain: "contoso.com",
    sites: [{ name: "north" }, { name: "south" }],
    centralManagement: { active: declared.pools[0]?.fqdn ?? "" },
    ...declared,
  });

const servers = (prefix: string, count: number): Pool["servers"] =>
  Array.from({ length: count }, (_, index) => ({ fqdn: `${prefix}${String(index + 1)}.contoso.com` }));

/** An Enterprise pool of three servers with its Back End and its file store. */
const enterprise = (number: number, more: Partial<DeclaredPool> = {}): DeclaredPool => ({
  fqdn: `pool${String(number)}.contoso.com`,
  kind: "enterprise",
  site: number % 2 === 1 ? "north" : "south",
  servers: servers(`fe${String(number)}-`, 3),
  roles: ["conferencing", "response-group"],
  backEnd: { instance: `sql${String(number)}.contoso.com\\rtc` },
  fileStore: `\\\\fs${String(number)}.contoso.com\\lync`,
  ...more,
});
const mirrored = (number: number): Partial<DeclaredPool> => ({
  backEnd: { instance: `sql${String(number)}.contoso.com\\rtc`, mirror: `mir${String(number)}.contoso.com\\rtc` },
});
const edge: DeclaredPool = {
  fqdn: "edge.contoso.com",
  kind: "edge",
  site: "north",
  servers: servers("edge", 2),
  nextHop: "pool1.contoso.com",
};

export const standardAlone = make({ pools: [{ fqdn: "se.contoso.com", kind: "standard", site: "north" }] });

export const enterpriseUnmirrored = make({ pools: [enterprise(1)] });

export const enterpriseMirrored = make({ pools: [enterprise(1, mirrored(1))] });

export const enterpriseAlwaysOn = make({
  product: "sfb2015",
  pools: [enterprise(1, { backEnd: { instance: "sql1.contoso.com", listener: "ag.contoso.com" } })],
  sql: ["sql1", "sql2"].map((name) => ({
    instance: `${name}.contoso.com`,
    release: "2014" as const,
    edition: "enterprise" as const,
    availabilityGroups: [{ name: "ag", replicas: ["sql1.contoso.com", "sql2.contoso.com"] }],
  })),
});

export const pairedWithCentralManagement = make({
  pools: [
    enterprise(1, { ...mirrored(1), pairedWith: "pool2.contoso.com" }),
    enterprise(2, { ...mirrored(2), pairedWith: "pool1.contoso.com" }),
  ],
  centralManagement: { active: "pool1.contoso.com", standby: "pool2.contoso.com" },
});

export const withPersistentChat = make({
  pools: [
    enterprise(1),
    {
      fqdn: "chat.contoso.com",
      kind: "persistent-chat",
      site: "north",
      persistentChatStore: { instance: "chatsql.contoso.com", mirror: "chatmir.contoso.com" },
      complianceStore: { instance: "chatsql.contoso.com" },
      fileStore: String.raw`\\fs1.contoso.com\lync`,
    },
  ],
  sql: [
    {
      instance: "chatsql.contoso.com",
      release: "2012",
      edition: "standard",
      databases: [
        { name: "mgc", recovery: "full" },
        { name: "mgccomp", recovery: "simple" },
      ],
    },
  ],
});

export const withoutResponseGroups = make({ pools: [enterprise(1, { roles: ["conferencing", "call-park"] })] });

/** Archiving and Monitoring in the Back End itself, and messages are blocked where archiving fails. */
export const collocatedArchiving = make({
  pools: [enterprise(1, { roles: ["archiving", "monitoring", "announcement"] })],
  archiving: { blocksMessagesOnFailure: true },
});

export const withEdge = make({
  pools: [enterprise(1, { edge: "edge.contoso.com" }), edge],
  contactStore: "exchange",
});

export const withoutPersistentChat = make({
  product: "sfb2019",
  pools: [enterprise(1, { backEnd: { instance: "sql1.contoso.com", listener: "ag.contoso.com" } })],
});

/** Pools in pairs, each mirrored, with Archiving and Monitoring in one place. */
export function manyPools(count: number): Topology {
  const central = {
    instance: String.raw`central.contoso.com\archive`,
    mirror: String.raw`central2.contoso.com\archive`,
  };
  return make({
    pools: Array.from({ length: count }, (_, index) => {
      const number = index + 1;
      const partner = number % 2 === 1 ? number + 1 : number - 1;
      return enterprise(number, {
        ...mirrored(number),
        roles: ["conferencing", "response-group", "archiving", "monitoring"],
        pairedWith: `pool${String(partner)}.contoso.com`,
        archivingStore: central,
        monitoringStore: central,
      });
    }),
    centralManagement: { active: "pool1.contoso.com", standby: "pool2.contoso.com" },
  });
}

/** Any deployment of a few pools: mirrored or not, paired or not, with whatever roles and stores. */
export const anyTopology: fc.Arbitrary<Topology> = fc
  .record({
    product: fc.constantFrom("lync2013" as const, "sfb2015" as const, "sfb2019" as const, "sfbse" as const),
    shapes: fc.array(
      fc.record({
        standard: fc.boolean(),
        mirror: fc.boolean(),
        roles: fc.subarray(["response-group", "call-park", "announcement", "archiving", "monitoring"] as const),
        pairs: fc.boolean(),
        archive: fc.boolean(),
      }),
      { minLength: 1, maxLength: 6 },
    ),
    chat: fc.boolean(),
    archiving: fc.option(fc.record({ blocksMessagesOnFailure: fc.boolean(), toExchange: fc.boolean() }), {
      nil: undefined,
    }),
  })
  .map(({ product, shapes, chat, archiving }) => {
    const central = { instance: "central.contoso.com", mirror: "central2.contoso.com", reports: true };
    const pools = shapes.map(({ standard, mirror, roles, archive }, index): DeclaredPool => {
      const number = index + 1;
      const common = { roles: [...roles], ...(archive ? { archivingStore: central, monitoringStore: central } : {}) };
      if (!standard) return enterprise(number, { ...(mirror ? mirrored(number) : {}), ...common });
      return { fqdn: `se${String(number)}.contoso.com`, kind: "standard", site: "north", ...common };
    });
    for (let index = 0; index + 1 < pools.length; index += 2) {
      const [pool, partner] = [pools[index], pools[index + 1]];
      if (!pool || !partner || !shapes[index]?.pairs) continue;
      pool.pairedWith = partner.fqdn;
      partner.pairedWith = pool.fqdn;
    }
    const withChat = chat && (product === "lync2013" || product === "sfb2015");
    const chatPool: DeclaredPool = {
      fqdn: "chat.contoso.com",
      kind: "persistent-chat",
      site: "north",
      persistentChatStore: { instance: "chatsql.contoso.com", mirror: "chatmir.contoso.com" },
    };
    return make({ product, pools: withChat ? [...pools, chatPool] : pools, ...(archiving ? { archiving } : {}) });
  });
