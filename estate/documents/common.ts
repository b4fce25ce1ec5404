import { z } from "zod";

/** The small types that documents share. Messages say what was expected, never what was found. */

/** Names of jobs, targets and steps: they become file names, task names and object keys everywhere. */
export const Name = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/, "expected 1 to 64 lower-case letters, digits and hyphens")
  .refine((name) => !isDeviceName(name), "is a reserved device name on Windows")
  .describe("1 to 64 lower-case letters, digits and hyphens: it becomes a file name, a task name, an object key");
/** For names that stand in a file name beside others, where two long ones would be more than Windows takes. */
export const ShortName = Name.max(32, "expected at most 32 characters: it becomes a part of file names");

/** Windows opens the device, whatever the extension and the folder. */
function isDeviceName(part: string): boolean {
  return /^(con|prn|aux|nul|conin\$|conout\$|com[0-9\u00b9\u00b2\u00b3]|lpt[0-9\u00b9\u00b2\u00b3])[ ]*(\.|$)/i.test(
    part,
  );
}

const LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
const FQDN = new RegExp(`^(?=.{1,253}$)${LABEL}(?:\\.${LABEL})+$`);
/** Fully qualified, because NetBIOS names make some Lync cmdlets time out. Kept in lower case. */
export const Fqdn = z
  .string()
  .toLowerCase()
  .regex(FQDN, "expected a fully qualified computer name such as fe01.contoso.com")
  .describe("A fully qualified computer name, kept in lower case");

/** `CONTOSO\lync-backup$`; a trailing dollar marks a computer or a managed account. */
export const Account = z
  .string()
  .regex(
    /^[A-Za-z0-9](?:[A-Za-z0-9 ._-]{0,253}[A-Za-z0-9])?\\(?![ .])[^"/\\[\]:;|=,+*?<>@\p{Cc}\p{Cs}\p{Zl}\p{Zp}]{0,103}[^"/\\[\]:;|=,+*?<>@\p{Cc}\p{Cs}\p{Zl}\p{Zp} .]$/u,
    String.raw`expected an account as DOMAIN\name`,
  )
  .describe(String.raw`An account as DOMAIN\name; a trailing dollar marks a computer or a managed account`);

export const Sid = z
  .string()
  .regex(/^S-1-\d{1,15}(-\d{1,10}){1,15}$/, "expected a security identifier such as S-1-5-21-…")
  .describe("A security identifier of Windows");

/** No trailing dot or space: Windows drops them, and two names would be one folder. */
const SEGMENT = '[^<>:"/\\\\|?*\\u0000-\\u001f\\u007f]*[^<>:"/\\\\|?*\\u0000-\\u001f\\u007f. ]';
const LOCAL_PATH = new RegExp(`^[A-Za-z]:\\\\(?:${SEGMENT}(?:\\\\${SEGMENT})*)?$`);
const UNC_PATH = new RegExp(`^\\\\\\\\[A-Za-z0-9.-]+\\\\${SEGMENT}(?:\\\\${SEGMENT})*$`);
const withoutDots = (path: string): boolean => !path.split("\\").some((part) => part === "." || part === "..");
const withoutDevices = (path: string): boolean => !path.split("\\").some(isDeviceName);
const DEVICE = "must not contain a reserved device name of Windows";
export const LocalPath = z
  .string()
  .max(100, "expected at most 100 characters: sets are written below it, and Windows ends at 260")
  .regex(LOCAL_PATH, String.raw`expected a local path such as D:\LyncBackup`)
  .refine(withoutDots, "must not contain . or ..")
  .refine(withoutDevices, DEVICE)
  .describe("A path with a drive letter, at most 100 characters");
/** In lower case, so that the same share is the same scope wherever it was written down. */
export const UncPath = z
  .string()
  .toLowerCase()
  .max(100, "expected at most 100 characters: sets are written below it, and Windows ends at 260")
  .regex(UNC_PATH, String.raw`expected a share such as \\server\share`)
  .refine(withoutDots, "must not contain . or ..")
  .refine(withoutDevices, DEVICE)
  .describe("A share or a folder in one, at most 100 characters, kept in lower case");
