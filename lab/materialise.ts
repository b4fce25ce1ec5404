import { targetNames, targetNote } from "./state";
import type { World } from "./world";

/** Whoever looks at a target from outside, a courier or a person, finds real files there. */
export function materialiseTargets(world: World): void {
  for (const host of world.computers()) {
    for (const name of targetNames(world, host)) {
      const path = targetNote(world, host, name)?.declaration.path;
      if (path !== undefined) world.disk.materialise({ host, local: path });
    }
  }
}
