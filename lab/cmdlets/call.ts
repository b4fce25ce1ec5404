import { bindingOf, CMDLETS, fits, syntaxOf, type ParameterSyntax, type Syntax } from "../../estate/cmdlets";
import { calledWithFaults } from "../faults";
import { isMember, UNIVERSAL_SERVER_ADMINS } from "../directory";
import type { Actor } from "../files";
import type { World } from "../world";
import { exportArchive } from "./archiving";
import { enableTopology, setStoreLocation } from "./central-management";
import {
  exportConfiguration,
  importConfiguration,
  invokeReplication,
  managementConnection,
  replicationStatus,
  storeLocation,
} from "./configuration";
import { getMirrorState, installDatabases, testDatabase } from "./databases";
import { debugLocations, exportLocations, importLocations, publishLocations } from "./locations";
import { getRelationship, getStatus } from "./pairing";
import { exportChat, importChat } from "./persistent-chat";
import { CmdletRefusal, type Output, type Parameters, type Simulation } from "./refusal";
import { exportGroups, getSettings, GROUPS, importGroups } from "./response-groups";
import { getServices, startWindowsServices, stopWindowsServices } from "./services";
import { SETTINGS } from "./settings";
import { mustLogOn } from "./stores";
import { getComputer, getPool, getReporting, getService, getSite, getTopology } from "./topology";
import { exportUserData, importUserData, updateUserData } from "./user-data";
import { getUser } from "./users";

export { CmdletRefusal } from "./refusal";

interface Behaviour {
  does: Simulation;
  /** Groups that may call it beside RTCUniversalServerAdmins. */
  groups?: readonly string[];
  /** It works with what is on the computer, in a remote session too. */
  local?: true;
}

const SERVER_GROUPS = ["CsServerAdministrator", "CsAdministrator"];
const CHAT_GROUPS = ["CsPersistentChatAdministrator"];
const RESPONSE_GROUPS = ["CsResponseGroupAdministrator"];

const reads = (simulations: Readonly<Record<string, Simulation>>): Record<string, Behaviour> =>
  Object.fromEntries(Object.entries(simulations).map(([name, does]) => [name, { does }]));

/** How each cmdlet behaves. One that is in the table and not here has a syntax and no behaviour yet. */
const BEHAVIOUR: Readonly<Record<string, Behaviour>> = {
  "Debug-CsLisConfiguration": { does: debugLocations },
  "Enable-CsTopology": { does: enableTopology },
  "Export-CsArchivingData": { does: exportArchive },
  "Export-CsConfiguration": { does: exportConfiguration, local: true },
  "Export-CsLisConfiguration": { does: exportLocations },
  "Export-CsPersistentChatData": { does: exportChat, groups: CHAT_GROUPS },
  "Export-CsRgsConfiguration": { does: exportGroups, groups: RESPONSE_GROUPS },
  "Export-CsUserData": { does: exportUserData },
  "Get-CsBackupServiceStatus": { does: getStatus },
  "Get-CsComputer": { does: getComputer },
  "Get-CsConfigurationStoreLocation": { does: storeLocation },
  "Get-CsDatabaseMirrorState": { does: getMirrorState, local: true },
  "Get-CsManagementConnection": { does: managementConnection },
  "Get-CsManagementStoreReplicationStatus": { does: replicationStatus },
  "Get-CsPool": { does: getPool },
  "Get-CsPoolBackupRelationship": { does: getRelationship, local: true },
  "Get-CsReportingConfiguration": { does: getReporting, local: true },
  "Get-CsRgsConfiguration": { does: getSettings },
  "Get-CsService": { does: getService },
  "Get-CsSite": { does: getSite },
  "Get-CsTopology": { does: getTopology, local: true },
  "Get-CsUser": { does: getUser },
  "Get-CsWindowsService": { does: getServices, groups: SERVER_GROUPS, local: true },
  "Import-CsConfiguration": { does: importConfiguration, local: true },
  "Import-CsLisConfiguration": { does: importLocations },
  "Import-CsPersistentChatData": { does: importChat, groups: CHAT_GROUPS },
  "Import-CsRgsConfiguration": { does: importGroups, groups: RESPONSE_GROUPS },
  "Import-CsUserData": { does: importUserData },
  "Install-CsDatabase": { does: installDatabases },
  "Invoke-CsManagementStoreReplication": { does: invokeReplication },
  "Publish-CsLisConfiguration": { does: publishLocations },
  "Set-CsConfigurationStoreLocation": { does: setStoreLocation },
  "Start-CsWindowsService": { does: startWindowsServices, groups: SERVER_GROUPS, local: true },
  "Stop-CsWindowsService": { does: stopWindowsServices, groups: SERVER_GROUPS, local: true },
  "Test-CsDatabase": { does: testDatabase },
  "Update-CsUserData": { does: updateUserData },
  ...reads(GROUPS),
  ...Object.fromEntries(Object.entries(SETTINGS).map(([name, does]) => [name, { does, local: true as const }])),
};

