import { isFrontEnd } from "../../estate/topology/stores";
import { allDatabases, findDatabase, servingCopy, storeOfPool, type Database } from "../model/databases";
import { poolsWithUsers, usersOf } from "../model/directory-users";
import type { Home, UserRow } from "../model/users";
import type { Random } from "../random";
import type { World } from "../world";
import { daysAfter, isWeekend, type EveryDay } from "./every-day";

/** What users do with their contacts and conferences, wherever they are served; and how they move from pool to pool. */

const TITLES = ["Weekly", "Review", "Planning", "Customer call", "One to one"] as const;
/** Conferences that were over for so long are removed. */
const KEPT_DAYS = 30;

/** On working days, one in ten finds a contact, loses one, or schedules a conference. */
export const users: EveryDay = (world, random, day) => {
  const past = daysAfter(day, -KEPT_DAYS);
  for (const { store, pool, home } of servedHomes(world)) {
    const sips = Object.keys(home.users);
    for (const row of Object.values(home.users)) {
      if (row.conferences.some(({ at }) => at < past)) row.conferences = row.conferences.filter(({ at }) => at >= past);
    }
    const count = isWeekend(day) ? 0 : Math.ceil(sips.length / 10);
    for (let turn = 0; turn < count; turn++) {
      const sip = sips[random.below(sips.length)] ?? "";
      const row = home.users[sip];
      const what = random.below(10);
      if (!row) continue;
      if (what >= 6) schedule(world, random, day, row, { store, pool });
      else if (row.contactStore === "lync") meetPeople(random, row, sip, sips, what);
    }
  }
};

function meetPeople(random: Random, row: UserRow, self: string, sips: readonly string[], what: number): void {
  const other = sips[random.below(sips.length)] ?? self;
  if (what < 4 && other !== self && !row.contacts.includes(other)) row.contacts.push(other);
  else if (what >= 4) row.contacts.splice(random.below(row.contacts.length + 1), 1);
}

/** Each conference has an ID for those who dial in. */
function schedule(world: World, random: Random, day: string, row: UserRow, of: { store: string; pool: string }): void {
  const id = random
    .below(36 ** 6)
    .toString(36)
    .toUpperCase();
  const hour = String(8 + random.below(9)).padStart(2, "0");
  const at = `${daysAfter(day, 1 + random.below(20))}T${hour}:00:00.000Z`;
  row.conferences.push({ id: id.padStart(8, "0"), title: random.pick(TITLES), at });
  const number = 1 + world.deployment.topology.pools.findIndex(({ fqdn }) => fqdn === of.pool);
  const shared = findDatabase(world, of.store, "rtcshared")?.contents;
  if (shared) (shared.directories[String(number)] ??= { issued: 0 }).issued++;
}

interface ServedHome {
  store: string;
  pool: string;
  home: Home;
}

/** Those whose users can work today: nobody is served from a standby, nor where no Back End answers. */
function servedHomes(world: World): ServedHome[] {
  return allDatabases(world).flatMap((database) => {
    const { name, store, contents } = database;
    if (name !== "rtcxds" || !contents || !("homes" in contents)) return [];
    if (servingCopy(world, database) === undefined) return [];
    return Object.entries(contents.homes).flatMap(([pool, home]) => (home.standby ? [] : [{ store, pool, home }]));
  });
}

/** Every fortnight or so somebody moves to another pool, with what the databases have of him. */
export const moves: EveryDay = (world, random, day) => {
  if (isWeekend(day) || random.below(10) > 0) return;
  const pools = poolsWithUsers(world).filter((pool) => homeOf(world, pool) !== undefined);
  const from = pools[random.below(pools.length)];
  const to = pools[random.below(pools.length)];
  if (from === undefined || to === undefined || from === to) return;
  const people = usersOf(world, from);
  const user = people[random.below(people.length)];
  const [old, next] = [homeOf(world, from), homeOf(world, to)];
  const row = user && old?.users[user.sip];
  if (!user || !old || !next || !row) return;
  people.splice(people.indexOf(user), 1);
  usersOf(world, to).push(user);
  Reflect.deleteProperty(old.users, user.sip);
  next.users[user.sip] = row;
};

/** Of a Front End pool whose users are served at home. */
function homeOf(world: World, fqdn: string): Home | undefined {
  const { topology } = world.deployment;
  const pool = topology.pools.find((one) => one.fqdn === fqdn);
  if (!pool || !isFrontEnd(pool)) return undefined;
  const database: Database<"rtcxds"> | undefined = findDatabase(
    world,
    storeOfPool(topology, pool, "back-end") ?? "",
    "rtcxds",
  );
  const home = database && servingCopy(world, database) !== undefined ? database.contents?.homes[fqdn] : undefined;
  return home?.standby ? undefined : home;
}
