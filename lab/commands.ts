import fs from "node:fs";
import path from "node:path";
import { makeContoso } from "./deployments/contoso";
import { LabError } from "./error";
import { namesIn, removeAll, writeWhole } from "./real";
import { S3_PARTS } from "./s3";
import { Store } from "./store";
import { inWorld, labExists, labMark, World, type LabDeployment } from "./world";

/** What the lab can be asked to do, for the command line and for tests. */

export { advance } from "./clock";
export * from "./edits";
export * from "./edits-of-users";
export { LabError } from "./error";
export { labStatus, type LabStatus } from "./status";
export { labExists } from "./world";

const DEPLOYMENTS: Record<string, () => LabDeployment> = { contoso: makeContoso };

function deploymentCalled(name: string): LabDeployment {
  const make = DEPLOYMENTS[name];
  if (make) return make();
  throw new LabError(`There is no lab deployment ${name}. There is ${Object.keys(DEPLOYMENTS).join(", ")}.`);
}

/** Makes the lab's folder and its world. Where a lab is already, nothing changes. */
export async function createLab(folder: string, options: { deployment?: string } = {}): Promise<{ created: boolean }> {
  const { deployment = "contoso" } = options;
  const made = deploymentCalled(deployment);
  fs.mkdirSync(folder, { recursive: true });
  return new Store(folder).transaction((transaction) => {
    if (labExists(folder)) return { created: false };
    new World(folder, transaction).fill(made);
    transaction.commit();
    writeWhole(labMark(folder), `${JSON.stringify({ lab: deployment, version: 1 })}\n`);
    return { created: true };
  });
}

/** The world as it was on the first day: no module, no job, no set, nothing offsite. The S3 server goes on running. */
export async function resetLab(folder: string): Promise<void> {
  await inWorld(new Store(folder), (world) => {
    const { lab } = JSON.parse(fs.readFileSync(labMark(folder), "utf8")) as { lab: string };
    world.disk.clear();
    for (const part of S3_PARTS) {
      const contents = path.join(folder, "s3", part);
      for (const name of namesIn(contents)) removeAll(path.join(contents, name));
    }
    world.fill(deploymentCalled(lab));
  });
}
