import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { RESOURCE_EXAMPLES } from "../../docs/examples/resources";
import { agentOn, EngineProject, type Declaration } from "./engine";
import { ROOT } from "./root";

/**
 * Records what a release leaves in the state, with the engine on PATH: `node dist/test/support/record-state.js v1.2.3`.
 * Every recorded state must stay usable for ever.
 */
export function recordedDeclarations(): Declaration[] {
  const { BackupTarget: target, CmsExport: job } = RESOURCE_EXAMPLES;
  const agents = [...job.args.hosts.map(({ name }) => name), target.args.host].map(agentOn);
  return [
    ...agents,
    { type: "BackupTarget", name: target.name, args: target.args, dependsOn: ["bk01"] },
    { type: "CmsExport", name: job.name, args: job.args, dependsOn: ["fe01", "fe11", target.name] },
  ];
}

async function record(release: string): Promise<void> {
  const project = await EngineProject.make();
  try {
    project.declare(recordedDeclarations());
    const up = await project.up();
    if (up.code !== 0) throw new Error(up.output);
    const { stdout } = await project.run(["stack", "export"]);
    const folder = path.join(ROOT, "test", "engine", "states");
    mkdirSync(folder, { recursive: true });
    const whole = JSON.stringify(JSON.parse(stdout, withoutPlaces), null, 2);
    const portable = whole.replaceAll(JSON.stringify(project.lab).slice(1, -1), "${LAB}");
    writeFileSync(path.join(folder, `${release}.json`), `${portable}\n`);
  } finally {
    project.remove();
  }
}

/** Without what the engine notes down of the program's files: it says where they lay on one computer. */
function withoutPlaces(key: string, value: unknown): unknown {
  return key === "sourcePosition" || key === "stackTrace" ? undefined : value;
}

if (require.main === module) void record(process.argv[2] ?? "unnamed");
