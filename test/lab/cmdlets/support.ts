import fs from "node:fs";
import path from "node:path";
import { Topology, type Product } from "../../../estate/documents";
import { callCmdlet } from "../../../lab/cmdlets/call";
import { CmdletRefusal, type Output } from "../../../lab/cmdlets/refusal";
import { buildDeployment } from "../../../lab/deployments/build";
import { writeWhole } from "../../../lab/real";
import { findDatabase, storeOfPool, type Contents, type DatabaseName } from "../../../lab/model/databases";
import { Store } from "../../../lab/store";
import { inWorld, labMark, World, type LabDeployment } from "../../../lab/world";
import { BACKUP, temporaryFolder } from "../fixture";

/** A deployment with everything in it, and cmdlets called there. */

export const P1 = "pool1.contoso.com";
export const P2 = "pool2.contoso.com";
export const SE = "se.contoso.com";
export const FE = ["fe1a.contoso.com", "fe1b.contoso.com"] as const;
export const ADMIN = String.raw`CONTOSO\lync-admin`;
export const CHAT = String.raw`sql3.contoso.com\chat`;

const pool = (number: 1 | 2, extra: "witness" | "none") => ({
  fqdn: `pool${String(number)}.contoso.com`,
  kind: "enterprise" as const,
  site: number === 1 ? "north" : "south",
  servers: ["a", "b"].map((letter) => ({ fqdn: `fe${String(number)}${letter}.contoso.com` })),
  roles: ["conferencing", "response-group", "call-park", "announcement", "archiving", "monitoring"] as const,
  backEnd: {
    instance: `sql${String(number)}.contoso.com\\rtc`,
    mirror: `mir${String(number)}.contoso.com\\rtc`,
    ...(extra === "witness" ? { witness: `wit${String(number)}.contoso.com\\rtc` } : {}),
  },
  archivingStore: { instance: String.raw`sql3.contoso.com\archive` },
  monitoringStore: { instance: String.raw`sql3.contoso.com\archive` },
  fileStore: `\\\\fs${String(number)}.contoso.com\\lync`,
  pairedWith: number === 1 ? P2 : P1,
});

export function everything(product: Product = "lync2013"): Topology {
  const chats = product === "lync2013" || product === "sfb2015";
  const { backEnd, ...second } = pool(2, "witness");
  return Topology.make({
    deployment: "contoso",
    product,
    domain: "contoso.com",
    sites: [{ name: "north" }, { name: "south" }],
    pools: [
      { ...pool(1, "none"), roles: [...pool(1, "none").roles] },
      { ...second, roles: [...second.roles], backEnd },
      { fqdn: SE, kind: "standard", site: "north", roles: ["response-group"] },
      { fqdn: "edge.contoso.com", kind: "edge", site: "north", nextHop: P1 },
      { fqdn: "sba.contoso.com", kind: "branch", site: "south", registrar: P2 },
      ...(chats
        ? [
            {
              fqdn: "chat.contoso.com",
              kind: "persistent-chat" as const,
              site: "north",
              persistentChatStore: { instance: CHAT },
              complianceStore: { instance: CHAT },
            },
          ]
        : []),
    ],
    centralManagement: { active: P1, standby: P2 },
    contactStore: "mixed",
  });
}

/** A folder with a world of its own. */
export async function labOf(made: LabDeployment): Promise<string> {
  const folder = path.join(temporaryFolder(), ".lab");
  fs.mkdirSync(folder, { recursive: true });
  await new Store(folder).transaction((transaction) => {
    new World(folder, transaction).fill(made);
    transaction.commit();
    writeWhole(labMark(folder), "{}\n");
  });
  return folder;
}

export const lab = (topology = everything(), usersPerPool = 6): Promise<string> =>
  labOf(buildDeployment(topology, { seed: "test", usersPerPool }));

export interface Call {
  cmdlet: string;
  parameters?: Record<string, unknown>;
  host?: string;
  account?: string;
  logon?: "batch" | "network";
}

export const FOLDER = String.raw`C:\ProgramData\LyncBackup`;
export const file = (name: string): string => `${FOLDER}\\${name}`;
export const realOf = (folder: string, name: string, host: string = FE[0]): string =>
  path.join(folder, "files", host, "c", "ProgramData", "LyncBackup", name);

export const call = (
  folder: string,
  cmdlet: string,
  parameters: Record<string, unknown> = {},
  { host = FE[0], account = BACKUP, logon = "batch" as const }: Omit<Partial<Call>, "cmdlet" | "parameters"> = {},
): Promise<Output> =>
  inWorld(new Store(folder), (world) => {
    fs.mkdirSync(path.dirname(realOf(folder, "x", host)), { recursive: true });
    return callCmdlet(world, { host, account, logon }, cmdlet, parameters);
  });

export const USERS = file("Users.zip");
export const exportUsers = (folder: string, PoolFqdn = P1): Promise<unknown> =>
  call(folder, "Export-CsUserData", { PoolFqdn, FileName: USERS });

/** Undefined: it did not refuse. */
export const refusalOf = (called: Promise<unknown>): Promise<string | undefined> =>
  called.then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof CmdletRefusal || (error instanceof Error && error.name === "FileError")) {
        return String((error as Error & { code: string }).code);
      }
      throw error;
    },
  );

export const look = <T>(folder: string, what: (world: World) => T): Promise<T> => inWorld(new Store(folder), what);

/** What a pool has in one of its databases, as it is now. */
export const contents = <N extends DatabaseName>(folder: string, fqdn: string, name: N): Promise<Contents[N]> =>
  look(folder, (world) => structuredClone(contentsNow(world, fqdn, name)));

export function contentsNow<N extends DatabaseName>(world: World, fqdn: string, name: N): Contents[N] {
  const { topology } = world.deployment;
  const found = topology.pools.find((one) => one.fqdn === fqdn);
  const holder = HOLDERS[name] ?? "back-end";
  const store = (found && storeOfPool(topology, found, holder)) ?? "";
  const database = findDatabase(world, store, name);
  if (!database?.contents) throw new Error(`${name} of ${fqdn} is not there`);
  return database.contents;
}

const HOLDERS: Partial<Record<DatabaseName, Parameters<typeof storeOfPool>[2]>> = {
  xds: "central-management",
  lis: "central-management",
  LcsLog: "archiving",
  mgc: "persistent-chat",
};

/** All Front Ends of a pool down, then all up again. */
export async function restart(folder: string, servers: readonly string[] = FE): Promise<void> {
  for (const host of servers) await call(folder, "Stop-CsWindowsService", {}, { host });
  for (const host of servers) await call(folder, "Start-CsWindowsService", {}, { host });
}
