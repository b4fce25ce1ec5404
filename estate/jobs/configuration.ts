import type { Job } from "../documents";
import { ACTIVE_STORE, ASK_FOR_THE_STORE, guardsOf } from "./acting";
import { backupJob, EMPTY_ZIP_BYTES, type Covered, type JobDeclaration } from "./declaration";

/** What the declared inputs of a configuration export say, as far as its job needs it. */
export type ConfigurationExport = JobDeclaration;

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
export function configurationJob(declared: ConfigurationExport): Job {
  return backupJob(declared, {
    title: `Configuration and locations of ${declared.deployment}`,
    steps: [
      ASK_FOR_THE_STORE,
      ...guardsOf(declared.placement),
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
    seal: { facts: { "central-management-host": ACTIVE_STORE } },
  });
}
