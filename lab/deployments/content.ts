import { createHash } from "node:crypto";
import type { Pool, Topology } from "../../estate/documents";
import { isFrontEnd } from "../../estate/topology/stores";
import { keepReplicas } from "../model/central-management";
import type { Configuration } from "../model/configuration";
import { contactObjectsPart, type ContactObjects } from "../model/contact-objects";
import { databaseParts, storeOfPool, type Contents, type Database, type DatabaseName } from "../model/databases";
import { directoryUsersPart } from "../model/directory-users";
import { locationOf, type Locations } from "../model/locations";
import type { PersistentChat } from "../model/persistent-chat";
import { addRecords, emptyRecords, type Records } from "../model/records";
import { DEFAULT_SETTINGS, type ResponseGroups } from "../model/response-groups";
import { randomFrom } from "../random";
import { peopleOf } from "./people";
import { policiesFor } from "./policies";

/** What a deployment has in its databases and in the directory when the lab begins. The same for the same seed. */

export interface Size {
  seed: string;
  usersPerPool: number;
}

export function contentOf(topology: Topology, version: string, { seed, usersPerPool }: Size): Record<string, unknown> {
  const databases = databaseParts(topology, version);
  const put = <N extends DatabaseName>(
    store: string | undefined,
    name: N,
    fill: (contents: Contents[N]) => void,
  ): void => {
    const found = Object.values(databases).find((one) => one.store === store && one.name === name);
    if (found?.contents) fill(found.contents as Contents[N]);
  };
  const contacts: ContactObjects = {};
  const users: Record<string, unknown> = {};
  for (const [index, pool] of topology.pools.entries()) {
    const number = String(index + 1);
    const home = pool.kind === "branch" ? topology.pools.find(({ fqdn }) => fqdn === pool.registrar) : pool;
    if (!home || !(isFrontEnd(home) || pool.kind === "persistent-chat")) continue;
    const people = peopleOf(topology, pool, pool.kind === "persistent-chat" ? 0 : usersPerPool, seed);
    const sips = people.directory.map(({ sip }) => sip);
    if (pool.kind !== "persistent-chat") users[directoryUsersPart(pool.fqdn)] = people.directory;
    const backEnd = storeOfPool(topology, home, "back-end");
    put(backEnd, "rtcxds", ({ homes }) => {
      Object.assign((homes[home.fqdn] ??= { users: {} }).users, people.rows);
    });
    if (pool === home) put(backEnd, "rtcshared", ({ directories }) => (directories[number] = { issued: sips.length }));
    if (pool.roles.includes("response-group")) {
      const groups = groupsOf(pool, number, sips);
      put(backEnd, "rgsconfig", (contents) => Object.assign(contents, groups));
      for (const { id, primaryUri } of groups.workflows) contacts[primaryUri] = { pool: pool.fqdn, workflow: id };
    }
    put(storeOfPool(topology, pool, "persistent-chat"), "mgc", (chat) => Object.assign(chat, chatOf(pool, number)));
  }
  for (const database of Object.values(databases)) {
    if (["LcsLog", "LcsCDR", "QoEMetrics", "mgccomp"].includes(database.name)) fillRecords(database, seed);
  }
  const configuration: Configuration = {
    serial: 1,
    changedAt: "2026-02-27T16:00:00.000Z",
    topology,
    policies: policiesFor(topology),
  };
  for (const database of Object.values(databases)) {
    if (database.name === "xds") database.contents = structuredClone(configuration);
  }
  const active = topology.pools.find(({ fqdn }) => fqdn === topology.centralManagement.active);
  const draft = locationsOf(topology);
  put(active && storeOfPool(topology, active, "central-management"), "lis", (lis) => {
    Object.assign(lis, { draft, published: structuredClone(draft) });
  });
  return { ...databases, ...users, ...keepReplicas(configuration), [contactObjectsPart]: contacts };
}

const idOf = (...words: string[]): string => createHash("sha256").update(words.join(" ")).digest("hex").slice(0, 12);

