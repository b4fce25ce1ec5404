/** What another Pulumi program imports. */
export { BackupEstate } from "./backup-estate";
export { BackupTarget, type BackupTargetArgs } from "./backup-target/resource";
export { CmsExport, type CmsExportArgs } from "./cms-export/resource";
export { HostAgent, type HostAgentArgs } from "./host-agent/resource";
export { defineEstate, type Estate } from "../estate/estate";
