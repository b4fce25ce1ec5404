import type { Pool, Topology } from "../../estate/documents";
import { storesOf, instanceOf } from "../../estate/topology/stores";
import { readDocItems, writeDocItems, type DocItems } from "../docitems";
import { writeOnDisk, type Actor } from "../files";
import { serverOf } from "../model/databases";
import { poolsWithUsers, usersOf } from "../model/directory-users";
import { homeIn, takeRows } from "../model/homes";
import { servingPool } from "../model/pairing";
import { Directory, UserRow, type Directories, type UserRows } from "../model/users";
import { own, type World } from "../world";
import { asPlain, deliver, destination, fileIn, itemsOf, notReadable, received } from "./exports";
import { CmdletRefusal, textOf, type Output, type Parameters } from "./refusal";
import { configurationFor, contentsOfPool, FRONT_ENDS, nameInIdentity, poolCalled, topologyFor } from "./stores";

/** Contacts, conferences and conference directories of a pool. */

const OF = "UserData";
const USER = "urn:hcd:";
const DIRECTORY = "urn:confdir:";

type Rows = [string, UserRow][];

export async function exportUserData(world: World, actor: Actor, parameters: Parameters): Promise<Output> {
  const { pool, topology } = poolOfCall(world, actor, parameters);
  const to = destination(world, actor, parameters, { overwrites: true });
  const { homes } = contentsOfPool(world, actor, topology, pool, "back-end", "rtcxds");
  const { directories } = contentsOfPool(world, actor, topology, pool, "back-end", "rtcshared");
  const wanted = filterOf(world, actor, parameters);
  // Users of a partner that was failed over are served here too.
  const served = Object.values(homes).filter(({ standby }) => standby !== true);
  const rows = served.flatMap(({ users }) => Object.entries(users).filter(([sip]) => wanted.user(sip)));
  const { before, invalid } = untilInvalid(rows);
  const users: DocItems = { of: OF, items: before.map(([sip, row]) => [urnOf(sip), asPlain(row)]) };
  const found = Object.entries(directories).filter(([id]) => wanted.directory(id) && invalid === undefined);
  const shared: DocItems = { of: OF, items: found.map(([id, one]) => [`${DIRECTORY}${id}`, asPlain(one)]) };
  // The format of Lync Server 2010 is one XML document and no ZIP.
  if (parameters["LegacyFormat"] === true && to) {
    writeOnDisk(world, to, writeDocItems({ of: OF, items: [...users.items, ...shared.items] }));
  } else await deliver(world, to, { "DocItemSet.xml": users, "ConferenceDirectories.xml": shared });
  if (invalid === undefined) return [];
  // What came before it is in the file, which looks like any other, and stays.
  world.keep();
  const message = `"${invalid}" is not a valid uniform resource name`;
  throw new CmdletRefusal("invalid-urn", message, "Rename the user: no user after it was exported.");
}

const urnOf = (sip: string): string => `${USER}${sip.replace(/^sip:/, "")}`;

function untilInvalid(rows: Rows): { before: Rows; invalid?: string } {
  const at = rows.findIndex(([sip]) => /[\\/]/.test(sip));
  return at < 0 ? { before: rows } : { before: rows.slice(0, at), invalid: urnOf(rows[at]?.[0] ?? "") };
}

/** Comes into force when all Front Ends of the pool have been stopped, and one starts again. */
export async function importUserData(world: World, actor: Actor, parameters: Parameters): Promise<Output> {
  const { pool, topology } = poolOfCall(world, actor, parameters);
  const { homes } = contentsOfPool(world, actor, topology, pool, "back-end", "rtcxds");
  contentsOfPool(world, actor, topology, pool, "back-end", "rtcshared");
  const { users, directories } = await exported(world, actor, parameters);
  const home = (homes[pool.fqdn] ??= { users: {} });
  home.imported = {
    users: { ...home.imported?.users, ...users },
    directories: { ...home.imported?.directories, ...directories },
  };
  return [];
}

