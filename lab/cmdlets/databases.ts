import type { Pool, SqlStore, Topology } from "../../estate/documents";
import type { Holder } from "../../estate/catalogue";
import { databasesOf } from "../../estate/topology/databases";
import { instanceOf, storesOf } from "../../estate/topology/stores";
import { isMember, SQL_ADMINISTRATORS } from "../directory";
import type { Actor } from "../files";
import {
  answers,
  findDatabase,
  installDatabase,
  serverOf,
  servingCopy,
  type Database,
  type DatabaseName,
} from "../model/databases";
import type { World } from "../world";
import { CmdletRefusal, textOf, type Output, type Parameters } from "./refusal";
import { FRONT_ENDS, poolCalled, topologyFor } from "./stores";

/** The databases behind a deployment: made, looked at, and the two sides of a mirror. */

/** What a type of database comprises. */
const TYPES: Readonly<Record<string, Holder>> = {
  User: "back-end",
  Application: "back-end",
  CentralMgmt: "central-management",
  Archiving: "archiving",
  Monitoring: "monitoring",
  PersistentChat: "persistent-chat",
  PersistentChatCompliance: "compliance",
};
const APPLICATION_DATABASES = ["rgsconfig", "rgsdyn", "cpsdyn"];

interface Wanted {
  name: DatabaseName;
  holder: Holder;
  sql: SqlStore;
  pools: readonly Pool[];
}

const wantedBy = (topology: Topology): Wanted[] =>
  databasesOf(topology, storesOf(topology)).map(({ row, store: { holder, sql, pools } }) => {
    return { name: row.name as DatabaseName, holder, sql, pools };
  });

function isOfType({ name, holder }: { name: string; holder: Holder }, type: string | undefined): boolean {
  if (type === undefined) return true;
  if (TYPES[type] !== holder) return false;
  return holder !== "back-end" || APPLICATION_DATABASES.includes(name) === (type === "Application");
}

/** Those of a call: by what the topology wants on a server, or the Central Management store, wherever it is to be. */
function calledFor(world: World, actor: Actor, parameters: Parameters): Wanted[] {
  const server = (textOf(parameters, "SqlServerFqdn") ?? actor.host).toLowerCase();
  const instance = (textOf(parameters, "SqlInstanceName") ?? textOf(parameters, "ForInstance"))?.toLowerCase();
  const isThere = ({ sql }: Wanted): boolean =>
    serverOf(sql.instance) === server && (instance === undefined || sql.instance === `${server}\\${instance}`);
  if (parameters["CentralManagementDatabase"] !== true) {
    const type = textOf(parameters, "DatabaseType");
    return wantedBy(topologyFor(world, actor)).filter((one) => isThere(one) && isOfType(one, type));
  }
  // Whoever makes the store anew has no topology to go by but the one that was built.
  const known = wantedBy(world.deployment.topology).filter(
    (one) => one.holder === "central-management" && isThere(one),
  );
  if (known.length > 0) return known;
  const sql = { instance: instance === undefined ? server : `${server}\\${instance}`, reports: false };
  return (["xds", "lis"] as const).map((name) => ({ name, holder: "central-management", sql, pools: [] }));
}

export function installDatabases(world: World, actor: Actor, parameters: Parameters): Output {
  const { Clean: clean = false, Update: update = false } = parameters;
  if (clean === true && update === true) {
    throw new CmdletRefusal("ambiguous-parameters", "Clean and Update cannot be used in the same command.");
  }
  mustAdminister(world, actor);
  const version = world.computer(actor.host).lync?.version ?? "";
  for (const { name, holder, sql } of calledFor(world, actor, parameters)) {
    if (!answers(world, sql.instance)) {
      throw new CmdletRefusal("database-unreachable", `Cannot connect to the SQL Server ${sql.instance}.`);
    }
    const found = findDatabase(world, instanceOf(sql), name);
    if (found && found.copies.length > 1 && (clean === true || update === true)) {
      const message = `The database "${name}" on ${sql.instance} is mirrored: it cannot be dropped and made again.`;
      throw new CmdletRefusal("mirrored", message, "Run Uninstall-CsMirrorDatabase first.");
    }
    if (found?.contents && update === true) found.version = version;
    if (found?.contents && clean !== true) continue;
    installDatabase(world, {
      name,
      holder,
      store: instanceOf(sql),
      copies: [sql.instance],
      serving: sql.instance,
      version,
    });
  }
  return [];
}

function mustAdminister(world: World, { account }: Actor): void {
  if (isMember(world.directory, account, SQL_ADMINISTRATORS)) return;
  const message = `CREATE DATABASE permission denied: ${account} is no sysadmin of the SQL Server.`;
  throw new CmdletRefusal("not-authorised", message, "Make it one, there and on the SQL Server of the store.");
}

export function testDatabase(world: World, actor: Actor, parameters: Parameters): Output {
  const expected = world.computer(actor.host).lync?.version ?? "";
  if (parameters["LocalService"] === true) return [];
  return calledFor(world, actor, parameters).map(({ name, sql }) => {
    const database = findDatabase(world, instanceOf(sql), name);
    const serving = database?.contents ? servingCopy(world, database) : undefined;
    const installed = serving === undefined ? "" : (database?.version ?? "");
    const [server, instance] = [serverOf(sql.instance), sql.instance.split("\\")[1] ?? ""];
    return {
      SqlServerFqdn: server,
      SqlInstanceName: instance,
      MirrorSqlServerFqdn: sql.mirror === undefined ? "" : serverOf(sql.mirror),
      MirrorSqlInstanceName: sql.mirror?.split("\\")[1] ?? "",
      DatabaseName: name,
      DataSource: serving ?? sql.instance,
      ExpectedVersion: expected,
      InstalledVersion: installed,
      Succeed: installed === expected,
    };
  });
}

const NOT_ENABLED = "DatabaseInaccessibleOrMirroringNotEnabled";

export function getMirrorState(world: World, actor: Actor, parameters: Parameters): Output {
  const topology = topologyFor(world, actor, parameters);
  const pool = poolCalled(topology, textOf(parameters, "PoolFqdn") ?? "", [...FRONT_ENDS, "persistent-chat"]);
  const type = textOf(parameters, "DatabaseType");
  return wantedBy(topology)
    .filter(({ pools, sql }) => pools.some(({ fqdn }) => fqdn === pool.fqdn) && sql.mirror !== undefined)
    .filter((one) => isOfType(one, type))
    .map(({ name, sql }) => {
      const database = findDatabase(world, instanceOf(sql), name);
      const of = (copy: string): string => stateOf(world, database, copy);
      const both = [sql.instance, sql.mirror ?? ""].every((copy) => of(copy) !== NOT_ENABLED);
      return {
        DatabaseName: name,
        StateOnPrimary: of(sql.instance),
        StateOnMirror: of(sql.mirror ?? ""),
        MirroringStatusOnPrimary: statusOf(of(sql.instance), both),
        MirroringStatusOnMirror: statusOf(of(sql.mirror ?? ""), both),
      };
    });
}

function stateOf(world: World, database: Database | undefined, copy: string): string {
  const isMirrored = database?.contents && database.copies.length > 1 && database.copies.includes(copy);
  if (!isMirrored || !answers(world, copy)) return NOT_ENABLED;
  return database.serving === copy ? "Principal" : "Mirror";
}

const statusOf = (state: string, both: boolean): string =>
  state === NOT_ENABLED ? NOT_ENABLED : both ? "synchronized" : "disconnected";
