import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import fs from "node:fs";
import https from "node:https";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { tool } from "../tools/bootstrap";

/** The server of the Python package moto, which knows every setting of a bucket; over TLS, as stores are reached. */
const MOTO = "5.2.1";
const PATIENCE_MS = 120_000;
const { cacheFolder } = tool<{ cacheFolder: () => string }>("setup/cache.js");

export class MotoServer {
  private constructor(
    private readonly folder: string,
    private readonly child: ChildProcess,
    readonly port: number,
  ) {}

  /** Where this computer has no Python, or cannot get the package: why. */
  static async start(): Promise<MotoServer | { missing: string }> {
    const python = findPython();
    if (typeof python === "object") return python;
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "lync-backup-moto-"));
    const [cert, key] = [path.join(folder, "cert.pem"), path.join(folder, "key.pem")];
    const made = spawnSync("openssl", [
      ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"],
      ...["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", cert],
    ]);
    if (made.status !== 0) return { missing: "openssl makes no certificate" };
    const port = await freePort();
    const args = ["-m", "moto.server", "-H", "127.0.0.1", "-p", String(port), "-s", "-c", cert, "-k", key];
    const child = spawn(python, args, { cwd: folder, stdio: "ignore" });
    const server = new MotoServer(folder, child, port);
    for (const until = Date.now() + PATIENCE_MS; !(await server.reset()); await delay(200)) {
      if (Date.now() < until && child.exitCode === null) continue;
      await server.stop();
      throw new Error("the server of moto did not start");
    }
    return server;
  }

  get authority(): string {
    return path.join(this.folder, "cert.pem");
  }

  /** Forgets everything; false where it does not answer. */
  reset(): Promise<boolean> {
    const at = { host: "127.0.0.1", port: this.port, path: "/moto-api/reset", method: "POST" };
    return new Promise((resolve) => {
      https
        .request({ ...at, ca: fs.readFileSync(this.authority) }, (answer) => {
          answer.resume().once("end", () => {
            resolve(answer.statusCode === 200);
          });
        })
        .once("error", () => {
          resolve(false);
        })
        .end();
    });
  }

  async stop(): Promise<void> {
    const ended = this.child.exitCode === null ? new Promise((resolve) => this.child.once("exit", resolve)) : undefined;
    this.child.kill("SIGKILL");
    await ended;
    fs.rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The Python that has moto: the one on PATH, or else one with packages of its own beside the engine. */
function findPython(): string | { missing: string } {
  const names = process.platform === "win32" ? ["python", "py"] : ["python3"];
  const python = names.find((name) => spawnSync(name, ["--version"]).status === 0);
  if (python === undefined) return { missing: "there is no Python 3" };
  if (hasMoto(python)) return python;
  const folder = path.join(cacheFolder(), "tools", `moto-${MOTO}`);
  const own = path.join(folder, ...(process.platform === "win32" ? ["Scripts", "python.exe"] : ["bin", "python3"]));
  if (hasMoto(own)) return own;
  for (const [command, ...args] of [
    [python, "-m", "venv", folder],
    [own, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", `moto[server]==${MOTO}`],
  ] as const) {
    const { status, stderr } = spawnSync(command, args, { encoding: "utf8" });
    if (status !== 0) return { missing: `${args.join(" ")} failed: ${stderr.trim().split("\n").at(-1) ?? ""}` };
  }
  return own;
}

const hasMoto = (python: string): boolean => spawnSync(python, ["-c", "import moto.server"]).status === 0;

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => {
        resolve(port);
      });
    });
  });
