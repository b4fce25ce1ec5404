import { bindingOf, CMDLETS, fits, syntaxOf, type ParameterSyntax, type Syntax } from "../../estate/cmdlets";
import { isMember, UNIVERSAL_SERVER_ADMINS } from "../directory";
import type { Actor } from "../files";
import type { World } from "../world";
import { exportConfiguration, replicationStatus } from "./configuration";
import { exportLocations } from "./locations";
import { CmdletRefusal, type Parameters, type Simulation } from "./refusal";

export { CmdletRefusal } from "./refusal";

/** How each cmdlet behaves. One that is in the table and not here has a syntax and no behaviour yet. */
const BEHAVIOUR: Readonly<Record<string, Simulation>> = {
  "Export-CsConfiguration": exportConfiguration,
  "Export-CsLisConfiguration": exportLocations,
  "Get-CsManagementStoreReplicationStatus": replicationStatus,
};

/** Calls a cmdlet as an account on a host. Rejects with what the shell would write in red. */
export async function callCmdlet(
  world: World,
  actor: Actor,
  name: string,
  parameters: Parameters,
): Promise<Record<string, unknown>[]> {
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
  if (!isMember(world.directory, actor.account, UNIVERSAL_SERVER_ADMINS)) {
    throw new CmdletRefusal(
      "not-authorised",
      `${actor.account} is not allowed to run ${known}: it is no member of ${UNIVERSAL_SERVER_ADMINS}.`,
      "Add it to the group; a membership counts from the next logon on.",
    );
  }
  return behaviour(world, actor, bound);
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
    if (!fits(parameter, value)) {
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
