import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import https from "node:https";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import {
  CreateBucketCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectLockConfigurationCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import type { CourierSource, StoreReference } from "../../../estate/documents";
import { compactTime } from "../../../estate/documents";
import { openStore, type StoreOptions } from "../../../offsite/store/open";
import type { Store } from "../../../offsite/store/store";

/** A real S3 server for tests and benches: one process, a bucket per test. */
export const serverIsHere =
  spawnSync("versitygw", ["--version"]).status === 0 || process.env["LYNC_BACKUP_S3_SERVER"] !== undefined;

const SERVER = process.env["LYNC_BACKUP_S3_SERVER"] ?? "versitygw";

interface Key {
  accessKeyId: string;
  secretAccessKey: string;
}

function saveKey(folder: string, name: string, key: Key): void {
  fs.writeFileSync(path.join(folder, `${name}.json`), JSON.stringify(key), { mode: 0o600 });
}

/** Of those that can lock, one locks by itself whatever comes: nobody rewrites or deletes a version there. */
export type BucketKind = "plain" | "versioned" | "locked" | "compliance";

/** How sets are pushed into a bucket: where it can lock, everything is under compliance, so that nobody rewrites it. */
export const keepingIn = (kind: BucketKind): Pick<CourierSource, "lock"> =>
  kind === "locked" ? { lock: { mode: "compliance", days: 1 } } : {};

export interface ServedRequest {
  /** Such as PutObject. */
  action: string;
  key: string;
  part: number | undefined;
  status: number;
}

export class S3Server {
  private constructor(
    readonly folder: string,
    readonly endpoint: string,
    private readonly child: ChildProcess,
    private readonly client: S3Client,
    private readonly root: Key,
  ) {}

  static async start(tls?: { cert: string; key: string }): Promise<S3Server> {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "lync-backup-s3-"));
    for (const part of ["data", "versions", "credentials", "iam"]) fs.mkdirSync(path.join(folder, part));
    const [accessKeyId, secretAccessKey] = [randomBytes(8).toString("hex"), randomBytes(16).toString("hex")];
    const root = { accessKeyId, secretAccessKey };
    saveKey(path.join(folder, "credentials"), CREDENTIALS, root);
    const port = await freePort();
    const endpoint = `${tls ? "https" : "http"}://127.0.0.1:${String(port)}`;
    const child = spawn(
      SERVER,
      [
        "--port",
        `127.0.0.1:${String(port)}`,
        "--quiet",
        "--access-log",
        path.join(folder, LOG),
        "--iam-dir",
        path.join(folder, "iam"),
        ...(tls ? ["--cert", tls.cert, "--key", tls.key] : []),
        "posix",
        "--versioning-dir",
        path.join(folder, "versions"),
        "data",
      ],
      {
        cwd: folder,
        stdio: "ignore",
        env: {
          PATH: process.env["PATH"],
          ROOT_ACCESS_KEY_ID: accessKeyId,
          ROOT_SECRET_ACCESS_KEY: secretAccessKey,
          VGW_REGION: REGION,
        },
      },
    );
    for (const until = Date.now() + 20_000; !(await listens(port)); await delay(25)) {
      if (Date.now() > until || child.exitCode !== null) throw new Error("the S3 server did not start");
    }
    process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] = "true";
    const client = new S3Client({
      ...{ endpoint, region: REGION, forcePathStyle: true, credentials: root },
      ...(tls ? { requestHandler: { httpsAgent: new https.Agent({ ca: fs.readFileSync(tls.cert) }) } } : {}),
    });
    return new S3Server(folder, endpoint, child, client, root);
  }

  get credentialsFolder(): string {
    return path.join(this.folder, "credentials");
  }

  /** Where the bytes of an object really lie, for those who mean it harm. */
  fileOf(bucket: string, key: string): string {
    return path.join(this.folder, "data", bucket, ...key.split("/"));
  }

  /** What the server was asked for in a bucket, and what it answered. */
  requests(bucket: string): ServedRequest[] {
    const lines = fs.readFileSync(path.join(this.folder, LOG), "utf8").split("\n");
    return lines.flatMap((line) => {
      const [, of, action = "", key = "", url = "", status = ""] =
        /^\S+ (\S+) \[[^\]]*\] \S+ \S+ \S+ s3_(\w+) (\S+) (\S+) (\d+) /.exec(line) ?? [];
      if (of !== bucket) return [];
      const part = new URLSearchParams(url.slice(url.indexOf("?") + 1)).get("partNumber");
      return [{ action, key, part: part === null ? undefined : Number(part), status: Number(status) }];
    });
  }

  async bucket(kind: BucketKind = "plain", options: Partial<StoreReference> = {}): Promise<StoreReference> {
    const bucket = `test-${randomBytes(6).toString("hex")}`;
    const locks = kind === "locked" || kind === "compliance";
    await this.client.send(new CreateBucketCommand({ Bucket: bucket, ObjectLockEnabledForBucket: locks }));
    if (kind === "compliance") {
      const Rule = { DefaultRetention: { Mode: "COMPLIANCE", Days: 1 } } as const;
      const ObjectLockConfiguration = { ObjectLockEnabled: "Enabled", Rule } as const;
      await this.client.send(new PutObjectLockConfigurationCommand({ Bucket: bucket, ObjectLockConfiguration }));
    }
    if (kind === "versioned") {
      const VersioningConfiguration = { Status: "Enabled" } as const;
      await this.client.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration }));
    }
    return {
      profile: "versitygw",
      endpoint: this.endpoint,
      region: REGION,
      bucket,
      prefix: "",
      capabilities: {},
      ...options,
    };
  }

  /** Somebody who may do what a policy of the bucket grants, and nothing else. */
  account(name: string): void {
    const secretAccessKey = randomBytes(16).toString("hex");
    const key = ["--access", name, "--secret", secretAccessKey, "--role", "user"];
    const { status, stderr } = spawnSync(SERVER, ["admin", "create-user", ...key], {
      encoding: "utf8",
      env: {
        PATH: process.env["PATH"],
        ADMIN_ENDPOINT_URL: this.endpoint,
        ADMIN_ACCESS_KEY_ID: this.root.accessKeyId,
        ADMIN_SECRET_ACCESS_KEY: this.root.secretAccessKey,
        ADMIN_REGION: REGION,
      },
    });
    if (status !== 0) throw new Error(`there is no account ${name}: ${stderr}`);
    saveKey(this.credentialsFolder, name, { accessKeyId: name, secretAccessKey });
  }

  async policy({ bucket }: StoreReference, policy: object): Promise<void> {
    await this.client.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy: JSON.stringify(policy) }));
  }

  /** As if everything in a bucket had come so many days earlier: the server tells the times of its files. */
  age({ bucket }: StoreReference, days: number): void {
    const folder = path.join(this.folder, "data", bucket);
    for (const entry of fs.readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const file = path.join(entry.parentPath, entry.name);
      const at = new Date(fs.statSync(file).mtimeMs - days * 86_400_000);
      fs.utimesSync(file, at, at);
      // A mark says itself when it was made.
      const [, object = ""] = /^(.+)\.\d{8}T\d{6}Z\.json$/.exec(entry.name) ?? [];
      if (object === "") continue;
      fs.renameSync(file, path.join(entry.parentPath, `${object}.${compactTime(at.toISOString())}.json`));
    }
  }

  /** Tests with hundreds of buckets would fill the disk. */
  discard({ bucket }: StoreReference): void {
    for (const part of ["data", "versions"]) {
      fs.rmSync(path.join(this.folder, part, bucket), { recursive: true, force: true });
    }
  }

  open(reference: StoreReference, options: Partial<StoreOptions> = {}): Promise<Store> {
    return openStore(reference, { credentials: CREDENTIALS, credentialsFolder: this.credentialsFolder, ...options });
  }

  async stop(): Promise<void> {
    this.client.destroy();
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill("SIGKILL");
    await ended;
    fs.rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

export const CREDENTIALS = "test";
const REGION = "us-east-1";
const LOG = "access.log";

const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = net.connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => {
      resolve(false);
    });
  });

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
