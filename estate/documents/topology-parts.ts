import { z } from "zod";
import { Fqdn, Name, Product, SqlInstanceName, UncPath, Version } from "./common";

/** What a topology consists of. */

export const Server = z.strictObject({
  fqdn: Fqdn,
  site: Name.optional().describe("Where it differs from the pool's"),
});

export const PoolKind = z.enum([
  "enterprise",
  "standard",
  "director",
  "mediation",
  "edge",
  "persistent-chat",
  "trusted-application",
  "branch",
]);
export type PoolKind = z.infer<typeof PoolKind>;

/** Those that users are homed on. */
export const FRONT_END_POOLS: readonly PoolKind[] = ["enterprise", "standard"];

/** What stores data, or decides who backs it up. */
export const Role = z.enum([
  "response-group",
  "call-park",
  "announcement",
  "conferencing",
  "archiving",
  "monitoring",
  "persistent-chat",
  "e911",
]);
export type Role = z.infer<typeof Role>;

export const SqlStore = z.strictObject({
  instance: SqlInstanceName,
  mirror: SqlInstanceName.optional(),
  witness: SqlInstanceName.optional(),
  listener: Fqdn.optional().describe("Of an availability group"),
  reports: z.boolean().default(false).describe("Reporting Services for the monitoring reports live here"),
});
export type SqlStore = z.infer<typeof SqlStore>;

export const Pool = z.strictObject({
  fqdn: Fqdn,
  kind: PoolKind,
  site: Name,
  product: Product.optional().describe("Where it differs from the deployment's: products coexist"),
  cumulativeUpdate: Version.optional(),
  servers: z.array(Server).default([]).describe("None: the pool is one server of the pool's own name"),
  roles: z.array(Role).default([]),
  backEnd: SqlStore.optional().describe("Enterprise and Persistent Chat pools. Standard Edition has its own"),
  fileStore: UncPath.optional(),
  pairedWith: Fqdn.optional(),
  edge: Fqdn.optional().describe("The Edge pool for media"),
  nextHop: Fqdn.optional().describe("Edge pools: the pool they hand calls to"),
  archivingStore: SqlStore.optional(),
  monitoringStore: SqlStore.optional(),
  persistentChatStore: SqlStore.optional(),
  complianceStore: SqlStore.optional(),
  complianceAdapter: z.boolean().optional().describe("Drains the compliance store, which is transient then"),
  registrar: Fqdn.optional().describe("Branch pools: the pool in which the data of their users live"),
});
export type Pool = z.infer<typeof Pool>;

export const SqlInstance = z.strictObject({
  instance: SqlInstanceName,
  release: z.enum(["2008R2", "2012", "2014", "2016", "2017", "2019", "2022"]),
  edition: z.enum(["express", "standard", "enterprise", "developer"]),
  agent: z.boolean().optional().describe("SQL Server Agent; Express has none"),
  serviceAccount: z.string().optional().describe("Writes the backup files; a virtual account comes as the computer's"),
  port: z.int().min(1).max(65535).optional(),
  nodes: z.array(Fqdn).optional().describe("Of a failover cluster: where jobs are placed"),
  availabilityGroups: z
    .array(z.strictObject({ name: z.string().min(1), replicas: z.array(SqlInstanceName).min(2) }))
    .default([]),
  databases: z
    .array(
      z.strictObject({
        name: z.string().min(1).max(128),
        recovery: z.enum(["simple", "full", "bulk-logged"]).optional(),
      }),
    )
    .optional(),
});
export type SqlInstance = z.infer<typeof SqlInstance>;

export const TOPOLOGY = {
  deployment: Name.describe("What reports call it"),
  product: Product.describe("Of all pools that say no other"),
  cumulativeUpdate: Version.optional().describe("A restore needs the same level"),
  domain: Fqdn.describe("The directory domain of its computers"),
  sites: z
    .array(
      z.strictObject({
        name: Name.describe("By which pools name it"),
        title: z.string().optional().describe("As people call it"),
        federationRoute: Fqdn.optional().describe("The Edge pool for federation"),
        xmppRoute: Fqdn.optional().describe("The Edge pool for XMPP federation"),
      }),
    )
    .min(1)
    .describe("Sites of the topology, as Topology Builder has them"),
  pools: z.array(Pool).min(1).describe("Every pool, and every server that is one by itself"),
  sql: z.array(SqlInstance).default([]).describe("What is known of the SQL Server instances behind the stores"),
  fileStores: z
    .array(
      z.strictObject({
        path: UncPath.describe("The share"),
        dfs: z.boolean().default(false).describe("In a DFS namespace"),
      }),
    )
    .default([])
    .describe("Those of the pools are known from there; this adds what is known of each"),
  centralManagement: z
    .strictObject({
      active: Fqdn.describe("The pool that hosts it"),
      standby: Fqdn.optional().describe("The pool that holds the standby"),
      store: SqlStore.optional().describe("Where it is not the Back End of its pool"),
    })
    .describe("Where the Central Management store is"),
  archiving: z
    .strictObject({
      blocksMessagesOnFailure: z.boolean().default(false).describe("Then archiving is needed for service"),
      toExchange: z.boolean().default(false).describe("Archives are kept by Exchange"),
    })
    .optional()
    .describe("What is configured of archiving"),
  contactStore: z
    .enum(["lync", "exchange", "mixed"])
    .optional()
    .describe("Where contact lists are kept; user data are imported under the mode of their export"),
};
export type TopologyParts = z.infer<z.ZodObject<typeof TOPOLOGY>>;
