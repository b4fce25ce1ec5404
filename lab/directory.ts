import type { AccessEntry } from "../estate/documents";

/** Active Directory, as far as backups meet it: accounts with identifiers, groups with members, managed accounts. */
export interface Directory {
  /** `CONTOSO`, as it stands before the backslash. */
  netbios: string;
  sid: string;
  nextRid: number;
  /** By name in lower case. */
  accounts: Record<string, DirectoryAccount>;
}

export interface DirectoryAccount {
  /** `CONTOSO\lync-backup$`, as it is written there. */
  name: string;
  sid: string;
  kind: "user" | "managed" | "computer" | "group";
  /** Of a group: names of accounts. */
  members?: string[];
  /** Of a managed account: computers that may use it. */
  installedOn?: string[];
}

export const ADMINISTRATORS: AccessEntry = {
  account: String.raw`BUILTIN\Administrators`,
  sid: "S-1-5-32-544",
  right: "full",
};
export const SYSTEM: AccessEntry = { account: String.raw`NT AUTHORITY\SYSTEM`, sid: "S-1-5-18", right: "full" };
const EVERYONE = "S-1-1-0";
const AUTHENTICATED_USERS = "S-1-5-11";
export const UNIVERSAL_SERVER_ADMINS = "RTCUniversalServerAdmins";
/** Whoever is in it has the right to back up files, on every computer. */
export const BACKUP_OPERATORS = "Backup Operators";
/** Whoever is in it is sysadmin on every SQL Server of the deployment. */
export const SQL_ADMINISTRATORS = "sql-administrators";

export function findAccount(directory: Directory, name: string): DirectoryAccount | undefined {
  return directory.accounts[name.toLowerCase()];
}

export function addAccount(
  directory: Directory,
  name: string,
  more: Omit<DirectoryAccount, "name" | "sid">,
): DirectoryAccount {
  const account = {
    name: `${directory.netbios}\\${name}`,
    sid: `${directory.sid}-${String(directory.nextRid++)}`,
    ...more,
  };
  directory.accounts[account.name.toLowerCase()] = account;
  return account;
}

export const sidOf = (directory: Directory, name: string): string | null => findAccount(directory, name)?.sid ?? null;

/** Names of the groups that an account is in, through other groups too. */
export function groupsOf(directory: Directory, name: string): Set<string> {
  const groupsWith = new Map<string, string[]>();
  for (const { name: group, members = [] } of Object.values(directory.accounts)) {
    for (const member of members) {
      const key = member.toLowerCase();
      const groups = groupsWith.get(key);
      if (groups) groups.push(group);
      else groupsWith.set(key, [group]);
    }
  }
  const found = new Set<string>();
  const look = (member: string): void => {
    for (const group of groupsWith.get(member.toLowerCase()) ?? []) {
      if (found.has(group)) continue;
      found.add(group);
      look(group);
    }
  };
  look(name);
  return found;
}

export function isMember(directory: Directory, account: string, group: string): boolean {
  return isAmong(directory, groupsOf(directory, account), group);
}

function isAmong({ netbios }: Directory, groups: ReadonlySet<string>, group: string): boolean {
  const wanted = `${netbios}\\${group}`.toLowerCase();
  return [...groups].some((name) => name.toLowerCase() === wanted);
}

/** What an access check compares: the account's identifier, its groups', and what everyone who logged on has. */
export function tokenOf(directory: Directory, account: string): Set<string> {
  const groups = groupsOf(directory, account);
  const sids = [account, ...groups].flatMap((name) => sidOf(directory, name) ?? []);
  const administrator = isAmong(directory, groups, "Domain Admins") ? [ADMINISTRATORS.sid ?? ""] : [];
  return new Set([...sids, ...administrator, EVERYONE, AUTHENTICATED_USERS]);
}

const RIGHTS = { read: 1, change: 2, full: 3 } as const;
export function permits(
  entries: readonly AccessEntry[],
  token: ReadonlySet<string>,
  need: AccessEntry["right"],
): boolean {
  return entries.some((entry) => entry.sid !== null && token.has(entry.sid) && RIGHTS[entry.right] >= RIGHTS[need]);
}
