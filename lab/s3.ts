import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import { promises as timers } from "node:timers";
import { LabError } from "./error";
import { writeWhole } from "./real";
import { locked } from "./lock";
import { isAlive, markOf, type ProcessMark } from "./processes";
import { S3_ENDPOINT } from "./s3-endpoint";
import { labExists, NoLabError } from "./world";

/** The lab's S3 server: a real one, on this computer only, with its objects below the lab's folder. */

interface S3Access {
  endpoint: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
}

/** Kept in a file that only this user reads. The port stays the same, because buckets are declared with it. */
interface Server {
  port: number;
  accessKeyId: string;
  secretAccessKey: string;
  process?: ProcessMark;
}

const REGION = "us-east-1";
const PORT_TAKEN = 17;
const NO_SERVER = 14;
const PATIENCE_MS = 20_000;
/** Objects, and their older versions. */
export const S3_PARTS = ["data", "versions"] as const;
const KEPT = ["PATH", "HOME", "TMPDIR", "TEMP", "TMP", "SystemRoot", "USERPROFILE"];

/** Starts it where it does not run already, and resolves when it answers. */
export async function startS3(folder: string): Promise<{ endpoint: string; started: boolean }> {
  if (!labExists(folder)) throw new NoLabError(folder);
  return locked(lockOf(folder), async () => {
    const known = readServer(folder);
    if (known && (await isRunning(known))) return { endpoint: endpointOf(known), started: false };
    const program = findServer();
    const server = {
      port: known?.port ?? (await freePort()),
      accessKeyId: known?.accessKeyId ?? `LAB${randomBytes(8).toString("hex").toUpperCase()}`,
      secretAccessKey: known?.secretAccessKey ?? randomBytes(24).toString("base64url"),
    };
    if (!(await isFree(server.port))) {
      throw new LabError(
        `The port ${String(server.port)} of the lab's S3 server is taken by another program. ` +
          `Stop that program, or delete ${serverFile(folder)} and give the lab another port and other credentials.`,
        PORT_TAKEN,
      );
    }
    await launch(folder, program, server);
    return { endpoint: endpointOf(server), started: true };
  });
}

/** True where it was running. */
export async function stopS3(folder: string): Promise<boolean> {
  if (readServer(folder)?.process === undefined) return false;
  return locked(lockOf(folder), async () => {
    const server = readServer(folder);
    if (server?.process === undefined) return false;
    const { process: mark, ...rest } = server;
    // A process that does not answer at the port may be anybody's by now.
    const running = await isRunning(server);
    if (running) await end(mark);
    writeServer(folder, rest);
    return running;
  });
}

export async function s3Status(folder: string): Promise<{ running: boolean; endpoint: string | null }> {
  const server = readServer(folder);
  return { running: server !== undefined && (await isRunning(server)), endpoint: server ? endpointOf(server) : null };
}

/** What a client needs; rejects with one sentence where the server does not run. */
export async function requireS3(folder: string): Promise<S3Access> {
  const server = readServer(folder);
  if (!server || !(await isRunning(server))) {
    throw new LabError("The lab's S3 server is not running: start it with npm run lync-backup -- lab start.");
  }
  const { accessKeyId, secretAccessKey } = server;
  return { endpoint: endpointOf(server), region: REGION, accessKeyId, secretAccessKey };
}

/** A store as clients reach it, and the keys to it where it is that of this lab. */
export async function atLab<T extends { endpoint?: string | undefined }>(
  folder: string,
  reference: T,
): Promise<{ reference: T; keys?: Pick<S3Access, "accessKeyId" | "secretAccessKey"> }> {
  if (reference.endpoint !== S3_ENDPOINT) return { reference };
  const { endpoint, accessKeyId, secretAccessKey } = await requireS3(folder);
  return { reference: { ...reference, endpoint }, keys: { accessKeyId, secretAccessKey } };
}

const lockOf = (folder: string): string => path.join(folder, "s3", "lock");
const serverFile = (folder: string): string => path.join(folder, "s3", "server.json");
const endpointOf = ({ port }: Pick<Server, "port">): string => `http://127.0.0.1:${String(port)}`;

function readServer(folder: string): Server | undefined {
  const file = serverFile(folder);
  return fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, "utf8")) as Server) : undefined;
}

