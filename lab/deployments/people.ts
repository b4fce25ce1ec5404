import type { Pool, Topology } from "../../estate/documents";
import type { DirectoryUser } from "../model/directory-users";
import type { UserRow, UserRows } from "../model/users";
import { randomFrom } from "../random";
import { TAGS } from "./policies";

/** Users of a pool: who they are, whom they know, and when they meet. */

const FIRST = ["Ada", "Ben", "Carla", "Dario", "Eva", "Finn", "Grete", "Hugo", "Ines", "Jan", "Kira", "Leo"] as const;
const LAST = ["Meier", "Novak", "Olsen", "Petit", "Rossi", "Santos", "Toth", "Unger", "Vogel", "Weber"] as const;
const MEETINGS = ["Weekly", "Review", "Planning", "Handover", "Customer call", "Quarterly"] as const;

export interface People {
  directory: DirectoryUser[];
  rows: UserRows;
}

export function peopleOf(topology: Topology, pool: Pool, count: number, seed: string): People {
  const random = randomFrom(`${seed} ${pool.fqdn}`);
  const number = topology.pools.indexOf(pool) + 1;
  const domain = topology.domain;
  const directory = Array.from({ length: count }, (_, index): DirectoryUser => {
    const [first, last] = [random.pick(FIRST), random.pick(LAST)];
    const id = `${String(number)}${String(index).padStart(4, "0")}`;
    return {
      sip: `sip:${first}.${last}${id}@${domain}`.toLowerCase(),
      name: `${first} ${last} ${id}`,
      lineUri: random.below(3) === 0 ? null : `tel:+4144${id};ext=${id}`,
      enterpriseVoice: random.below(2) === 0,
      policies: random.below(4) === 0 ? { Voice: random.pick(TAGS), Client: random.pick(TAGS) } : {},
      contactStore: contactStoreOf(topology, index),
    };
  });
  const conferences = (many: number): UserRow["conferences"] =>
    Array.from({ length: many }, () => ({
      id: random
        .below(36 ** 8)
        .toString(36)
        .toUpperCase()
        .padStart(8, "0"),
      title: random.pick(MEETINGS),
      at: new Date(Date.UTC(2026, 2, 1 + random.below(60), 8 + random.below(9))).toISOString(),
    }));
  const rows = directory.map(({ sip, contactStore }): [string, UserRow] => {
    const known = Array.from({ length: random.below(8) }, () => directory[random.below(count)]?.sip ?? sip);
    const contacts = contactStore === "exchange" ? [] : [...new Set(known)].filter((one) => one !== sip);
    return [sip, { contactStore, contacts, conferences: conferences(random.below(3)) }];
  });
  return { directory, rows: Object.fromEntries(rows) };
}

function contactStoreOf({ contactStore }: Topology, index: number): DirectoryUser["contactStore"] {
  if (contactStore === "mixed") return index % 3 === 0 ? "exchange" : "lync";
  return contactStore ?? "lync";
}
