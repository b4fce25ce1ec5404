import {
  Job,
  type Job as JobDocument,
  type Owner,
  type Product,
  type Retention,
  type StepInput,
  type TargetReference,
} from "../documents";

/** What the declared inputs of a configuration export say, as far as its job needs it. */
export interface ConfigurationExport {
  owner: Owner;
  name: string;
  product: Product;
  deployment: string;
  placement: readonly { host: string; pool?: string | undefined }[];
  account: string;
  timeLimitMinutes: number;
  target: TargetReference;
  keepFreeBytes: number;
  retention: Retention;
}

/** Where the store is active, as a server of this job: if it is nowhere, that is a failure and no reason to stand down. */
const ACTIVE = { $ref: "store.items.0.ActiveMasterFqdn" };
const ACT_BESIDE_THE_STORE: StepInput[] = [
  {
    kind: "guard",
    id: "placed",
    title: "Make sure that the store is active on a host of this job",
    condition: { value: ACTIVE, is: "one-of", of: [{ $ref: "job.hosts" }] },
    otherwise: "fail",
    because: "the Central Management store is active on none of the hosts of this job; add the one where it is",
  },
  {
    kind: "guard",
    id: "here",
    title: "Act only where the store is active",
    condition: { value: ACTIVE, is: "one-of", of: [{ $ref: "host.fqdn" }] },
    otherwise: "stand-down",
    because: "the Central Management store is active on another host of this job",
  },
];

/**
 * Topology, policies and configuration: one export for the whole deployment, on the host where the Central Management
 * store is active. Placed on several hosts, so that the job survives a move of the store.
 */
export function configurationJob(declared: ConfigurationExport): JobDocument {
  const scope = { of: "deployment" } as const;
  return Job.make({
    name: declared.name,
    owner: declared.owner,
    purpose: "backup",
    title: `Configuration of ${declared.deployment}`,
    product: declared.product,
    deployment: declared.deployment,
    placement: declared.placement.map(({ host, pool }) => ({ host, ...(pool === undefined ? {} : { pool }) })),
    account: declared.account,
    timeLimitMinutes: declared.timeLimitMinutes,
    target: declared.target,
    steps: [
      {
        kind: "cmdlet",
        id: "store",
        title: "Ask where the Central Management store is active",
        cmdlet: "Get-CsManagementStoreReplicationStatus",
        parameters: { CentralManagementStoreStatus: true },
        select: ["ActiveMasterFqdn"],
      },
      // A single host exports wherever the store is; of several, the one beside the store acts.
      ...(declared.placement.length > 1 ? ACT_BESIDE_THE_STORE : []),
      {
        kind: "cmdlet",
        id: "export",
        title: "Export the configuration",
        cmdlet: "Export-CsConfiguration",
        parameters: { FileName: { $work: "Config.zip" } },
        produces: [{ file: { $work: "Config.zip" }, datum: "configuration", scope, format: "zip", atLeastBytes: 22 }],
      },
      { kind: "check", id: "check", title: "Open the export and compare its size with the last" },
      { kind: "hash", id: "hash", title: "Hash the export" },
      {
        kind: "publish",
        id: "publish",
        title: `Move it to ${declared.target.name}`,
        keepFreeBytes: declared.keepFreeBytes,
      },
      {
        kind: "seal",
        id: "seal",
        title: "Seal the set",
        facts: { "central-management-host": ACTIVE },
      },
      { kind: "retain", id: "retain", title: "Remove what retention no longer wants", policy: declared.retention },
    ],
  });
}
