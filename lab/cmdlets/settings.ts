import type { Actor } from "../files";
import { policiesOf } from "../model/configuration";
import { BACKUP_SERVICE_DEFAULTS } from "../model/pairing";
import type { World } from "../world";
import { chosen, type Output, type Parameters, type Simulation } from "./refusal";
import { configurationFor } from "./stores";

/** Everything in the Central Management store that is asked for by kind and identity. */

const KINDS: Readonly<Record<string, { kind: string; defaults?: Readonly<Record<string, string>> }>> = {
  "Get-CsAnnouncement": { kind: "Announcement" },
  "Get-CsArchivingConfiguration": { kind: "ArchivingConfiguration" },
  "Get-CsBackupServiceConfiguration": { kind: "BackupServiceConfiguration", defaults: BACKUP_SERVICE_DEFAULTS },
  "Get-CsCallParkOrbit": { kind: "CallParkOrbit" },
  "Get-CsConferenceDirectory": { kind: "ConferenceDirectory" },
  "Get-CsCpsConfiguration": { kind: "CpsConfiguration" },
  "Get-CsPersistentChatState": { kind: "PersistentChatState" },
  "Get-CsRegistrarConfiguration": { kind: "RegistrarConfiguration" },
  "Get-CsUnassignedNumber": { kind: "UnassignedNumber" },
  "Get-CsUserServicesPolicy": { kind: "UserServicesPolicy" },
};

const reading =
  ({ kind, defaults }: (typeof KINDS)[string]): Simulation =>
  (world: World, actor: Actor, parameters: Parameters): Output => {
    const found = policiesOf(configurationFor(world, actor, parameters), kind);
    const all = found.length > 0 || !defaults ? found : [{ kind, identity: "Global", settings: defaults }];
    return chosen(all, parameters, ({ identity }) => identity).map(({ identity, settings }) => ({
      Identity: identity,
      ...settings,
    }));
  };

export const SETTINGS: Readonly<Record<string, Simulation>> = Object.fromEntries(
  Object.entries(KINDS).map(([cmdlet, kind]) => [cmdlet, reading(kind)]),
);
