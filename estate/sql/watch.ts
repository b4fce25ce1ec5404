import { defineStatement, type Statement } from "./statement";

/** What a refresh asks an instance: whether something else has broken into the chains that our backups make. */

/** Each of our backups is called by its series and its run. */
const OURS = (alias: string): string => `CHARINDEX(@series + N' ', ISNULL(${alias}.name, N'')) = 1`;

export const FOREIGN_BACKUPS = defineStatement({
  name: "foreign-backups",
  purpose:
    "Backups of others since our newest full backup of a database, or within a week: full and log backups break chains",
  text: `SET NOCOUNT ON;
SELECT name = s.database_name, kind = CASE s.type WHEN N'D' THEN N'full' ELSE N'log' END, called = s.name, account = s.user_name, device = f.physical_device_name,
  finished_at = CONVERT(nvarchar(30), DATEADD(minute, -DATEPART(TZoffset, SYSDATETIMEOFFSET()), s.backup_finish_date), 126) + N'Z'
FROM msdb.dbo.backupset AS s JOIN msdb.dbo.backupmediafamily AS f ON f.media_set_id = s.media_set_id AND f.family_sequence_number = 1
WHERE s.is_copy_only = 0 AND s.type IN (N'D', N'L') AND NOT ${OURS("s")}
  AND s.backup_finish_date > ISNULL((SELECT MAX(o.backup_finish_date) FROM msdb.dbo.backupset AS o
    WHERE o.database_name = s.database_name AND o.type = N'D' AND o.is_copy_only = 0 AND ${OURS("o")}), DATEADD(day, -7, GETDATE()))
ORDER BY s.backup_finish_date, s.backup_set_id;`,
  parameters: { series: "nvarchar(64)" },
  columns: ["name", "kind", "called", "account", "device", "finished_at"],
  rights: "SELECT on backupset and backupmediafamily in msdb",
});

export const OF_WATCHES: readonly Statement[] = [FOREIGN_BACKUPS];
