import { execFile } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { Name } from "../../estate/documents";
import { messageOf, OffsiteError } from "../error";

/**
 * Documents name credentials and hold none. A name stands for a file in a folder of this computer that only its
 * account may read, or for a profile of the AWS tools; `default` stands for the chain that all AWS tools go through
 * (environment, profile, role of the computer).
 */
export const DEFAULT_CHAIN = "default";

export const CredentialsFile = z.strictObject({
  accessKeyId: z.string().min(1),
  secretAccessKey: z.string().min(1),
  sessionToken: z.string().min(1).optional(),
});
export interface StaticCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

export const keyOf = ({ sessionToken, ...key }: z.infer<typeof CredentialsFile>): StaticCredentials => ({
  ...key,
  ...(sessionToken === undefined ? {} : { sessionToken }),
});

export type FoundCredentials = { credentials: StaticCredentials } | { profile: string } | { chain: true };

/** Where the files lie: `<name>.json` in here. */
export function credentialsFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const named = environment["LYNC_BACKUP_CREDENTIALS"];
  if (named !== undefined && named !== "") return named;
  if (process.platform === "win32") {
    return path.join(environment["ProgramData"] ?? String.raw`C:\ProgramData`, "LyncBackup", "credentials");
  }
  return path.join(environment["XDG_CONFIG_HOME"] ?? path.join(os.homedir(), ".config"), "lync-backup", "credentials");
}

export async function findCredentials(name: string, folder = credentialsFolder()): Promise<FoundCredentials> {
  if (!Name.safeParse(name).success) {
    throw new OffsiteError(
      "refused",
      `${JSON.stringify(name)} is no name of credentials.`,
      "A name such as lync-offsite is.",
    );
  }
  const file = path.join(folder, `${name}.json`);
  if (fs.existsSync(file)) return { credentials: await readCredentials(file) };
  return name === DEFAULT_CHAIN ? { chain: true } : { profile: name };
}

async function readCredentials(file: string): Promise<StaticCredentials> {
  const reason = await readableByOthers(file);
  if (reason !== undefined) {
    throw new OffsiteError(
      "refused",
      `The credentials in ${file} are not used: ${reason}.`,
      "Let only the account of the courier read the file, and replace the key if others may have seen it.",
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(fs.readFileSync(file, "utf8").replace(/^\uFEFF/, ""));
  } catch (error) {
    // A parser's own message quotes the text.
    const why = error instanceof SyntaxError ? "it is not JSON" : messageOf(error);
    throw new OffsiteError("refused", `The credentials in ${file} cannot be read: ${why}.`);
  }
  const found = CredentialsFile.safeParse(value);
  if (found.success) return keyOf(found.data);
  const fields = found.error.issues.map(({ path: at }) => at.join(".")).filter((field) => field !== "");
  throw new OffsiteError(
    "refused",
    `The credentials in ${file} are not complete${fields.length > 0 ? `: see ${fields.join(", ")}` : ""}.`,
    "They are a JSON object with accessKeyId, secretAccessKey and, if there is one, sessionToken.",
  );
}

/** Who else may read the file, in words; undefined where nobody can. */
async function readableByOthers(file: string): Promise<string | undefined> {
  if (process.platform === "win32") return readersInWindows(await accessList(file));
  const { mode, uid } = fs.statSync(file);
  if (process.getuid !== undefined && uid !== process.getuid() && uid !== 0) return "they belong to another account";
  return (mode & 0o077) === 0 ? undefined : `others may read them (mode ${(mode & 0o777).toString(8)})`;
}

/** The access list as SDDL, whose names are the same in every language of Windows. */
async function accessList(file: string): Promise<string> {
  const saved = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "lync-backup-")), "list");
  try {
    await promisify(execFile)("icacls", [file, "/save", saved], { windowsHide: true });
    return fs.readFileSync(saved, "utf16le");
  } finally {
    fs.rmSync(path.dirname(saved), { recursive: true, force: true });
  }
}

/** Groups that are more than one account and its administrators. */
const CROWDS: Readonly<Record<string, string>> = {
  WD: "Everyone",
  "S-1-1-0": "Everyone",
  AU: "Authenticated Users",
  "S-1-5-11": "Authenticated Users",
  BU: "Users",
  "S-1-5-32-545": "Users",
  IU: "Interactive",
  AN: "Anonymous",
  BG: "Guests",
  DU: "Domain Users",
};

export function readersInWindows(sddl: string): string | undefined {
  for (const [, type = "", trustee = ""] of sddl.matchAll(/\(([A-Z]+);[^;]*;[^;]*;[^;]*;[^;]*;([^;)]+)[^)]*\)/g)) {
    const crowd = CROWDS[trustee];
    if (type === "A" && crowd !== undefined) return `${crowd} may use them`;
  }
  return undefined;
}