export const SIMULATED: readonly string[] = Object.keys(BEHAVIOUR);

/** Calls a cmdlet as an account on a host. Rejects with what the shell would write in red. */
export async function callCmdlet(world: World, actor: Actor, name: string, parameters: Parameters): Promise<Output> {
  const { lync } = world.computer(actor.host);
  const known = Object.keys(CMDLETS).find((one) => one.toLowerCase() === name.toLowerCase());
  const syntax = known === undefined || !lync ? undefined : syntaxOf(known, lync.product);
  if (known === undefined || !syntax) {
    throw new CmdletRefusal(
      "unknown-cmdlet",
      `The term '${name}' is not recognized as the name of a cmdlet on ${actor.host}.`,
      lync ? "Its Lync release does not have it." : "The Lync management tools are not installed there.",
    );
  }
  const bound = bind(known, syntax, parameters);
  const behaviour = BEHAVIOUR[known];
  if (!behaviour) throw new CmdletRefusal("not-simulated", `The lab does not simulate ${known} yet.`);
  const groups = [UNIVERSAL_SERVER_ADMINS, ...(behaviour.groups ?? [])];
  if (!groups.some((group) => isMember(world.directory, actor.account, group))) {
    throw new CmdletRefusal(
      "not-authorised",
      `${actor.account} is not allowed to run ${known}: it is no member of ${groups.join(" or ")}.`,
      "Add it to the group; a membership counts from the next logon on.",
    );
  }
  if (behaviour.local !== true) mustLogOn(actor);
  if (bound["WhatIf"] === true) return [];
  return calledWithFaults(world, actor, known, bound, () => behaviour.does(world, actor, bound));
}

/** As the shell binds: names without regard to case, one parameter set, all that is mandatory in it, right types. */
function bind(cmdlet: string, syntax: Syntax, given: Parameters): Parameters {
  const bound: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    const [known, parameter] = entryOf(syntax.parameters, name) ?? [];
    if (known === undefined || !parameter) {
      const message = `${cmdlet}: A parameter cannot be found that matches parameter name '${name}'.`;
      throw new CmdletRefusal("unknown-parameter", message);
    }
    // Bytes stand in no document, and are handed over by other callers.
    const isFitting = parameter.type === "Byte[]" ? value instanceof Uint8Array : fits(parameter, value);
    if (!isFitting) {
      const message = `${cmdlet}: Cannot bind parameter '${known}'. It takes a ${parameter.type}.`;
      throw new CmdletRefusal("wrong-type", message);
    }
    if (value !== false) bound[known] = value;
  }
  const binding = bindingOf(syntax, Object.keys(bound));
  if (binding.fits) return bound;
  if (!binding.missing) {
    const message = `${cmdlet}: Parameter set cannot be resolved using the specified named parameters.`;
    throw new CmdletRefusal("ambiguous-parameters", message);
  }
  const names = binding.missing.join(" ");
  const message = `${cmdlet}: Cannot process command because of one or more missing mandatory parameters: ${names}.`;
  throw new CmdletRefusal("missing-parameter", message);
}

function entryOf(parameters: Syntax["parameters"], name: string): [string, ParameterSyntax] | undefined {
  return [...parameters].find(([one]) => one.toLowerCase() === name.toLowerCase());
}
