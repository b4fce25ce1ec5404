import fc from "fast-check";
import { Retention } from "../../estate/documents";
import { SqlBackupOptions, type SqlBackup } from "../../estate/jobs/sql-declaration";
import { isAtLeast } from "../../estate/sql";

/** Declarations of SQL backups: one by hand to vary, and as many as one likes. */

export const SQL01 = String.raw`sql01.contoso.com\rtc`;
export const SQL02 = String.raw`sql02.contoso.com\rtc`;

export function declaredSql(
  options: Parameters<typeof SqlBackupOptions.parse>[0] = {},
  more: Partial<Omit<SqlBackup, keyof SqlBackupOptions>> = {},
): SqlBackup {
  return {
    ...SqlBackupOptions.parse({ databases: { roles: ["archiving", "monitoring"] }, ...(options as object) }),
    owner: { project: "lync", stack: "test", name: "sql-rtc" },
    name: "sql-rtc",
    product: "lync2013",
    deployment: "contoso",
    instance: SQL01,
    release: "2012",
    placement: [{ host: "sql01.contoso.com", instance: SQL01 }],
    account: String.raw`CONTOSO\lync-backup$`,
    timeLimitMinutes: 240,
    target: { name: "vault", host: "backup01.contoso.com", path: String.raw`\\backup01.contoso.com\lyncbackup$` },
    keepFreeBytes: 1024,
    retention: Retention.parse({ last: 14 }),
    ...more,
  };
}

export const PAIR = [
  { host: "sql01.contoso.com", instance: SQL01 },
  { host: "sql02.contoso.com", instance: SQL02 },
];

const HOSTILE = [
  "x]; DROP DATABASE rtcxds; --",
  "'; SHUTDOWN --",
  "{certificate}",
  "a/b\\c:d",
  "..",
  "CON",
  "数据",
  "a b.",
  "$(calc)",
];
const names = fc.uniqueArray(
  fc.oneof(
    fc.constantFrom("LcsLog", "rtcxds", "lcscdr", "ReportServer", "Own", ...HOSTILE),
    fc
      .string({ minLength: 1, maxLength: 128, unit: "grapheme" })
      .filter((name) => SqlBackupOptions.shape.databases.safeParse({ names: [name] }).success),
  ),
  { maxLength: 5, selector: (name) => name.toLowerCase() },
);
const roles = fc.subarray([...SqlBackupOptions.shape.databases.shape.roles.unwrap().element.options]);

/** Whatever the schema takes and does not contradict itself. */
export const declarations: fc.Arbitrary<SqlBackup> = fc
  .record({
    databases: fc.record({ roles, names }),
    chain: fc.constantFrom("copy-only", "full", "differential", "log", "both"),
    leaveOut: names,
    compress: fc.boolean(),
    encryption: fc.option(
      fc.constantFrom("backup", ...HOSTILE).map((certificate) => ({ certificate })),
      { nil: undefined },
    ),
    striping: fc.option(
      fc.record({ files: fc.constantFrom(2, 4, 8), fromGigabytes: fc.integer({ min: 1, max: 5000 }) }),
      { nil: undefined },
    ),
    preferred: fc.boolean(),
    release: fc.constantFrom("2008R2", "2012", "2014", "2016", "2019", "2022"),
    product: fc.constantFrom("lync2013", "sfb2015", "sfb2019", "sfbse"),
    placement: fc.constantFrom(PAIR.slice(0, 1), PAIR, [
      { host: "node1.contoso.com", instance: SQL01 },
      { host: "node2.contoso.com", instance: SQL01 },
    ]),
  })
  .map(({ chain, leaveOut, encryption, striping, preferred, release, product, placement, ...rest }) => {
    const takes = (kind: string): boolean => chain === kind || chain === "both";
    const canEncrypt = isAtLeast(release, "2014");
    return declaredSql(
      {
        ...rest,
        differential: takes("differential"),
        ...(takes("log") ? { log: { leaveOut } } : {}),
        copyOnly: chain === "copy-only",
        ...(encryption && canEncrypt ? { encryption } : {}),
        ...(striping ? { striping } : {}),
        replica: preferred && !takes("differential") && release !== "2008R2" ? "preferred" : "primary",
      },
      { release: release as SqlBackup["release"], product, placement },
    );
  });
