import fs from "node:fs";
import path from "node:path";
import { makeContoso } from "./deployments/contoso";
import { makeFabrikam } from "./deployments/fabrikam";
import { LabError } from "./error";
import { namesIn, removeAll, writeWhole } from "./real";
import { S3_PARTS } from "./s3";
import { Store } from "./store";
import { inWorld, labExists, labMark, own, World, type LabDeployment } from "./world";

/** What the lab can be asked to do, for the command line and for tests. */

export { advance } from "./clock";
export * from "./edits";
export * from "./edits-of-fate";
export * from "./edits-of-files";
export * from "./edits-of-users";
export { LabError } from "./error";
export { CMDLET_FAULTS } from "./faults";
export { labStatus, type LabStatus } from "./status";
export { labExists } from "./world";

/** By name; `fabrikam` is large, and there is one of each product. */
export const DEPLOYMENTS: Readonly<Record<string, (seed: string) => LabDeployment>> = {
  contoso: makeContoso,
  "fabrikam-lync2013": (seed) => makeFabrikam("lync2013", seed),
  "fabrikam-sfb2015": (seed) => makeFabrikam("sfb2015", seed),
  "fabrikam-sfb2019": (seed) => makeFabrikam("sfb2019", seed),
  "fabrikam-sfbse": (seed) => makeFabrikam("sfbse", seed),
};

/** Of which lab a folder is. */
interface Made {
  lab: string;
  /** All that is in it by chance follows from it, and so does all that happens. */
  seed?: string;
}

function makeDeployment({ lab, seed = lab }: Made): LabDeployment {
  const make = own(DEPLOYMENTS, lab);
  if (make) return make(seed);
  throw new LabError(`There is no lab deployment ${lab}. There is ${Object.keys(DEPLOYMENTS).join(", ")}.`, 2);
}

const readMade = (folder: string): Made => JSON.parse(fs.readFileSync(labMark(folder), "utf8")) as Made;

interface CreateOptions {
  deployment?: string;
  seed?: string;
}

/** Makes the lab's folder and its world. Where a lab is already, nothing changes. */
export async function createLab(
  folder: string,
  { deployment, seed }: CreateOptions = {},
): Promise<{ created: boolean; deployment: string }> {
  const made = { lab: deployment ?? "contoso", ...(seed === undefined ? {} : { seed }) };
  const world = labExists(folder) ? undefined : makeDeployment(made);
  fs.mkdirSync(folder, { recursive: true });
  return new Store(folder).transaction((transaction) => {
    if (!world || labExists(folder)) {
      const { lab } = readMade(folder);
      if (deployment === undefined || deployment === lab) return { created: false, deployment: lab };
      throw new LabError(`There is a lab of ${lab} in ${folder}. Remove that folder first, or use another.`);
    }
    new World(folder, transaction).fill(world);
    transaction.commit();
    writeWhole(labMark(folder), `${JSON.stringify({ ...made, version: 1 })}\n`);
    return { created: true, deployment: made.lab };
  });
}

/** The world as it was on the first day: no module, no job, no set, nothing offsite. The S3 server goes on running. */
export async function resetLab(folder: string): Promise<void> {
  await inWorld(new Store(folder), (world) => {
    world.disk.clear();
    for (const part of S3_PARTS) {
      const contents = path.join(folder, "s3", part);
      for (const name of namesIn(contents)) removeAll(path.join(contents, name));
    }
    world.fill(makeDeployment(readMade(folder)));
  });
}
