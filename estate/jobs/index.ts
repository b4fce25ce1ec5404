export {
  configurationChangeJob,
  configurationChangeName,
  configurationCovers,
  configurationJob,
  type ConfigurationExport,
} from "./configuration";
export type { Covered, JobDeclaration, Problem } from "./declaration";
export {
  fileStoreCovers,
  fileStoreJob,
  fileStoreRules,
  fileStoreShape,
  hoursRules,
  securityRules,
  TRANSIENT_FOLDERS,
  type FileStoreCopy,
} from "./file-store";
export {
  offsiteJobs,
  offsiteParts,
  offsiteRules,
  offsiteShape,
  pruneJobName,
  verifyJobName,
  type OffsiteCopy,
} from "./offsite";
export {
  persistentChatCovers,
  persistentChatJob,
  persistentChatRules,
  persistentChatShape,
  type PersistentChatExport,
} from "./persistent-chat";
export { EXPORT_GROUP, PREFLIGHT, preflightJob, type Preflight } from "./preflight";
export {
  responseGroupCovers,
  responseGroupJob,
  responseGroupRules,
  responseGroupShape,
  type ResponseGroupExport,
} from "./response-groups";
export { userDataCovers, userDataJob, userDataRules, userDataShape, type UserDataExport } from "./user-data";
