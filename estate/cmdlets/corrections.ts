import type { CmdletProduct, ParameterSyntax } from "./syntax";

/**
 * Where the cmdlet reference is silent, contradicts itself, or is known to be wrong. All of it stands here, so that a
 * correction from a real server is one edit.
 */
export interface Correction {
  cmdlets: readonly string[];
  /** Without one, what is corrected is where the cmdlet exists at all. */
  parameter?: string;
  change: Pick<ParameterSyntax, "values" | "beside"> & {
    required?: true | readonly string[];
    products?: readonly CmdletProduct[];
  };
  because: string;
  evidence: "documented" | "community" | "general";
}

const UP_TO_2015: readonly CmdletProduct[] = ["lync2013", "sfb2015"];
const FROM_2015: readonly CmdletProduct[] = ["sfb2015", "sfb2019"];
const MODULES = ["UserServices.PresenceFocus", "ConfServices.DataConf", "CentralMgmt.CMSMaster"];

export const CORRECTIONS: readonly Correction[] = [
  {
    cmdlets: [
      "Export-CsPersistentChatData",
      "Get-CsPersistentChatState",
      "Import-CsPersistentChatData",
      "Set-CsPersistentChatActiveServer",
      "Set-CsPersistentChatState",
    ],
    change: { products: UP_TO_2015 },
    because: "Persistent Chat was removed with Skype for Business Server 2019; the reference names the product only.",
    evidence: "documented",
  },
  {
    cmdlets: [
      "Get-CsDatabaseMirrorState",
      "Install-CsMirrorDatabase",
      "Invoke-CsDatabaseFailover",
      "Uninstall-CsMirrorDatabase",
    ],
    change: { products: UP_TO_2015 },
    because: "SQL Server mirroring is not supported from 2019 on; the reference still names the product.",
    evidence: "documented",
  },
  ...["Export-CsConfiguration", "Export-CsLisConfiguration", "Export-CsPersistentChatData"].map(
    (cmdlet): Correction => ({
      cmdlets: [cmdlet],
      parameter: "AsBytes",
      change: { required: true },
      because: "Its parameter set consists of it: without it and without a file the export would go nowhere.",
      evidence: "documented",
    }),
  ),
  {
    cmdlets: ["Export-CsPersistentChatData"],
    parameter: "FileName",
    change: { required: true },
    because: "Without it and without -AsBytes the export would go nowhere.",
    evidence: "documented",
  },
  {
    cmdlets: ["Export-CsPersistentChatData"],
    parameter: "StartDate",
    change: { beside: { parameter: "Level", value: "RoomDirectory" } },
    because: "Its help says that it is valid with this level only.",
    evidence: "documented",
  },
  {
    cmdlets: ["Export-CsArchivingData"],
    parameter: "DBInstance",
    change: { products: [] },
    because: "It names the Archiving database of a Lync Server 2010; its successors take -Identity.",
    evidence: "documented",
  },
  {
    cmdlets: ["Backup-CsPool"],
    parameter: "FailedOverPoolOnly",
    change: { beside: { parameter: "FullBackup" } },
    because: "Its help asks for -FullBackup with it.",
    evidence: "documented",
  },
  {
    cmdlets: ["Invoke-CsManagementServerFailover"],
    parameter: "Force",
    change: { required: true },
    because: "Disaster mode asks for it; the topics on failover leave it out.",
    evidence: "documented",
  },
  {
    cmdlets: ["Get-CsPoolFabricState"],
    parameter: "QueryTimeout",
    change: { products: FROM_2015 },
    because: "It came with the other parameters for queries, which the reference marks.",
    evidence: "documented",
  },
  {
    cmdlets: ["Get-CsPoolFabricState"],
    parameter: "Type",
    change: { values: ["All", "MCUFactory", "ConferenceDirectory", "LYSS"] },
    because: "Its help lists them.",
    evidence: "documented",
  },
  {
    cmdlets: ["Invoke-CsBackupServiceSync"],
    parameter: "BackupModule",
    change: { values: [...MODULES, "ApplicationServer.RGSDataStore", "ApplicationServer.RGSFileStore"] },
    because: "The topic on the Backup Service uses short names, which belong to Debug-CsInterPoolReplication.",
    evidence: "documented",
  },
];

/** What an enumeration of Lync's takes, as the help of its cmdlets lists it; where lists differ, all of them. */
export const ENUMERATIONS: Readonly<Record<string, readonly string[]>> = {
  BackupCategory: ["CMS", "UserData", "RGS"],
  BackupModules: ["All", "CentralMgmt", "PresenceFocus", "DataConf"],
  ConvertTarget: ["Lync2010", "Current"],
  DatabaseNameType: [
    "ActiveMonitoring",
    "Application",
    "Archiving",
    "BIStaging",
    "CentralMgmt",
    "Edge",
    "Lyss",
    "Monitoring",
    "PersistentChat",
    "PersistentChatCompliance",
    "Provision",
    "Registrar",
    "SigninTelemetry",
    "User",
  ],
  ExportLevel: ["All", "User", "Category", "RoomDirectory", "Content"],
  MirrorRole: ["Primary", "Mirror"],
  PoolResetType: ["ServiceReset", "QuorumLossRecovery", "FullReset", "MachineStateRemoved"],
  /** Of a Persistent Chat pool; that of a Registrar is no parameter of a cmdlet that is used. */
  PoolState: ["Normal", "FailedOver"],
  StoreProvider: ["Sql", "FileSystem", "Memory", "Azure"],
};