function groupsOf(pool: Pool, number: string, sips: readonly string[]): ResponseGroups {
  const owned = (kind: string, name: string) => ({ id: idOf(kind, pool.fqdn, name), name, owner: pool.fqdn });
  const audio = { ...owned("audio", `Welcome ${number}`), bytes: 184_320, sha256: idOf("welcome", pool.fqdn) };
  const hours = { ...owned("hours", `Office ${number}`), days: { Monday: "08:00-18:00", Friday: "08:00-16:00" } };
  const holidays = { ...owned("holidays", `Holidays ${number}`), days: ["2026-12-25", "2027-01-01"] };
  const names = ["Helpdesk", "Reception"].map((name) => `${name} ${number}`);
  const agentGroups = names.map((name, index) => ({
    ...owned("agents", name),
    agents: sips.slice(index * 3, index * 3 + 3),
    routing: "LongestIdle",
    alertSeconds: 20,
  }));
  const queues = names.map((name, index) => ({
    ...owned("queue", name),
    agentGroups: agentGroups.slice(index, index + 1).map(({ id }) => id),
    overflow: index === 0 ? 10 : null,
  }));
  const workflows = names.map((name, index) => ({
    ...owned("workflow", name),
    primaryUri: `sip:rgs-${String(index + 1)}@${pool.fqdn}`,
    number: `tel:+4144${number.padStart(3, "0")}000${String(index)}`,
    language: "de-DE",
    queue: queues[index]?.id ?? "",
    hours: hours.id,
    holidays: [holidays.id],
    music: audio.id,
  }));
  const settings = { ...DEFAULT_SETTINGS, musicOnHold: "hold.wma", ringBackGraceSeconds: 30 };
  return { agentGroups, queues, hours: [hours], holidays: [holidays], audio: [audio], workflows, settings };
}

function chatOf(pool: Pool, number: string): PersistentChat {
  const principals = ["ada", "ben", "carla"].map((name) => ({ sip: `sip:${name}${number}@${pool.fqdn}`, name }));
  const sips = principals.map(({ sip }) => sip);
  const categories = ["Projects", "Support"].map((name) => ({
    id: idOf("category", pool.fqdn, name),
    name,
    allowed: sips,
  }));
  const rooms = categories.flatMap((category) =>
    ["Alpha", "Beta"].map((name) => ({
      id: idOf("room", category.id, name),
      name: `${category.name} ${name}`,
      category: category.id,
      members: sips,
      managers: sips.slice(0, 1),
      disabled: false,
    })),
  );
  const messages = rooms.flatMap(({ id: room }) =>
    sips.map((author, index) => ({
      room,
      number: index + 1,
      at: new Date(Date.UTC(2026, 1, 20 + index, 10)).toISOString(),
      author,
      text: `Message ${String(index + 1)}`,
    })),
  );
  return { principals, categories: categories.map((one) => ({ ...one, disabled: false })), rooms, messages };
}

function fillRecords(database: Database, seed: string): void {
  const random = randomFrom(`${seed} ${database.store} ${database.name}`);
  const kinds = database.name === "LcsLog" ? (["messages", "conferences"] as const) : (["rows"] as const);
  const records: Records = emptyRecords();
  for (let day = 1; day <= 28; day++) {
    const name = new Date(Date.UTC(2026, 1, day)).toISOString().slice(0, 10);
    for (const kind of kinds) addRecords(records, name, { [kind]: 20 + random.below(200) });
  }
  database.contents = records;
}

/** A building for each site, with three floors, each a subnet, a switch and an access point. */
function locationsOf({ sites, deployment }: Topology): Locations {
  const made: Locations = { locations: [], elements: [] };
  for (const [site, { name }] of sites.entries()) {
    for (const [floor, place] of ["Ground floor", "First floor", "Second floor"].entries()) {
      const address = { company: deployment, street: `Bahnhofstraße ${String(site + 1)}`, city: name, country: "CH" };
      const location = locationOf({ place, ...address });
      const hex = `${site.toString(16).padStart(2, "0")}-${floor.toString(16).padStart(2, "0")}`;
      made.locations.push(location);
      made.elements.push(
        { kind: "subnet", id: `10.${String(site + 1)}.${String(floor)}.0`, location: location.id },
        { kind: "switch", id: `00-1a-2b-3c-${hex}`, location: location.id },
        { kind: "port", id: `00-1a-2b-3c-${hex} Gi1/0/1`, location: location.id },
        { kind: "access-point", id: `00-1a-2b-4d-${hex}`, location: location.id },
      );
    }
  }
  return made;
}
