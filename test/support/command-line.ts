import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { stopS3 } from "../../lab/s3";
import { finished, type Outcome } from "./engine";
import { ROOT } from "./root";

/** The repository's own stacks and command line, with a lab and a state that are gone after the test. */
export class CommandLine {
  readonly folder = realpathSync(mkdtempSync(path.join(tmpdir(), "lync-backup-cli-")));
  readonly lab = path.join(this.folder, "lab");

  constructor() {
    mkdirSync(path.join(this.folder, "state"));
  }

  private get env(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      // Some packages take a CI system for a terminal.
      CI: "true",
      LYNC_BACKUP_LAB: this.lab,
      PULUMI_BACKEND_URL: `file://${path.join(this.folder, "state").replaceAll("\\", "/")}`,
      PULUMI_CONFIG_PASSPHRASE: "lab",
      PULUMI_SKIP_UPDATE_CHECK: "true",
    };
  }

  run(...args: string[]): Promise<Outcome> {
    const main = path.join(ROOT, "dist", "cli", "main.js");
    return finished(spawn(process.execPath, [main, ...args], { cwd: this.folder, env: this.env }));
  }

  /** As any user of Pulumi types it, in the folder of Pulumi.yaml. */
  pulumi(...args: string[]): Promise<Outcome> {
    return finished(spawn("pulumi", [...args, "--non-interactive", "--color", "never"], { cwd: ROOT, env: this.env }));
  }

  async remove(): Promise<void> {
    await stopS3(this.lab);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
