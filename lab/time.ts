import { FIRST_MOMENT } from "./deployments/build";
import { Store } from "./store";
import { inWorld, labExists } from "./world";

/** What the clock of the lab shows; of one that is not there yet, what it will show first. */
export const labTime = (folder: string): Promise<string> =>
  labExists(folder) ? inWorld(new Store(folder), ({ clock }) => clock.now) : Promise.resolve(FIRST_MOMENT);
