import { changeConfiguration } from "./model/central-management";
import { randomFrom, type Random } from "./random";
import type { World } from "./world";

/**
 * What happens by itself while time passes: called as each day begins, in UTC. It may change what it likes of the world,
 * and takes all chance from `random`, so that the same lab has the same history.
 */
export type EveryDay = (world: World, random: Random, day: string) => void;

const MODELS: Readonly<Record<string, EveryDay>> = { configuration: administer };

export function liveDay(world: World, day: string): void {
  // By name: a model that comes later leaves the history of the others as it is.
  for (const [name, model] of Object.entries(MODELS)) {
    model(world, randomFrom([world.clock.seed, name, day].join(" ")), day);
  }
}

const TEAM = "Tag:Team-";

/** On one working day in three an administrator changes a policy, adds one for a team, or removes such a one. */
function administer(world: World, random: Random, day: string): void {
  const isWeekend = [0, 6].includes(new Date(day).getUTCDay());
  if (isWeekend || !world.deployment.store.running || random.below(3) > 0) return;
  changeConfiguration(world, (contents) => {
    const { policies } = contents;
    const what = random.below(10);
    if (what < 6) {
      const changed = policies[random.below(policies.length)];
      if (changed) changed.settings["Description"] = `As of ${day}`;
    } else if (what < 9) {
      policies.push({ kind: "Voice", identity: `${TEAM}${day}`, settings: { Description: `For a team of ${day}` } });
    } else {
      const teams = policies.filter(({ identity }) => identity.startsWith(TEAM));
      const removed = teams[random.below(teams.length)];
      contents.policies = policies.filter((one) => one !== removed);
    }
  });
}