export const WindowsPath = z.union([LocalPath, UncPath]);

/** A file that Lync's users made, as a listing names it: what Windows holds, however odd, must be said. */
export const StoredPath = z
  .string()
  .min(1)
  .max(1024)
  .refine(
    (path) =>
      path.split("/").every((part) => part !== "" && part !== "." && part !== "..") &&
      // eslint-disable-next-line no-control-regex -- control characters are exactly what is refused
      !/[\\<>:"|?*\u0000-\u001f]/.test(path),
    "expected a relative path with forward slashes",
  )
  .describe("A path below a folder, with forward slashes");
/**
 * Path inside a set: forward slashes, no way out of the folder, and only names of our own making, which every Windows
 * and every store take as they are. The same text is the object key offsite.
 */
export const RelativePath = StoredPath.refine(
  (path) => path.split("/").every((part) => !/[. ]$|\p{Cc}|\p{Cs}/u.test(part) && !isDeviceName(part)),
  "must not contain a trailing dot or space, a control character or a reserved device name of Windows",
).describe("A path below a folder, with forward slashes; no part ends in a dot or a space or is a device name");

export const Sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/, "expected 64 hexadecimal digits")
  .describe("SHA-256, 64 hexadecimal digits");
/** Ages are computed from these, so they are always UTC and always complete. */
export const Instant = z.iso
  .datetime({
    precision: 3,
    message: "expected a UTC time such as 2026-03-01T02:00:00.000Z",
  })
  .describe("A moment in UTC, such as 2026-03-01T02:00:00.000Z");
/** What people write down by hand. A day counts from its first moment or to its last, whichever is the worse. */
export const Day = z.iso.date("expected a day such as 2026-03-01").describe("A day in UTC, such as 2026-03-01");
/** A run and the set it leaves have the same name: its UTC start, then eight digits that keep two hosts apart. */
const RUN = /^\d{8}T\d{6}Z-[0-9a-f]{8}$/;
export const RunId = z
  .string()
  .regex(RUN, "expected a run such as 20260301T020000Z-0a1b2c3d")
  .refine(isMoment, "does not begin with a time that there is")
  .describe("A run, and the set that it leaves: its UTC start, then eight hexadecimal digits");
/** For whoever looks through many names. */
export const isRunId = (name: string): boolean => RUN.test(name) && isMoment(name);
/** Its start is read from the name: a time that rolls over would sort and expire as another one. */
function isMoment(run: string): boolean {
  const part = (from: number, to: number): number => Number(run.slice(from, to));
  const [year, month, day] = [part(0, 4), part(4, 6) - 1, part(6, 8)];
  const at = new Date(Date.UTC(year, month, day));
  return (
    at.getUTCMonth() === month && at.getUTCDate() === day && part(9, 11) < 24 && part(11, 13) < 60 && part(13, 15) < 60
  );
}
export const Bytes = z.int().nonnegative().describe("A number of bytes");
export const TimeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, "expected a time of day such as 02:00")
  .describe("A time of day on the host, such as 02:00");
const SQL_INSTANCE = new RegExp(
  `^(?=[^\\\\]{1,253}(?:\\\\|$))${LABEL}(?:\\.${LABEL})*(?:\\\\[a-z_][a-z0-9_$#]{0,15})?$`,
);
/** Server, or server and instance; in lower case, like shares. */
export const SqlInstanceName = z
  .string()
  .toLowerCase()
  .regex(SQL_INSTANCE, String.raw`expected an instance such as sql01.contoso.com\rtc`)
  .describe("A SQL Server instance: server, or server and instance name, kept in lower case");
export const Version = z
  .string()
  .regex(/^\d{1,10}(\.\d{1,10}){1,3}$/, "expected a version such as 5.0.8308.0")
  .describe("Two to four numbers");

export const Product = z.enum(["lync2013", "sfb2015", "sfb2019", "sfbse"]);
export type Product = z.infer<typeof Product>;
export const PRODUCT_NAMES: Record<Product, string> = {
  lync2013: "Lync Server 2013",
  sfb2015: "Skype for Business Server 2015",
  sfb2019: "Skype for Business Server 2019",
  sfbse: "Skype for Business Server Subscription Edition",
};

