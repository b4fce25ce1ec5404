import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { describe, it } from "mocha";
import { fakeProgram, inScratch, silentReport, tool, write, type Report, type Step } from "./bootstrap";

interface Release {
  archive: string;
  checksums: string;
  mirrors: string[];
}
interface Tool {
  name: string;
  title: string;
  version: string;
  files: string[];
  release: Release | undefined;
  build: (folder: string, report: Report) => Promise<void>;
}
interface Provided {
  folder: string;
  origin: "PATH" | "release" | "build";
}
interface Options {
  cache: string;
  env: NodeJS.ProcessEnv;
  tool: Tool;
}

const { ensureEngine, engineOnPath } = tool<{
  ensureEngine: (report: Report, options: Options) => Promise<Provided & { pulumi: string; folders: string[] }>;
  engineOnPath: (env: NodeJS.ProcessEnv) => Promise<{ version: string; usable: boolean } | undefined>;
}>("setup/engine.js");
const { provide } = tool<{ provide: (tool: Tool, cache: string, report: Report) => Promise<Provided> }>(
  "setup/provide.js",
);
const { unpackRelease } = tool<{
  unpackRelease: (
    release: Release,
    folder: string,
    step: Step,
    net: { fetchText(url: string): Promise<string>; fetchFile(url: string, file: string): Promise<string> },
  ) => Promise<"unreachable" | "unpacked">;
}>("setup/release.js");
const { executable, isAtLeast } = tool<{
  executable: (name: string) => string;
  isAtLeast: (found: string, least: string) => boolean;
}>("setup/find.js");

function pretend(builds: string[], build?: (folder: string) => Promise<void>): Tool {
  return {
    name: "pulumi",
    title: "Pulumi",
    version: "9.9.9",
    files: ["pulumi", "pulumi-language-nodejs"],
    release: undefined,
    async build(folder) {
      builds.push(folder);
      write(folder, { [executable("pulumi")]: "", [executable("pulumi-language-nodejs")]: "" });
      await build?.(folder);
    },
  };
}

describe("the engine", () => {
  it("is the one on PATH when it is new enough and has its language host", async () => {
    await inScratch(async (root) => {
      const bin = path.join(root, "bin");
      fakeProgram(bin, "pulumi", "v3.300.1");
      fakeProgram(bin, "pulumi-language-nodejs", "");
      const builds: string[] = [];
      const options = { cache: path.join(root, "cache"), env: { ...process.env, PATH: bin }, tool: pretend(builds) };
      const engine = await ensureEngine(silentReport(), options);
      assert.equal(engine.origin, "PATH");
      assert.equal(engine.folder, bin);
      assert.deepEqual([engine.folders, builds], [[], []]);
    });
  });

  for (const [what, version, withHost] of [
    ["is too old", "v3.215.9", true],
    ["has no language host", "v3.300.0", false],
    ["cannot say its version", "what?", true],
  ] as const) {
    it(`is made when the one on PATH ${what}`, async () => {
      await inScratch(async (root) => {
        const bin = path.join(root, "bin");
        fakeProgram(bin, "pulumi", version);
        if (withHost) fakeProgram(bin, "pulumi-language-nodejs", "");
        const env = { ...process.env, PATH: bin };
        assert.equal((await engineOnPath(env))?.usable, false);
        const builds: string[] = [];
        const report = silentReport();
        const engine = await ensureEngine(report, { cache: path.join(root, "cache"), env, tool: pretend(builds) });
        assert.equal(engine.origin, "build");
        assert.deepEqual(engine.folders, [engine.folder]);
        assert.match(report.lines[0] ?? "", /on PATH .*another one is provided/);
      });
    });
  }

  it("is made once and then found in the cache, by its version", async () => {
    await inScratch(async (root) => {
      const builds: string[] = [];
      const options = { cache: root, env: { ...process.env, PATH: "" }, tool: pretend(builds) };
      const first = await ensureEngine(silentReport(), options);
      const second = await ensureEngine(silentReport(), options);
      assert.deepEqual(second, first);
      assert.equal(builds.length, 1);
      await ensureEngine(silentReport(), { ...options, tool: { ...options.tool, version: "9.9.10" } });
      assert.equal(builds.length, 2);
    });
  });

  it("is made once when two set-ups want it at the same time", async () => {
    await inScratch(async (root) => {
      const builds: string[] = [];
      const slow = pretend(builds, () => new Promise((resolve) => setTimeout(resolve, 300)));
      const report = silentReport();
      const [a, b] = await Promise.all([provide(slow, root, report), provide(slow, root, report)]);
      assert.deepEqual(a, b);
      assert.equal(builds.length, 1);
      assert.ok(report.lines.some((line) => line.startsWith("Waiting for another set-up")));
    });
  });

  it("leaves nothing half-made when its build fails, and what a killed one left is swept", async () => {
    await inScratch(async (root) => {
      const broken = pretend([], () => Promise.reject(new Error("no more")));
      await assert.rejects(provide(broken, root, silentReport()), /no more/);
      assert.deepEqual(fs.readdirSync(path.join(root, "tools")), []);
      // No process has this number.
      write(root, {
        "tools/.making-999999999-abcd/pulumi": "half",
        "locks/pulumi.lock": '{"pid":999999999,"host":"gone"}',
      });
      const long = new Date(Date.now() - 60_000);
      fs.utimesSync(path.join(root, "locks/pulumi.lock"), long, long);
      await provide(pretend([]), root, silentReport());
      assert.equal(fs.readdirSync(path.join(root, "tools")).length, 1);
    });
  });
});

