/** Windows paths, as Windows takes them. */

/** What Windows answers; the code is its own. */
export class FileError extends Error {
  override readonly name = "FileError";
  constructor(
    readonly code:
      "network-path-not-found" | "path-not-found" | "path-too-long" | "access-denied" | "disk-full" | "in-use",
    message: string,
  ) {
    super(message);
  }
}

/** Where a path leads: whose disk it is on, and how that computer itself names it. */
export interface Place {
  host: string;
  local: string;
}

/** What lies below a place. */
export const below = ({ host, local }: Place, ...names: string[]): Place => ({
  host,
  local: joinWindows(local, ...names),
});

/** The folder that a place is in. */
export const parentOf = ({ host, local }: Place): Place => ({ host, local: local.replace(/[\\/]+[^\\/]*[\\/]*$/, "") });

export const joinWindows = (...parts: string[]): string =>
  parts
    .map((part) => part.replaceAll("/", "\\"))
    .reduce((path, part) => (path.endsWith("\\") ? path + part : `${path}\\${part}`));

/** Windows PowerShell ends here, whatever the file system takes. */
const LONGEST = 259;

interface Parts {
  drive: string;
  names: readonly string[];
  key: string;
}

/** Paths are asked for again and again. */
const known = new Map<string, Parts>();
const MOST_KNOWN = 500;

/** Drive and names of a local path: dots and spaces at the end of a name are not part of it. */
export function partsOf(local: string): Parts {
  let parts = known.get(local);
  if (!parts) {
    parts = takenApart(local);
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(local, parts);
  }
  return parts;
}

function takenApart(local: string): Parts {
  const [drive = "", ...rest] = local.split(/[\\/]/).filter((part) => part !== "");
  if (!/^[A-Za-z]:$/.test(drive)) throw new FileError("path-not-found", `${local} is no local path.`);
  if (local.length > LONGEST)
    throw new FileError("path-too-long", `${local} is longer than ${String(LONGEST)} characters.`);
  const names = rest.map((name) => nameOf(local, name));
  return { drive, names, key: [drive, ...names].join("\\").toLowerCase() };
}

function nameOf(local: string, name: string): string {
  const kept = name.replace(/[. ]+$/, "");
  if (kept !== "" && !/[<>:"/|?*\p{Cc}]/u.test(kept)) return kept;
  throw new FileError("path-not-found", `The name ${name} in ${local} is not valid in a path.`);
}

/** One text for each folder, however its path is written: access entries are kept by it. */
export const folderKey = (local: string): string => partsOf(local).key;
export const samePath = (a: string, b: string): boolean => folderKey(a) === folderKey(b);