/** What came or went with a product. */
export const PRODUCTS_WITH = {
  persistentChat: ["lync2013", "sfb2015"],
  mirroring: ["lync2013", "sfb2015"],
  alwaysOn: ["sfb2015", "sfb2019", "sfbse"],
} as const satisfies Record<string, readonly Product[]>;

/** Whose it is: on everything that is made on a host or in a store, so that a crash or a colleague is told apart. */
export const Owner = z.strictObject({
  project: z.string().min(1).max(100).describe("The Pulumi project"),
  stack: z.string().min(1).max(100).describe("Its stack, one per environment"),
  name: z.string().min(1).max(200).describe("The logical name of the resource"),
});
export type Owner = z.infer<typeof Owner>;
export const ownerText = (owner: Owner): string => `${owner.project}/${owner.stack}/${owner.name}`;

/** What is backed up. The catalogue says what each one is; documents only name them. */
export const Datum = z.enum([
  "configuration",
  "locations",
  "user-data",
  "user-settings",
  "response-groups",
  "persistent-chat",
  "persistent-chat-compliance",
  "archiving",
  "cdr",
  "qoe",
  "file-store",
  "call-park-music",
  "announcement-audio",
  "response-group-audio",
  "user-store-log",
  "central-management-log",
  "response-group-log",
  "archiving-log",
  "cdr-log",
  "qoe-log",
  "persistent-chat-log",
  "persistent-chat-compliance-log",
  "transient-log",
  "monitoring-reports",
  "sql-instance",
  "certificates",
  "certificate-authority",
  "backup-encryption-certificate",
  "installation-media",
  "active-directory",
  "dns",
  "dhcp",
  "iis",
  "pstn-gateways",
  "load-balancer",
  "firewall",
  "exchange",
  "network",
  "operations-manager",
]);
export type Datum = z.infer<typeof Datum>;

/** How a set depends on earlier ones of its series. */
export const SetKind = z.enum(["full", "differential", "log", "copy-only", "incremental"]);
export type SetKind = z.infer<typeof SetKind>;

/** Where a datum lives. Every text in it may be a reference where `text` allows one: databases are found at run time. */
export function scopeOf<Text extends z.ZodType>(text: (literal: z.ZodString) => Text) {
  const anyText = z.string().min(1);
  return z.discriminatedUnion("of", [
    z.strictObject({ of: z.literal("deployment") }),
    z.strictObject({ of: z.literal("pool"), pool: text(Fqdn) }),
    z.strictObject({ of: z.literal("store"), path: text(UncPath) }),
    z.strictObject({ of: z.literal("server"), server: text(Fqdn) }),
    z.strictObject({ of: z.literal("instance"), instance: text(SqlInstanceName) }),
    z
      .strictObject({ of: z.literal("database"), instance: text(SqlInstanceName), database: text(anyText.max(128)) })
      .describe(
        "The declared principal or listener, so that a failover changes no scope; who acted is a fact of the set",
      ),
  ]);
}
export const Scope = scopeOf((literal) => literal);
export type Scope = z.infer<typeof Scope>;

/** One text per scope: obligations, sets and reports are matched by it. */
export function scopeKey(scope: Scope): string {
  switch (scope.of) {
    case "deployment":
      return "deployment";
    case "pool":
      return `pool ${scope.pool}`;
    case "store":
      return `store ${scope.path}`;
    case "server":
      return `server ${scope.server}`;
    case "instance":
      return `instance ${scope.instance}`;
    case "database":
      return `database ${scope.instance} ${scope.database.toLowerCase()}`;
  }
}

/** A datum in a scope, as sets and obligations name it. The datum is any name: see Artefact. */
export const Cover = z.strictObject({ datum: Name, scope: Scope });
export type Cover = z.infer<typeof Cover>;
export const coverKey = ({ datum, scope }: Cover): string => `${datum} ${scopeKey(scope)}`;
