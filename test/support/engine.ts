import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { shortName } from "../../estate/estate";
import { createLab } from "../../lab/commands";
import { ROOT } from "./root";

export interface Declaration {
  type: string;
  name: string;
  args: Record<string, unknown>;
  dependsOn?: string[];
  opts?: Record<string, unknown>;
}

/** The module on a host, as most stacks begin. */
export const agentOn = (host: string): Declaration => ({
  type: "HostAgent",
  name: shortName(host),
  args: { host, reach: { via: "lab" } },
});

export interface Outcome {
  code: number | null;
  /** Both streams, as a person sees them. */
  output: string;
  stdout: string;
}

/** The program declares what a file says, so that a test changes a declaration without changing a program. */
const PROGRAM = `
const fs = require("node:fs");
const pulumi = require("@pulumi/pulumi");
const lync = require("lync-backup/dist/providers");
const made = {};
for (const { type, name, args, opts, dependsOn } of JSON.parse(fs.readFileSync(__dirname + "/declared.json", "utf8"))) {
  const special = (value) => {
    if (typeof value !== "object" || value === null) return value;
    if ("secret" in value) return pulumi.secret(value.secret);
    return "output" in value ? made[value.of][value.output] : value;
  };
  const declared = Object.fromEntries(Object.entries(args).map(([key, value]) => [key, special(value)]));
  made[name] = new lync[type](name, declared, { ...opts, dependsOn: (dependsOn ?? []).map((one) => made[one]) });
  exports[name] = made[name].urn;
}
`;

/** A Pulumi project of its own, with a lab of its own, that uses the product as an installed package. */
export class EngineProject {
  private constructor(
    readonly folder: string,
    readonly lab: string,
  ) {}

  static async make(deployment = "contoso"): Promise<EngineProject> {
    const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "lync-backup-engine-")));
    const project = new EngineProject(folder, path.join(folder, "lab"));
    const modules = path.join(folder, "node_modules");
    mkdirSync(modules);
    mkdirSync(path.join(folder, "state"));
    symlinkSync(ROOT, path.join(modules, "lync-backup"), "junction");
    symlinkSync(path.join(ROOT, "node_modules", "@pulumi"), path.join(modules, "@pulumi"), "junction");
    project.write("package.json", '{ "name": "engine-test", "private": true }');
    project.write("program.js", PROGRAM);
    project.write("Pulumi.yaml", "name: engine-test\nruntime: nodejs\nmain: program.js\n");
    project.declare([]);
    await createLab(project.lab, { deployment });
    const made = await project.run(["stack", "select", "--create", "test"]);
    if (made.code !== 0) throw new Error(made.output);
    await project.run(["config", "set", "lync-backup:lab", project.lab]);
    return project;
  }

  write(name: string, text: string): void {
    writeFileSync(path.join(this.folder, name), text);
  }

  declare(declarations: readonly Declaration[]): void {
    this.write("declared.json", JSON.stringify(declarations));
  }

  /** For the engine, whoever starts it. */
  get env(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      PULUMI_BACKEND_URL: `file://${path.join(this.folder, "state").replaceAll("\\", "/")}`,
      PULUMI_CONFIG_PASSPHRASE: "test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
    };
  }

  start(args: readonly string[], env: Record<string, string> = {}): ChildProcess {
    return spawn("pulumi", [...args, "--non-interactive", "--color", "never"], {
      cwd: this.folder,
      env: { ...this.env, ...env },
    });
  }

  async run(args: readonly string[], env: Record<string, string> = {}): Promise<Outcome> {
    return finished(this.start(args, env));
  }

  up(...more: string[]): Promise<Outcome> {
    return this.run(["up", "--yes", "--skip-preview", ...more]);
  }

  preview(...more: string[]): Promise<Outcome> {
    return this.run(["preview", ...more]);
  }

  async state(): Promise<StateResource[]> {
    const exported = await this.run(["stack", "export"]);
    const parsed = JSON.parse(exported.stdout) as {
      deployment: { resources?: StateResource[] };
    };
    return (parsed.deployment.resources ?? []).filter(({ type }) => type.startsWith("pulumi-nodejs:dynamic/"));
  }

  /** Puts a recorded state in the place of the stack's own: what an older release left behind. */
  async importRecorded(release: string): Promise<void> {
    const recorded = readFileSync(path.join(ROOT, "test", "engine", "states", `${release}.json`), "utf8");
    this.write("recorded.json", recorded.replaceAll("${LAB}", JSON.stringify(this.lab).slice(1, -1)));
    const imported = await this.run(["stack", "import", "--file", path.join(this.folder, "recorded.json")]);
    if (imported.code !== 0) throw new Error(imported.output);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export interface StateResource {
  type: string;
  urn: string;
  id: string;
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
  initErrors?: string[];
}

export async function finished(child: ChildProcess): Promise<Outcome> {
  let output = "";
  let stdout = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
    output += chunk.toString();
  });
  child.stderr?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  return { code, output, stdout };
}

/** Kills the engine with its language host and its providers, at once and without a word, as a power cut does. */
export function killTree(child: ChildProcess): void {
  if (child.pid === undefined) return;
  if (process.platform === "win32") {
    spawnSync("taskkill", ["/pid", String(child.pid), "/t", "/f"]);
    return;
  }
  const { stdout } = spawnSync("ps", ["-eo", "pid=,ppid="], { encoding: "utf8" });
  const pairs = stdout.split("\n").map((line) => line.trim().split(/\s+/).map(Number));
  const below = (parent: number): number[] =>
    pairs.flatMap(([pid, ppid]) => (pid !== undefined && ppid === parent ? [pid, ...below(pid)] : []));
  for (const pid of [child.pid, ...below(child.pid)]) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }
}

/** Whether the engine is here; tests that need it are skipped by name where it is not. */
export async function engineIsHere(): Promise<boolean> {
  try {
    return (await finished(spawn("pulumi", ["version"]))).code === 0;
  } catch {
    return false;
  }
}
