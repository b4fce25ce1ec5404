import type { Actor } from "../files";
import { backupServiceWorks, partnerOf } from "../model/pairing";
import { policiesOf } from "../model/configuration";
import type { World } from "../world";
import { CmdletRefusal, textOf, type Output, type Parameters } from "./refusal";
import { configurationFor, poolIn, topologyFor } from "./stores";

/** Paired pools, and what the Backup Service says of itself. */

export function getRelationship(world: World, actor: Actor, parameters: Parameters): Output {
  const topology = topologyFor(world, actor, parameters);
  const pool = poolIn(topology, parameters);
  const partner = partnerOf(topology, pool);
  return partner ? [{ PoolFqdn: pool.fqdn, BackupPoolFqdn: partner.fqdn }] : [];
}

const MODULES: readonly { identity: string; category: string }[] = [
  { identity: "UserServices.PresenceFocus", category: "UserData" },
  { identity: "ConfServices.DataConf", category: "UserData" },
  { identity: "CentralMgmt.CMSMaster", category: "CMS" },
  { identity: "ApplicationServer.RGSDataStore", category: "RGS" },
  { identity: "ApplicationServer.RGSFileStore", category: "RGS" },
];

/** One way only: what this pool gives to its partner. */
export function getStatus(world: World, actor: Actor, parameters: Parameters): Output {
  const configuration = configurationFor(world, actor);
  const topology = topologyFor(world, actor);
  const pool = poolIn(topology, parameters);
  if (!partnerOf(topology, pool)) {
    const message = `The pool "${pool.fqdn}" has no backup pool.`;
    throw new CmdletRefusal("not-paired", message, "Pair it in Topology Builder.");
  }
  const works = backupServiceWorks(world, topology, pool);
  const wanted = textOf(parameters, "Category");
  const settings = policiesOf(configuration, "BackupServiceConfiguration")[0]?.settings;
  const carriesGroups = settings?.["EnableRgsBackupService"] === "True";
  const isMaster = topology.centralManagement.active === pool.fqdn;
  const modules = MODULES.filter(
    ({ category }) => (wanted === undefined || category === wanted) && (category !== "RGS" || carriesGroups),
  ).map(({ identity, category }) => ({
    Identity: identity,
    // Only the pool with the active store has something to give.
    ExportStatus: category === "CMS" && !isMaster ? "NotInitialized" : works ? "SteadyState" : "ErrorState",
    ImportStatus: works ? "NormalState" : "ErrorState",
  }));
  const overall = works ? "SteadyState" : "ErrorState";
  return [
    {
      PoolFqdn: pool.fqdn,
      OverallExportStatus: overall,
      OverallImportStatus: works ? "NormalState" : "ErrorState",
      BackupModules: modules,
    },
  ];
}
