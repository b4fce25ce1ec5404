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

/** Whether an account is in a group, through other groups too. */
export function isMember(directory: Directory, account: string, group: string): boolean {
  const member = account.toLowerCase();
  const seen = new Set<string>();
  const holds = (name: string): boolean => {
    if (seen.has(name)) return false;
    seen.add(name);
    const members = findAccount(directory, name)?.members ?? [];
    return members.some((one) => one.toLowerCase() === member || holds(one.toLowerCase()));
  };
  return holds(`${directory.netbios}\\${group}`.toLowerCase());
}

const RIGHTS = { read: 1, change: 2, full: 3 } as const;

/** Compares identifiers: the account's own, those of everyone who logged on, and those of its groups. */
export function permits(
  directory: Directory,
  account: string,
  entries: readonly AccessEntry[],
  need: AccessEntry["right"],
): boolean {
  const admitted = entries.flatMap(({ sid, right }) => (sid !== null && RIGHTS[right] >= RIGHTS[need] ? [sid] : []));
  const isAdmitted = (sid: string | null): boolean => sid !== null && admitted.includes(sid);
  if ([sidOf(directory, account), EVERYONE, AUTHENTICATED_USERS].some(isAdmitted)) return true;
  if (isAdmitted(ADMINISTRATORS.sid) && isMember(directory, account, "Domain Admins")) return true;
  return admitted.length > 0 && [...groupsOf(directory, account)].some((group) => isAdmitted(sidOf(directory, group)));
}
