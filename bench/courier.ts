import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { performance } from "node:perf_hooks";
import { format } from "prettier";
import { sizeText } from "../cli/output";
import type { StoreReference } from "../estate/documents";
import { SetMaker } from "../test/offsite/support/sets";
import { CREDENTIALS, S3Server } from "../test/offsite/support/store";
import { ROOT } from "../test/support/root";

/**
 * The courier against its peers, in one run: the same files, the same server, a bucket for each. Sizes are those of the
 * table; COURIER_BENCH_SCALE=0.01 tries it with less, and writes no table.
 */
const SCALE = Number(process.env["COURIER_BENCH_SCALE"] ?? 1);
const scaled = (count: number): number => Math.max(1, Math.round(count * SCALE));

const CARRIERS = ["courier", "rclone", "aws s3 sync"] as const;
type Carrier = (typeof CARRIERS)[number];
const isHere: Record<Carrier, boolean> = {
  courier: true,
  rclone: spawnSync("rclone", ["version"]).status === 0,
  "aws s3 sync": spawnSync("aws", ["--version"]).status === 0,
};

const PATIENCE_MS = 120_000;

interface Run {
  seconds: number;
  /** It was ended then: nobody waits longer. */
  gaveUp: boolean;
  /** The most memory that was resident; undefined where the system does not tell. */
  peak: number | undefined;
}

/** Of several runs the one in the middle by its time, with the most memory that any of them had. */
function middleOf(runs: readonly Run[]): Run | undefined {
  const middle = [...runs].sort((a, b) => a.seconds - b.seconds)[Math.floor(runs.length / 2)];
  const peaks = runs.flatMap(({ peak }) => peak ?? []);
  return middle && { ...middle, peak: peaks.length > 0 ? Math.max(...peaks) : undefined };
}

/** Runs a program to its end, and looks now and then how much memory it has had at the most. */
async function measured(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Run> {
  const begin = performance.now();
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ["ignore", "ignore", "pipe"] });
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  let peak: number | undefined;
  const look = setInterval(() => (peak = peakOf(child.pid) ?? peak), 20);
  let gaveUp = false;
  const patience = setTimeout(() => (gaveUp = child.kill("SIGKILL")), PATIENCE_MS);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  clearInterval(look);
  clearTimeout(patience);
  if (code !== 0 && !gaveUp) throw new Error(`${command} ${args.join(" ")}: ${errors}`);
  return { seconds: (performance.now() - begin) / 1000, gaveUp, peak };
}

