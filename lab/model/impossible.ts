import { serversOf } from "../../estate/documents";
import { isFrontEnd } from "../../estate/topology/stores";
import type { World } from "../world";
import { masterOf } from "./central-management";
import { contactObjects } from "./contact-objects";
import { allDatabases, type Contents, type Database, type DatabaseName } from "./databases";
import { everyUser, poolsWithUsers, usersOf, type DirectoryUser } from "./directory-users";
import { locationProblems } from "./locations";
import { chatProblems } from "./persistent-chat";
import { ALL_KINDS, groupProblems, type GroupObject } from "./response-groups";
import { serviceProblems } from "./services";
import type { UserRows } from "./users";

/** What no deployment can ever be in, whatever was done to it, as sentences. Nothing: the world is sound. */
export function impossible(world: World): string[] {
  const databases = allDatabases(world);
  const users = everyUser(world);
  return [
    ...databases.flatMap(databaseProblems),
    ...contentsOf(databases, "rgsconfig").flatMap(groupProblems),
    ...nameProblems(
      world,
      contentsOf(databases, "rgsconfig").flatMap((groups) => ALL_KINDS.map((kind) => groups[kind])),
    ),
    ...contentsOf(databases, "lis").flatMap(({ draft, published }) => [
      ...locationProblems(draft),
      ...(published ? locationProblems(published) : []),
    ]),
    ...contentsOf(databases, "mgc").flatMap(chatProblems),
    ...userProblems(world),
    ...contentsOf(databases, "rtcxds").flatMap(({ homes }) =>
      Object.values(homes).flatMap((home) => rowProblems(users, home.users)),
    ),
    ...storeProblems(world),
    ...world.computers().flatMap((fqdn) => serviceProblems(world.computer(fqdn))),
  ];
}

const contentsOf = <N extends DatabaseName>(databases: readonly Database[], name: N): Contents[N][] =>
  databases.flatMap((database) =>
    database.name === name && database.contents ? [database.contents as Contents[N]] : [],
  );

function databaseProblems({ name, store, copies, contents }: Database): string[] {
  const where = `${name} of ${store}`;
  return [
    ...(contents === null && copies.length > 0 ? [`${where} has copies and no contents`] : []),
    ...(contents !== null && copies.length === 0 ? [`${where} has contents and is nowhere`] : []),
    ...(new Set(copies).size < copies.length ? [`${where} is twice in the same place`] : []),
  ];
}

/** The same object may be in several pools; two objects never have one name. */
function nameProblems(world: World, lists: readonly (readonly GroupObject[])[]): string[] {
  const ids = new Map<string, string>();
  const problems = lists.flatMap((list, index) =>
    list.flatMap(({ id, name }) => {
      const key = `${String(index % ALL_KINDS.length)} ${name.toLowerCase()}`;
      const found = ids.get(key);
      ids.set(key, id);
      return found === undefined || found === id ? [] : [`two objects of Response Group are called ${name}`];
    }),
  );
  const pools = new Set(world.deployment.topology.pools.map(({ fqdn }) => fqdn));
  const strays = Object.entries(contactObjects(world)).filter(([, { pool }]) => !pools.has(pool));
  return [...problems, ...strays.map(([uri, { pool }]) => `${uri} belongs to ${pool}, which there is not`)];
}

function userProblems(world: World): string[] {
  const seen = new Set<string>();
  return poolsWithUsers(world).flatMap((pool) =>
    usersOf(world, pool).flatMap(({ sip, lineUri }) =>
      [sip, ...(lineUri === null ? [] : [lineUri])].flatMap((address) => {
        const known = seen.has(address.toLowerCase());
        seen.add(address.toLowerCase());
        return known ? [`two users have ${address}`] : [];
      }),
    ),
  );
}

function rowProblems(users: ReadonlyMap<string, DirectoryUser>, rows: UserRows): string[] {
  return Object.entries(rows).flatMap(([sip, { contactStore, contacts, corrupted }]) => {
    const current = users.get(sip.toLowerCase())?.contactStore ?? contactStore;
    return [
      ...(current === contactStore ? [] : [`${sip} has contacts in ${contactStore} and belongs to ${current}`]),
      ...(contactStore === "exchange" && contacts.length > 0 && corrupted !== true
        ? [`${sip} has contacts in both stores`]
        : []),
    ];
  });
}

function storeProblems(world: World): string[] {
  const { topology, store } = world.deployment;
  const servers = topology.pools.filter(isFrontEnd).flatMap(serversOf);
  const names = (masterOf(world)?.contents?.policies ?? []).map(({ kind, identity }) => `${kind} ${identity}`);
  return [
    ...(servers.includes(store.master) ? [] : [`${store.master} is master of the store, and no Front End`]),
    ...(new Set(names).size < names.length ? ["two settings have one identity"] : []),
  ];
}
