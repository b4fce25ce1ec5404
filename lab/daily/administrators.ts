import { changeConfiguration } from "../model/central-management";
import { isWeekend, type EveryDay } from "./every-day";

const TEAM = "Tag:Team-";

/** On one working day in three an administrator changes a policy, adds one for a team, or removes such a one. */
export const administrators: EveryDay = (world, random, day) => {
  if (isWeekend(day) || !world.deployment.store.running || random.below(3) > 0) return;
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
};
