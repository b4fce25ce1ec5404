import type { Release } from "../sql";
import type { Break } from "./breaks";
import type { Link } from "./links";

/** The server that a database is restored on, as far as somebody has found out; what is not known is not judged. */
export interface Destination {
  instance: string;
  /** Such as 11.0.7001.0. */
  version?: string;
  /** Thumbprints, as `sys.certificates` has them. */
  certificates?: readonly string[];
  /** Those that are there, by name. */
  databases?: readonly string[];
  /** Under which name it is restored; its own, if it has no other. */
  as?: string;
  /** Past the database of that name. */
  replaces?: boolean;
}

const SYSTEM = ["master", "model", "msdb", "tempdb"];

export function destinationBreak(links: readonly Link[], database: string, onto: Destination): Break | undefined {
  const { instance, version, certificates, databases, as = database, replaces = false } = onto;
  if (SYSTEM.includes(as.toLowerCase())) {
    return {
      code: "system-database",
      message: `${as} belongs to SQL Server itself: it is not restored like others, and nothing is restored over it.`,
    };
  }
  for (const link of links) {
    const { set, thumbprint, encrypted } = link;
    if (link.version !== undefined && version !== undefined && isNewer(link.version, version)) {
      return {
        code: "newer-version",
        set,
        message: `The backup in the set ${set} is of SQL Server ${link.version}, and ${instance} runs ${version}: an older server cannot restore it. Take one of the same version or a later one.`,
      };
    }
    if (!encrypted || certificates === undefined) continue;
    if (thumbprint !== undefined && certificates.some((one) => one.toLowerCase() === thumbprint.toLowerCase()))
      continue;
    return {
      code: "certificate",
      set,
      message: `The backup in the set ${set} is encrypted, and ${instance} does not have the certificate${
        thumbprint === undefined ? "" : ` with the thumbprint ${thumbprint}`
      }. Create it there from its own backup, with its private key.`,
    };
  }
  if (!replaces && databases?.some((one) => one.toLowerCase() === as.toLowerCase())) {
    return {
      code: "database-exists",
      message: `There is a database ${as} on ${instance} already. Restore under another name; or back up the tail of its log and ask for it to be replaced.`,
    };
  }
  return undefined;
}

const MAJOR: Readonly<Record<Release, string>> = {
  "2008R2": "10.50",
  "2012": "11.0",
  "2014": "12.0",
  "2016": "13.0",
  "2017": "14.0",
  "2019": "15.0",
  "2022": "16.0",
};

/** Those that restore all of these backups, as an instance calls itself. */
export const releasesFor = (links: readonly Link[]): string[] => [
  ...(Object.keys(MAJOR) as Release[]).filter((release) =>
    links.every(({ version }) => version === undefined || !isNewer(version, MAJOR[release])),
  ),
  "newer",
];

/** 10.50 of 2008 R2 is another version than 10.0; what comes after that is a matter of updates. */
function isNewer(theirs: string, ours: string): boolean {
  const [major = 0, minor = 0] = theirs.split(".").map(Number);
  const [ourMajor = 0, ourMinor = 0] = ours.split(".").map(Number);
  return major === ourMajor ? minor > ourMinor : major > ourMajor;
}
