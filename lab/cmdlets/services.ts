import type { Actor } from "../files";
import { replicate } from "../model/central-management";
import { startServices, stopServices } from "../model/services";
import { type Computer, type World } from "../world";
import { CmdletRefusal, textOf, type Output, type Parameters } from "./refusal";
import { mustLogOn } from "./stores";

/** Windows services of Lync, on this computer or another. */

function computerOf(
  world: World,
  actor: Actor,
  parameters: Parameters,
): Required<Pick<Computer, "services">> & Computer {
  const name = (textOf(parameters, "ComputerName") ?? actor.host).toLowerCase();
  if (name !== actor.host) mustLogOn(actor);
  const computer = world.find(name);
  const reachable = name === actor.host || (computer?.reachable === true && world.computer(actor.host).reachable);
  if (!computer || !reachable) {
    throw new CmdletRefusal("not-found", `Cannot open the service control manager on computer '${name}'.`);
  }
  const { services = {} } = computer;
  if (Object.keys(services).length > 0) return Object.assign(computer, { services });
  throw new CmdletRefusal("no-such-service", `There are no services of Lync Server on ${name}.`);
}

/** One by name, without wildcards, or all. */
function namesOf(
  { fqdn, services }: { fqdn: string; services: Record<string, unknown> },
  parameters: Parameters,
): string[] {
  const wanted = textOf(parameters, "Name");
  const names = Object.keys(services);
  if (wanted === undefined) return names;
  const found = names.find((name) => name.toLowerCase() === wanted.toLowerCase());
  if (found !== undefined) return [found];
  throw new CmdletRefusal("no-such-service", `Cannot find any service with the name '${wanted}' on ${fqdn}.`);
}

export function getServices(world: World, actor: Actor, parameters: Parameters): Output {
  const computer = computerOf(world, actor, parameters);
  return namesOf(computer, parameters).map((name) => ({
    Status: computer.services[name] === "running" ? "Running" : "Stopped",
    Name: name,
    ActivityLevel: null,
  }));
}

export function stopWindowsServices(world: World, actor: Actor, parameters: Parameters): Output {
  const computer = computerOf(world, actor, parameters);
  stopServices(computer, namesOf(computer, parameters));
  return [];
}

export function startWindowsServices(world: World, actor: Actor, parameters: Parameters): Output {
  const computer = computerOf(world, actor, parameters);
  startServices(world, computer, namesOf(computer, parameters));
  replicate(world);
  return [];
}
