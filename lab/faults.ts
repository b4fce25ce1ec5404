import { CmdletRefusal, textOf, type Output, type Parameters } from "./cmdlets/refusal";
import { reach, type Actor } from "./files";
import { own, type World } from "./world";

/** How a cmdlet is broken on a computer by command. */
export const CMDLET_FAULTS = ["refuse", "hang", "half"] as const;
export type CmdletFault = (typeof CMDLET_FAULTS)[number];

export const faultOf = (world: World, { host }: Actor, cmdlet: string): CmdletFault | undefined =>
  own(world.computer(host).brokenCmdlets ?? {}, cmdlet.toLowerCase());

/** Calls it as broken as it is. Of one that hangs, whoever waits for it gives up in the end. */
export async function calledWithFaults(
  world: World,
  actor: Actor,
  cmdlet: string,
  parameters: Parameters,
  call: () => Promise<Output> | Output,
): Promise<Output> {
  const fault = faultOf(world, actor, cmdlet);
  if (fault === "refuse") throw new CmdletRefusal("broken", `${cmdlet}: An unexpected error occurred.`);
  if (fault === "hang") throw new CmdletRefusal("broken", `${cmdlet} does not answer.`);
  const output = await call();
  const file = textOf(parameters, "FileName");
  if (fault !== "half" || file === undefined) return output;
  const place = reach(world, actor, file, "change");
  const whole = world.disk.body(place)?.read();
  if (whole) world.disk.write(place, whole.subarray(0, whole.length / 2));
  return output;
}