/** Merges into the data of those who are signed in: each user where his data live now. */
export async function updateUserData(world: World, actor: Actor, parameters: Parameters): Promise<Output> {
  const topology = topologyFor(world, actor);
  const target = textOf(parameters, "TargetPoolFqdn");
  const wanted = target === undefined ? undefined : poolCalled(topology, target).fqdn;
  const { users } = await exported(world, actor, parameters);
  for (const fqdn of poolsWithUsers(world)) {
    if (wanted !== undefined && fqdn !== wanted) continue;
    const theirs = usersOf(world, fqdn).flatMap(({ sip }) => {
      const row = own(users, sip);
      return row ? [[sip, row] as const] : [];
    });
    if (theirs.length === 0) continue;
    const registrar = topology.pools.find((pool) => pool.fqdn === fqdn);
    const pool = registrar?.registrar ?? fqdn;
    const serving = poolCalled(topology, servingPool(configurationFor(world, actor), topology, pool));
    const home = homeIn(contentsOfPool(world, actor, topology, serving, "back-end", "rtcxds"), pool);
    if (parameters["TestMode"] !== true) takeRows(world, home, Object.fromEntries(theirs));
  }
  return [];
}

async function exported(
  world: World,
  actor: Actor,
  parameters: Parameters,
): Promise<{ users: UserRows; directories: Directories }> {
  const wanted = filterOf(world, actor, parameters);
  const items =
    parameters["LegacyFormat"] === true
      ? legacy(world, actor, parameters)
      : await received(world, actor, parameters, OF);
  const users = itemsOf(items, USER, UserRow).map(([name, row]): [string, UserRow] => [`sip:${name}`, row]);
  return {
    users: Object.fromEntries(users.filter(([sip]) => wanted.user(sip))),
    directories: Object.fromEntries(itemsOf(items, DIRECTORY, Directory).filter(([id]) => wanted.directory(id))),
  };
}

function legacy(world: World, actor: Actor, parameters: Parameters): DocItems["items"] {
  const file = fileIn(world, actor, textOf(parameters, "FileName") ?? "");
  try {
    const { of, items } = readDocItems(file.toString("utf8"));
    if (of === OF) return items;
  } catch {
    // It is no XML.
  }
  throw notReadable("it is no XML of Lync Server 2010");
}

interface Filter {
  user: (sip: string) => boolean;
  directory: (id: string) => boolean;
}

/** Asked for one user, or for one directory, nothing else is exported or imported. */
function filterOf(world: World, actor: Actor, parameters: Parameters): Filter {
  const id = textOf(parameters, "ConfDirectoryFilter");
  const user = textOf(parameters, "UserFilter");
  const list = textOf(parameters, "UserFileFilter");
  const listed = list === undefined ? [] : fileIn(world, actor, list).toString("utf8").split(/\r?\n/);
  const names = [...(user === undefined ? [] : [user]), ...listed]
    .filter((name) => name !== "")
    .map((name) => name.toLowerCase().replace(/^sip:/, ""));
  const ofUsers = user !== undefined || list !== undefined;
  return {
    user: (sip) => (ofUsers ? names.includes(sip.toLowerCase().replace(/^sip:/, "")) : id === undefined),
    directory: (one) => (id === undefined ? !ofUsers : one === id),
  };
}

/** By pool, by the SQL Server of its user database, or by an instance on this computer. */
function poolOfCall(world: World, actor: Actor, parameters: Parameters): { topology: Topology; pool: Pool } {
  const topology = topologyFor(world, actor);
  const fqdn = textOf(parameters, "PoolFqdn");
  if (fqdn !== undefined) return { topology, pool: poolCalled(topology, fqdn) };
  const instance = textOf(parameters, "SqlInstanceName")?.toLowerCase();
  const identity = textOf(parameters, "Identity") ?? "";
  const server = instance === undefined ? nameInIdentity(identity, "UserDatabase") : undefined;
  const found = storesOf(topology).find(({ holder, sql, pools }) => {
    if (holder !== "back-end") return false;
    if (server === undefined) return sql.instance === `${actor.host}\\${String(instance)}`;
    return serverOf(sql.instance) === server || instanceOf(sql) === server || pools.some((one) => one.fqdn === server);
  })?.pools[0];
  if (found && FRONT_ENDS.includes(found.kind)) return { topology, pool: found };
  const what = server ?? `the instance ${String(instance)} on ${actor.host}`;
  throw new CmdletRefusal(
    "no-such-service",
    `Cannot find a user database on ${what}.`,
    "Get-CsService -UserDatabase lists them.",
  );
}
