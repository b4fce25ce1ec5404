import type { Job, StepInput } from "../documents";
import { ACTIVE_STORE, ASK_FOR_THE_STORE, guardsOf } from "./acting";
import { backupJob, EMPTY_ZIP_BYTES, type Covered, type JobDeclaration, type Recipe } from "./declaration";

/** What the declared inputs of a configuration export say, as far as its jobs need it. */
export interface ConfigurationExport extends JobDeclaration {
  /** Beside the job that always exports there is one that looks often, and exports when something was changed. */
  onChange?: boolean;
}

const scope = { of: "deployment" } as const;

export const configurationCovers = (): Covered[] => [
  { datum: "configuration", scope },
  { datum: "locations", scope },
];

/**
 * Topology, policies and configuration, and the locations for emergency calls: one export for the whole deployment, on
 * the host where the Central Management store is active. Placed on several hosts, so that the job survives a move of
 * the store. Both cmdlets write a file: a scheduled task is a local logon, so nothing has to travel as bytes.
 */
export const configurationJob = (declared: ConfigurationExport): Job =>
  jobOf(declared, declared.onChange === true ? LOOK : [], {
    title: `Configuration and locations of ${declared.deployment}`,
  });

export const configurationChangeName = (name: string): string => `${name}-on-change`;

/** Microsoft asks for an export after every change. This one has the sets of the other job to compare with. */
export const configurationChangeJob = (declared: ConfigurationExport): Job =>
  jobOf({ ...declared, onChange: true, name: configurationChangeName(declared.name) }, [...LOOK_FOR_CHANGES, ...LOOK], {
    title: `Configuration and locations of ${declared.deployment}, when they were changed`,
    series: declared.name,
  });

function jobOf(declared: ConfigurationExport, look: readonly StepInput[], own: Pick<Recipe, "title" | "series">): Job {
  return backupJob(declared, {
    ...own,
    steps: [
      ASK_FOR_THE_STORE,
      ...guardsOf(declared.placement),
      ...look,
      {
        kind: "cmdlet",
        id: "export",
        title: "Export the configuration",
        cmdlet: "Export-CsConfiguration",
        parameters: { FileName: { $work: "Config.zip" } },
        produces: [
          {
            file: { $work: "Config.zip" },
            datum: "configuration",
            scope,
            format: "zip",
            atLeastBytes: EMPTY_ZIP_BYTES,
          },
        ],
      },
      {
        kind: "cmdlet",
        id: "locations",
        title: "Export the locations",
        cmdlet: "Export-CsLisConfiguration",
        parameters: { FileName: { $work: "E911Config.zip" } },
        produces: [
          {
            file: { $work: "E911Config.zip" },
            datum: "locations",
            scope,
            format: "zip",
            atLeastBytes: EMPTY_ZIP_BYTES,
          },
        ],
      },
    ],
    seal: {
      facts: {
        "central-management-host": ACTIVE_STORE,
        ...(declared.onChange === true ? { "last-updates": { $ref: "replicas.items.*.LastUpdateCreation" } } : {}),
      },
    },
  });
}

type CmdletInput = Extract<StepInput, { kind: "cmdlet" }>;

/**
 * When the replicas were last given something to update: this is the one place that rests on the assumption
 * `last-update`. What it does not tell, such as locations, the scheduled export holds.
 */
const replicas = (own: Pick<CmdletInput, "id" | "title" | "where">): CmdletInput => ({
  kind: "cmdlet",
  cmdlet: "Get-CsManagementStoreReplicationStatus",
  parameters: {},
  select: ["ReplicaFqdn", "LastUpdateCreation"],
  ...own,
});

const LOOK: readonly StepInput[] = [replicas({ id: "replicas", title: "See when the configuration was last changed" })];

/** Without a set before, each of them counts. */
const LOOK_FOR_CHANGES: readonly StepInput[] = [
  replicas({
    id: "changed",
    title: "Look for replicas that were updated since the last set",
    where: [
      // A replica that was never updated tells nothing.
      { property: "LastUpdateCreation", is: "present" },
      { property: "LastUpdateCreation", is: "none-of", of: [{ $ref: "last.facts.last-updates" }] },
    ],
  }),
  {
    kind: "guard",
    id: "has-changed",
    title: "Go on where there is one",
    condition: { value: { $ref: "changed.items" }, is: "present" },
    otherwise: "nothing-to-do",
    because: "the configuration is as it was when it was exported the last time",
  },
];
