import type { StepInput } from "../documents";

/** Where the store is active, as a server of this job: if it is nowhere, that is a failure and no reason to stand down. */
export const ACTIVE_STORE = { $ref: "store.items.0.ActiveMasterFqdn" };

export const ASK_FOR_THE_STORE: StepInput = {
  kind: "cmdlet",
  id: "store",
  title: "Ask where the Central Management store is active",
  cmdlet: "Get-CsManagementStoreReplicationStatus",
  parameters: { CentralManagementStoreStatus: true },
  select: ["ActiveMasterFqdn"],
};

const ACT_BESIDE_THE_STORE: readonly StepInput[] = [
  {
    kind: "guard",
    id: "placed",
    title: "Make sure that the store is active on a host of this job",
    condition: { value: ACTIVE_STORE, is: "one-of", of: [{ $ref: "job.hosts" }] },
    otherwise: "fail",
    because:
      "the Central Management store is active on none of the hosts of this job; add the one where it is, or leave a single host",
  },
  {
    kind: "guard",
    id: "here",
    title: "Act only where the store is active",
    condition: { value: ACTIVE_STORE, is: "one-of", of: [{ $ref: "host.fqdn" }] },
    otherwise: "stand-down",
    because: "the Central Management store is active on another host of this job",
  },
];

/** After the store was asked for: of several hosts the one beside it acts; a single one acts wherever the store is. */
export const guardsOf = (placement: readonly unknown[]): readonly StepInput[] =>
  placement.length > 1 ? ACT_BESIDE_THE_STORE : [];

/** For jobs that need the store for nothing else: Lync's cmdlets run on any of the hosts, and one of them acts. */
export const oneActs = (placement: readonly unknown[]): readonly StepInput[] =>
  placement.length > 1 ? [ASK_FOR_THE_STORE, ...ACT_BESIDE_THE_STORE] : [];