function peakOf(pid: number | undefined): number | undefined {
  try {
    const status = fs.readFileSync(`/proc/${String(pid)}/status`, "utf8");
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(status) ?? [];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}

interface Race {
  what: string;
  again?: string;
  rounds: number;
}

class Course {
  private readonly key: { accessKeyId: string; secretAccessKey: string };

  constructor(private readonly server: S3Server) {
    const text = fs.readFileSync(this.keyFile, "utf8");
    this.key = JSON.parse(text) as Course["key"];
  }

  carry(carrier: Carrier, target: string, { bucket, endpoint = "", region }: StoreReference): Promise<Run> {
    const { accessKeyId, secretAccessKey } = this.key;
    switch (carrier) {
      case "courier":
        return this.offsite(bucket, "push", "--target", target);
      case "rclone":
        return measured("rclone", ["copy", target, `bench:${bucket}`, "--transfers", "16", "--config", ""], {
          // The server speaks plain HTTP, and a bundle named here is more than some releases understand.
          AWS_CA_BUNDLE: undefined,
          ...{ RCLONE_CONFIG_BENCH_TYPE: "s3", RCLONE_CONFIG_BENCH_PROVIDER: "Other" },
          ...{ RCLONE_CONFIG_BENCH_ENDPOINT: endpoint, RCLONE_CONFIG_BENCH_REGION: region },
          ...{ RCLONE_CONFIG_BENCH_ACCESS_KEY_ID: accessKeyId, RCLONE_CONFIG_BENCH_SECRET_ACCESS_KEY: secretAccessKey },
        });
      case "aws s3 sync":
        return measured("aws", ["s3", "sync", "--only-show-errors", target, `s3://${bucket}/`], {
          ...{ AWS_ENDPOINT_URL: endpoint, AWS_REGION: region },
          ...{ AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey },
        });
    }
  }

  offsite(bucket: string, command: string, ...args: string[]): Promise<Run> {
    const main = path.join(ROOT, "dist", "cli", "main.js");
    const store = ["--profile", "versitygw", "--endpoint", this.server.endpoint, "--bucket", bucket];
    return measured(process.execPath, [main, "offsite", command, ...store, "--credentials", this.keyFile, ...args], {});
  }

  private get keyFile(): string {
    return path.join(this.server.credentialsFolder, `${CREDENTIALS}.json`);
  }

  /**
   * So many rounds, in each of which all take turns, each into a bucket of its own; once more where the second time is
   * asked for.
   */
  async race({ what, again, rounds }: Race, maker: SetMaker): Promise<string[]> {
    const carriers = CARRIERS.filter((one) => isHere[one]);
    const first = new Map(carriers.map((one) => [one, [] as Run[]]));
    const second = new Map(carriers.map((one) => [one, [] as Run[]]));
    for (let round = 0; round < rounds; round++) {
      for (const carrier of carriers) {
        // What was written before is not to be paid for by whoever comes next.
        spawnSync("sync");
        const bucket = await this.server.bucket();
        first.get(carrier)?.push(await this.carry(carrier, maker.target, bucket));
        if (again !== undefined) second.get(carrier)?.push(await this.carry(carrier, maker.target, bucket));
        fs.rmSync(path.join(this.server.folder, "data", bucket.bucket), { recursive: true });
        maker.forget();
      }
    }
    return [row(what, first), ...(again === undefined ? [] : [row(again, second)])];
  }
}

const text = ({ seconds, gaveUp, peak }: Run): string =>
  `${gaveUp ? "over " : ""}${seconds.toFixed(1)} s${peak === undefined ? "" : `, ${sizeText(peak)}`}`;

function row(what: string, runs: ReadonlyMap<Carrier, readonly Run[]>): string {
  const ours = middleOf(runs.get("courier") ?? []);
  const cells = CARRIERS.map((carrier) => {
    const run = middleOf(runs.get(carrier) ?? []);
    if (!run || !ours) return "not here";
    return carrier === "courier" ? text(run) : `${text(run)} (${(run.seconds / ours.seconds).toFixed(1)})`;
  });
  const line = `| ${[what, ...cells].join(" | ")} |`;
  console.log(line);
  return line;
}

/** Files that are there for as long as they are carried. */
async function withSets<T>(make: (maker: SetMaker) => void, work: (maker: SetMaker) => Promise<T>): Promise<T> {
  const maker = SetMaker.temporary("bench");
  try {
    make(maker);
    return await work(maker);
  } finally {
    maker.remove();
  }
}

async function main(): Promise<void> {
  const server = await S3Server.start();
  try {
    const course = new Course(server);
    const rows = [
      ...(await withSets(
        (maker) => maker.fileStore("files", { add: scaled(5000) }),
        (maker) =>
          course.race(
            { what: `${String(scaled(5000))} files of 0.8 to 60 kB`, again: "nothing to do", rounds: 3 },
            maker,
          ),
      )),
      ...(await withSets(
        (maker) => maker.sql("archiving", [scaled(512 << 20), scaled(512 << 20)]),
        (maker) => course.race({ what: `2 × ${sizeText(scaled(512 << 20))}`, rounds: 3 }, maker),
      )),
      ...(await withSets(
        (maker) => maker.sql("archiving", [scaled(5 * 1024 ** 3)]),
        (maker) => course.race({ what: `one file of ${sizeText(scaled(5 * 1024 ** 3))}`, rounds: 1 }, maker),
      )),
    ];
    const many = await withSets(
      (maker) => maker.fileStore("files", { add: scaled(100_000), size: (random) => 800 + random.below(2000) }),
      async (maker) => {
        const { bucket } = await server.bucket();
        const pushed = await course.offsite(bucket, "push", "--target", maker.target);
        return { pushed, verified: await course.offsite(bucket, "verify", "--full") };
      },
    );
    const last = `${String(scaled(100_000))} files: carried in ${text(many.pushed)}, every byte verified in ${text(many.verified)}.`;
    console.log(last);
    if (SCALE === 1) await writeTable(rows, last);
  } finally {
    await server.stop();
  }
}

async function writeTable(rows: readonly string[], last: string): Promise<void> {
  const page = [
    "# The courier against its peers",
    "Time, the most memory that was resident, and in brackets how many times as long as the courier. In one run, with the same files, the same server (versitygw on this computer) and a new bucket for each; rclone with 16 transfers. All take turns, three times (with the largest file once), and the time in the middle stands here; who is not done after two minutes is ended.",
    [`| what is carried | ${CARRIERS.join(" | ")} |`, "| --- | --- | --- | --- |", ...rows].join("\n"),
    last,
    "Repeat it with `npm run bench`. rclone is that of Debian (`apt-get install rclone`), `aws` that of PyPI (`pip install awscli`); what is not on PATH is left out. Single times depend on the computer; the ratios are what is compared. The courier packs small files, verifies what it has sent and leaves receipts; its peers do not. Of large files it is bound by the processor: each part is hashed with SHA-256, compared with what was sealed of it, and hashed again by the server.",
  ].join("\n\n");
  fs.writeFileSync(path.join(ROOT, "bench", "courier.md"), await format(page, { parser: "markdown", printWidth: 120 }));
}

void main();
