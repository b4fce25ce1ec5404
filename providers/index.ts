/** What another Pulumi program imports. */
export { BackupEstate, type BackupEstateOptions } from "./backup-estate";
export { BackupPosture, type BackupPostureArgs } from "./backup-posture/resource";
export { BackupTarget, type BackupTargetArgs } from "./backup-target/resource";
export { CmsExport, type CmsExportArgs } from "./cms-export/resource";
export { FileStoreCopyJob, type FileStoreCopyJobArgs } from "./file-store-copy-job/resource";
export { HostAgent, type HostAgentArgs } from "./host-agent/resource";
export { OffsiteBucket, type OffsiteBucketArgs } from "./offsite-bucket/resource";
export { OffsiteCopy, type OffsiteCopyArgs } from "./offsite-copy/resource";
export { PersistentChatExport, type PersistentChatExportArgs } from "./persistent-chat-export/resource";
export { ResponseGroupExport, type ResponseGroupExportArgs } from "./response-group-export/resource";
export { SqlBackupSchedule, type SqlBackupScheduleArgs } from "./sql-backup-schedule/resource";
export { UserDataExport, type UserDataExportArgs } from "./user-data-export/resource";
export { promisesOf } from "../estate/posture";
export { defineEstate, type Estate } from "../estate/estate";