function writeServer(folder: string, server: Server): void {
  writeWhole(serverFile(folder), `${JSON.stringify(server, null, 2)}\n`, 0o600);
}

/** On PATH, or in the folder (or the file) that the environment names. */
function findServer(): string {
  const named = process.env["LYNC_BACKUP_S3_SERVER"];
  const folders = [...(process.env["PATH"] ?? "").split(path.delimiter), named ?? ""].filter((one) => one !== "");
  const name = process.platform === "win32" ? "versitygw.exe" : "versitygw";
  const files = [...folders.map((one) => path.join(one, name)), ...(named === undefined ? [] : [named])];
  const found = files.find((file) => fs.statSync(file, { throwIfNoEntry: false })?.isFile() === true);
  if (found !== undefined) return found;
  throw new LabError(
    "The S3 server versitygw is not on PATH. npm start provides it; or put versitygw 1.8 or later on PATH.",
    NO_SERVER,
  );
}

/** Detached, so that it outlives this process. Its credentials travel in the environment: command lines are public. */
async function launch(folder: string, program: string, server: Server): Promise<void> {
  const [own, data, versions] = ["", ...S3_PARTS].map((name) => path.join(path.resolve(folder), "s3", name)) as [
    string,
    string,
    string,
  ];
  for (const one of [data, versions]) fs.mkdirSync(one, { recursive: true });
  const logFile = path.join(own, "server.log");
  const log = fs.openSync(logFile, "w");
  const child = spawn(
    program,
    ["--port", `127.0.0.1:${String(server.port)}`, "--quiet", "posix", "--versioning-dir", versions, data],
    {
      cwd: own,
      detached: true,
      windowsHide: true,
      stdio: ["ignore", log, log],
      // Nothing else: what else this shell has in there is no business of a process that stays.
      env: {
        ...Object.fromEntries(KEPT.map((name) => [name, process.env[name]])),
        ROOT_ACCESS_KEY_ID: server.accessKeyId,
        ROOT_SECRET_ACCESS_KEY: server.secretAccessKey,
        VGW_REGION: REGION,
      },
    },
  );
  fs.closeSync(log);
  // At once: whoever is killed while waiting leaves a server that can be found and stopped.
  if (child.pid !== undefined) writeServer(folder, { ...server, process: markOf(child.pid) });
  let ended: string | undefined;
  child.once("error", (error) => (ended = error.message));
  child.once("exit", (code) => (ended = `it ended with code ${String(code)}`));
  child.unref();
  for (const until = Date.now() + PATIENCE_MS; ; await timers.setTimeout(25)) {
    // An answer could come from another program, on the port of a child that died.
    if (ended === undefined && (await answers(server))) return;
    if (ended === undefined && Date.now() < until) continue;
    child.kill();
    writeServer(folder, server);
    const last = fs.readFileSync(logFile, "utf8").trim().split("\n").at(-1) ?? "";
    throw new LabError(`The S3 server did not start: ${ended ?? "it does not answer"}. ${last} See ${logFile}.`);
  }
}

async function isRunning(server: Server): Promise<boolean> {
  return server.process !== undefined && isAlive(server.process) && (await answers(server));
}

/** Any answer will do: without credentials it is a refusal. */
async function answers(server: Server): Promise<boolean> {
  try {
    const response = await fetch(endpointOf(server), { signal: AbortSignal.timeout(2000) });
    await response.arrayBuffer();
    return true;
  } catch {
    return false;
  }
}

async function end(mark: ProcessMark): Promise<void> {
  for (const [signal, patience] of [
    ["SIGTERM", 5000],
    ["SIGKILL", 1000],
  ] as const) {
    try {
      process.kill(mark.pid, signal);
    } catch {
      return;
    }
    for (const until = Date.now() + patience; isAlive(mark) && Date.now() < until;) await timers.setTimeout(25);
    if (!isAlive(mark)) return;
  }
}

/** Listens for a moment; 0 takes any port that is free. */
const listen = (port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const { port: taken } = server.address() as net.AddressInfo;
      server.close(() => {
        resolve(taken);
      });
    });
  });
const freePort = (): Promise<number> => listen(0);
const isFree = (port: number): Promise<boolean> =>
  listen(port).then(
    () => true,
    () => false,
  );
