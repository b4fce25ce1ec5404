import fs from "node:fs";
import { makeContoso, type LabDeployment } from "./deployments/contoso";
import { Store } from "./store";
import { labExists, labMark, World } from "./world";

export { labExists } from "./world";

const DEPLOYMENTS: Record<string, () => LabDeployment> = { contoso: makeContoso };

/** Makes the lab's folder and its world. Where a lab is already, nothing changes. */
export async function createLab(folder: string, options: { deployment?: string } = {}): Promise<{ created: boolean }> {
  const { deployment = "contoso" } = options;
  const make = DEPLOYMENTS[deployment];
  if (!make) {
    throw new Error(`There is no lab deployment ${deployment}. There is ${Object.keys(DEPLOYMENTS).join(", ")}.`);
  }
  fs.mkdirSync(folder, { recursive: true });
  return new Store(folder).transaction((sections) => {
    if (labExists(folder)) return { created: false };
    const { clock, directory, deployment: state, computers } = make();
    new World(folder, sections).fill(clock, directory, state, computers);
    sections.commit();
    fs.writeFileSync(labMark(folder), `${JSON.stringify({ lab: deployment, version: 1 })}\n`);
    return { created: true };
  });
}
