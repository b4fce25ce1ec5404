import { fileStoresOf } from "../../estate/topology/stores";
import { isMember } from "../directory";
import type { Actor } from "../files";
import { replicate } from "../model/central-management";
import { answers } from "../model/databases";
import { ownersOf } from "../model/file-stores";
import { folderKey } from "../paths";
import { own, type World } from "../world";
import { CmdletRefusal, textOf, type Output, type Parameters } from "./refusal";
import { topologyFor } from "./stores";

/** Where the Central Management store is, and what its topology makes of a deployment. */

/** May be run again and again; what is named must be there, unless nobody is to look. */
export function setStoreLocation(world: World, _: Actor, parameters: Parameters): Output {
  const nameOf = (prefix: string): string | undefined => {
    const server = textOf(parameters, `${prefix}SqlServerFqdn`)?.toLowerCase();
    const instance = textOf(parameters, `${prefix}SqlInstanceName`)?.toLowerCase();
    return server === undefined || instance === undefined ? server : `${server}\\${instance}`;
  };
  for (const instance of [nameOf(""), nameOf("Mirror")]) {
    if (instance === undefined || parameters["SkipLookup"] === true || answers(world, instance)) continue;
    const message = `Cannot find the SQL Server "${instance}".`;
    throw new CmdletRefusal("database-unreachable", message, "Name one that is there, or add -SkipLookup.");
  }
  world.deployment.store.location = nameOf("") ?? world.deployment.store.location;
  return [];
}

/** What was published takes effect: replicas, and the rights on the file stores, as a restored one needs them. */
export function enableTopology(world: World, actor: Actor): Output {
  const topology = topologyFor(world, actor);
  const { directory, deployment } = world;
  if (!deployment.setupDelegated && !isMember(directory, actor.account, "Domain Admins")) {
    throw new CmdletRefusal(
      "no-setup-permission",
      `${actor.account} may not enable the topology: setup permission was not delegated.`,
      "Grant it with Grant-CsSetupPermission, or run this as a domain administrator.",
    );
  }
  for (const { path } of fileStoresOf(topology)) {
    const [, , server = "", name = ""] = path.split("\\");
    const computer = world.find(server);
    const share = computer && own(computer.shares, name);
    if (!computer || !share) continue;
    const entries = ownersOf(directory);
    const others = (computer.access[folderKey(share.path)] ?? share.access).filter(
      ({ sid }) => !entries.some((entry) => entry.sid === sid),
    );
    computer.access[folderKey(share.path)] = [...others, ...entries];
  }
  replicate(world);
  return [];
}
