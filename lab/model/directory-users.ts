import type { World } from "../world";
import type { ContactStore } from "./users";

/** Users, as the directory has them. No import of user data brings any of this back. */

export interface DirectoryUser {
  sip: string;
  name: string;
  lineUri: string | null;
  enterpriseVoice: boolean;
  /** Assigned by name: `Voice` → `Executives`. */
  policies: Record<string, string>;
  /** Where the contacts are kept: the unified contact store is in Exchange. */
  contactStore: ContactStore;
}

const PREFIX = "users-";
export const directoryUsersPart = (pool: string): string => `${PREFIX}${pool}`;
/** Those whose registrar pool it is: the pool is said by nothing else. */
export const usersOf = (world: World, pool: string): DirectoryUser[] =>
  (world.part(directoryUsersPart(pool)) as DirectoryUser[] | undefined) ?? [];
export const poolsWithUsers = (world: World): string[] => world.parts(PREFIX).map((part) => part.slice(PREFIX.length));

/** Everybody, by address in lower case. */
export function everyUser(world: World): Map<string, DirectoryUser> {
  const all = poolsWithUsers(world).flatMap((pool) => usersOf(world, pool));
  return new Map(all.map((user) => [user.sip.toLowerCase(), user]));
}
