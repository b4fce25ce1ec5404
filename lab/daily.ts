import { administrators } from "./daily/administrators";
import { chats } from "./daily/chats";
import type { EveryDay } from "./daily/every-day";
import { meetings } from "./daily/meetings";
import { records } from "./daily/records";
import { moves, users } from "./daily/users";
import { randomFrom } from "./random";
import type { World } from "./world";

/** All that happens by itself, by the name that its chance follows from. */
const MODELS: Readonly<Record<string, EveryDay>> = {
  configuration: administrators,
  users,
  moves,
  meetings,
  chats,
  records,
};

export function liveDay(world: World, day: string): void {
  // By name: a model that comes later leaves the history of the others as it is.
  for (const [name, model] of Object.entries(MODELS)) {
    model(world, randomFrom([world.clock.seed, name, day].join(" ")), day);
  }
}