describe("releases", () => {
  const release = {
    archive: "tool.tar.gz",
    checksums: "sums.txt",
    mirrors: ["https://one.invalid/x", "https://two.invalid/y"],
  };
  const step = silentReport().begin("");

  function archive(root: string): Buffer {
    write(root, { "packed/pulumi/pulumi": "the program" });
    execFileSync("tar", ["-czf", "tool.tar.gz", "-C", "packed", "pulumi"], { cwd: root });
    return fs.readFileSync(path.join(root, "tool.tar.gz"));
  }

  it("are taken from the mirror that answers, when the checksum is the published one", async () => {
    await inScratch(async (root) => {
      const bytes = archive(root);
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      const asked: string[] = [];
      const net = {
        fetchText: (url: string) =>
          url.includes("two.invalid")
            ? Promise.resolve(`${"0".repeat(64)}  other.tar.gz\n${sha256}  tool.tar.gz\n`)
            : Promise.reject(new Error("no answer")),
        fetchFile: (url: string, file: string) => {
          asked.push(url);
          fs.writeFileSync(file, bytes);
          return Promise.resolve(sha256);
        },
      };
      const out = path.join(root, "out");
      fs.mkdirSync(out);
      assert.equal(await unpackRelease(release, out, step, net), "unpacked");
      assert.deepEqual(asked, ["https://two.invalid/y/tool.tar.gz"]);
      assert.equal(fs.readFileSync(path.join(out, "pulumi/pulumi"), "utf8"), "the program");
    });
  });

  it("are refused when the checksum differs, or none was published", async () => {
    await inScratch(async (root) => {
      const fetchFile = (_url: string, file: string) => {
        fs.writeFileSync(file, "something else");
        return Promise.resolve("1".repeat(64));
      };
      const named = { ...release, mirrors: ["https://three.invalid"] };
      const wrong = { fetchText: () => Promise.resolve(`${"0".repeat(64)}  tool.tar.gz\n`), fetchFile };
      await assert.rejects(unpackRelease(named, root, step, wrong), /has SHA-256 1111.*0000.* was published/);
      const none = { fetchText: () => Promise.resolve("<html>"), fetchFile };
      await assert.rejects(unpackRelease(named, root, step, none), /does not name tool\.tar\.gz/);
    });
  });

  it("are out of reach when no mirror answers, which is asked once only", async () => {
    await inScratch(async (root) => {
      let asked = 0;
      const net = {
        fetchText: () => {
          asked += 1;
          return Promise.reject(new Error("no answer"));
        },
        fetchFile: () => Promise.reject(new Error("never asked")),
      };
      const dark = { ...release, mirrors: ["https://four.invalid"] };
      assert.equal(await unpackRelease(dark, root, step, net), "unreachable");
      assert.equal(await unpackRelease(dark, root, step, net), "unreachable");
      assert.equal(asked, 1);
    });
  });
});

describe("versions", () => {
  it("are compared as numbers", () => {
    assert.ok(isAtLeast("v3.250.0", "3.216.0"));
    assert.ok(isAtLeast("3.216.0", "3.216.0"));
    assert.ok(isAtLeast("4.0.0-alpha.1", "3.216.0"));
    assert.ok(isAtLeast("go1.26.8", "1.25"));
    assert.ok(!isAtLeast("3.99.9", "3.216.0"));
    assert.ok(!isAtLeast("", "3.216.0"));
  });
});
