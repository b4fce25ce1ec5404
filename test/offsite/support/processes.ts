import { spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import type { CourierSource, StoreReference } from "../../../estate/documents";
import type { PushReport } from "../../../offsite/push/push";
import type { ChildWork } from "./child";
import type { SetMaker } from "./sets";
import { CREDENTIALS, type S3Server } from "./store";

export interface CourierProcess {
  /** What it reported; undefined where it was killed. */
  ended: Promise<PushReport | undefined>;
  /** How many milliseconds it was at work, without its start. */
  took: Promise<number>;
}

/** A courier in a process of its own; killed so many milliseconds after it has begun, if it is still there then. */
export function startCourier(
  server: S3Server,
  reference: StoreReference,
  maker: SetMaker,
  {
    killAfterMs,
    source = {},
    copy = "offsite",
    othersMs = 500,
    now,
  }: {
    killAfterMs?: number;
    source?: Partial<CourierSource>;
    copy?: string;
    othersMs?: number;
    /** Of the estate, by which sets grow old. */
    now?: string;
  } = {},
): CourierProcess {
  const work: ChildWork = {
    reference,
    options: { credentials: CREDENTIALS, credentialsFolder: server.credentialsFolder },
    sources: [{ series: "all", legalHold: false, ...source, target: maker.target }],
    copy,
    othersMs,
    ...(now === undefined ? {} : { now }),
  };
  const child = spawn(process.execPath, [path.join(__dirname, "child.js"), JSON.stringify(work)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let report: PushReport | undefined;
  let killed = false;
  let errors = "";
  let begunAt = performance.now();
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  createInterface({ input: child.stdout }).on("line", (line) => {
    if (line !== "begin") {
      report = JSON.parse(line) as PushReport;
      return;
    }
    begunAt = performance.now();
    if (killAfterMs === undefined) return;
    void delay(killAfterMs).then(() => {
      killed = child.kill("SIGKILL");
    });
  });
  const ended = new Promise<PushReport | undefined>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0 || killed) resolve(report);
      else reject(new Error(`the courier ended with ${String(code)}: ${errors}`));
    });
  });
  return { ended, took: ended.then(() => performance.now() - begunAt) };
}
