import { fileStoresOf, isFrontEnd } from "../../estate/topology/stores";
import { below, type Place } from "../paths";
import { own, type World } from "../world";
import { daysAfter, isWeekend, type EveryDay } from "./every-day";

/** Where those who meet put what they show, in the folder of the web services. */
const CONTENT = "CollabContent";
const WEB_SERVICES = /^\d+-WebServices-\d+$/;
const KEPT_DAYS = 45;
/** Files differ in so many contents: each has to be made only once for its hash to be known. */
const CONTENTS = 400;

/** On working days people show slides in meetings; what they leave in the file store is removed weeks later. */
export const meetings: EveryDay = (world, random, day) => {
  const past = `${daysAfter(day, -KEPT_DAYS)}-`;
  for (const store of servedStores(world)) {
    const folders = world.disk.names(store).filter((name) => WEB_SERVICES.test(name));
    for (const folder of folders) {
      const content = below(store, folder, CONTENT);
      for (const name of world.disk.names(content)) {
        if (/^\d{4}-\d\d-\d\d-/.test(name) && name < past) world.disk.remove(below(content, name));
      }
      for (let meeting = isWeekend(day) ? 0 : random.below(4); meeting > 0; meeting--) {
        for (let file = 1 + random.below(3); file > 0; file--) {
          const slides = below(content, `${day}-${String(meeting)}`, `slides-${String(file)}.pptx`);
          const [bytes, seed] = [200 + random.below(CONTENTS) * 100, `content ${String(random.below(CONTENTS))}`];
          world.disk.describe(slides, { bytes, modified: Date.parse(world.clock.now), seed });
        }
      }
    }
  }
};

/** The folders behind the shares of Front End pools. */
function servedStores(world: World): Place[] {
  const stores = fileStoresOf(world.deployment.topology).filter(({ pools }) => pools.some(isFrontEnd));
  return stores.flatMap(({ path }) => {
    const [, , server = "", name = ""] = path.split("\\");
    const computer = world.find(server);
    const share = computer && own(computer.shares, name.toLowerCase());
    return share && computer.reachable ? [{ host: computer.fqdn, local: share.path }] : [];
  });
}
