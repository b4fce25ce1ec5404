import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import fs from "node:fs";
import path from "node:path";
import { describe, it } from "mocha";
import { inScratch, tool, write } from "./bootstrap";

const { closingLines } = tool<{
  closingLines: (summary: { passed: number; failed: number; skipped: string[] }) => string;
}>("reporter.js");
const Reporter = tool<new (runner: EventEmitter, options: object) => object>("reporter.js");
const { environment } = tool<{
  environment: (
    root: string,
    options: { folders?: string[]; base?: NodeJS.ProcessEnv; cache?: string; backend?: string },
  ) => NodeJS.ProcessEnv;
}>("setup/environment.js");
const { cacheFolder } = tool<{ cacheFolder: (env: NodeJS.ProcessEnv, platform: NodeJS.Platform) => string }>(
  "setup/cache.js",
);
const { isNewEnough } = tool<{ isNewEnough: (version: string) => boolean }>("setup/node-version.js");
const { withLock } = tool<{ withLock: <T>(file: string, work: () => Promise<T>) => Promise<T> }>("setup/lock.js");
const { readAudit } = tool<{ readAudit: (output: string) => { asked: boolean; grave?: string[]; why?: string } }>(
  "audit.js",
);
const { checkPowerShell } = tool<{
  checkPowerShell: (root: string) => Promise<{ files: number; problems: string[] }>;
}>("check-powershell.js");
const { createReport } = tool<{
  createReport: (options: { stream: object; env: NodeJS.ProcessEnv; intervalMs: number }) => {
    begin(what: string, expect?: string): { done(): void };
  };
}>("setup/report.js");
const { proxyFor } = tool<{ proxyFor: (url: URL, env: NodeJS.ProcessEnv) => URL | undefined }>("setup/download.js");

describe("the closing lines of a test run", () => {
  it("are the numbers alone", () => {
    assert.equal(closingLines({ passed: 12, failed: 0, skipped: [] }), "12 passed, 0 failed, 0 skipped");
  });

  it("name what was skipped before them", () => {
    const lines = closingLines({ passed: 1, failed: 2, skipped: ["the module needs pwsh"] }).split("\n");
    assert.equal(lines.at(-1), "1 passed, 2 failed, 1 skipped");
    assert.ok(lines.includes("  - the module needs pwsh"));
  });

  it("come from what mocha says, failing hooks included", async () => {
    await inScratch((root) => {
      const file = path.join(root, "summary.json");
      const before = process.env["LYNC_BACKUP_TEST_SUMMARY"];
      process.env["LYNC_BACKUP_TEST_SUMMARY"] = file;
      try {
        const runner = new EventEmitter();
        new Reporter(runner, {});
        // Only what counts: the lines that mocha's own report prints are not wanted here.
        for (const event of ["pass", "fail", "pending", "end"]) keepOurs(runner, event);
        runner.emit("pass");
        runner.emit("fail");
        runner.emit("pending", { fullTitle: () => "a b" });
        runner.emit("end");
        assert.deepEqual(JSON.parse(fs.readFileSync(file, "utf8")), { passed: 1, failed: 1, skipped: ["a b"] });
      } finally {
        if (before === undefined) delete process.env["LYNC_BACKUP_TEST_SUMMARY"];
        else process.env["LYNC_BACKUP_TEST_SUMMARY"] = before;
      }
    });
  });
});

function keepOurs(runner: EventEmitter, event: string): void {
  const ours = runner.rawListeners(event).at(-1) as (...args: unknown[]) => void;
  runner.removeAllListeners(event).on(event, ours);
}

describe("the environment of the engine", () => {
  it("has what was provided on PATH and the state in the project", async () => {
    await inScratch((root) => {
      const base = { PATH: path.dirname(process.execPath), PULUMI_IGNORE_AMBIENT_PLUGINS: "true" };
      const env = environment(root, { folders: ["/engine", "/s3"], base, cache: path.join(root, "cache") });
      const added = (env["PATH"] ?? "").split(path.delimiter);
      assert.deepEqual(added.slice(0, 2), ["/engine", "/s3"]);
      assert.equal(added.at(-1), path.join(root, "node_modules", "@pulumi", "pulumi"), "after an engine of the user's");
      assert.equal(env["PULUMI_IGNORE_AMBIENT_PLUGINS"], undefined);
      assert.equal(env["PULUMI_SKIP_UPDATE_CHECK"], "true");
      assert.equal(env["PULUMI_CONFIG_PASSPHRASE"], "lab");
      assert.equal(env["PULUMI_HOME"], path.join(root, "cache", "pulumi-home"));
      assert.match(env["PULUMI_BACKEND_URL"] ?? "", /^file:\/\/.*\.pulumi-state$/);
      assert.ok(fs.existsSync(path.join(root, ".pulumi-state")));
      const again = environment(root, { folders: ["/engine", "/s3"], base: env, cache: path.join(root, "cache") });
      assert.equal(again["PATH"], env["PATH"]);
    });
  });

  it("leaves what the user has chosen", async () => {
    await inScratch((root) => {
      const base = {
        PATH: "",
        PULUMI_HOME: "/home",
        PULUMI_BACKEND_URL: "s3://state",
        PULUMI_CONFIG_PASSPHRASE_FILE: "/secret",
        NODE_OPTIONS: "--no-warnings",
      };
      const env = environment(root, { base });
      assert.equal(env["PULUMI_CONFIG_PASSPHRASE"], undefined);
      for (const [key, value] of Object.entries(base)) if (key !== "PATH") assert.equal(env[key], value);
      assert.ok(!fs.existsSync(path.join(root, ".pulumi-state")));
      const tests = environment(root, { base, backend: path.join(root, "tests") });
      assert.ok(tests["PULUMI_BACKEND_URL"]?.endsWith("/tests"));
    });
  });
});

describe("the set-up", () => {
  it("keeps its cache where each system wants it", () => {
    assert.equal(cacheFolder({ LYNC_BACKUP_CACHE: "/own" }, "linux"), path.resolve("/own"));
    assert.equal(cacheFolder({ XDG_CACHE_HOME: "/xdg" }, "linux"), path.join("/xdg", "lync-backup"));
    assert.match(cacheFolder({ XDG_CACHE_HOME: "relative" }, "linux"), /\.cache.lync-backup$/);
    assert.match(cacheFolder({}, "darwin"), /Library.Caches.lync-backup$/);
    assert.equal(cacheFolder({ LOCALAPPDATA: "/local" }, "win32"), path.join("/local", "lync-backup"));
  });

  it("wants Node.js 20.19 or later", () => {
    for (const good of ["v20.19.0", "v20.20.2", "v22.1.0", "v24.0.0"]) assert.ok(isNewEnough(good), good);
    for (const bad of ["v0.12.1", "v18.20.0", "v20.9.9", "v20.18.3"]) assert.ok(!isNewEnough(bad), bad);
  });

  it("lets one in at a time, and frees the lock when the work fails", async () => {
    await inScratch(async (root) => {
      const file = path.join(root, "a.lock");
      let inside = 0;
      const work = async () => {
        inside += 1;
        assert.equal(inside, 1);
        await new Promise((resolve) => setTimeout(resolve, 20));
        inside -= 1;
      };
      await Promise.all([1, 2, 3].map(() => withLock(file, work)));
      await assert.rejects(
        withLock(file, () => Promise.reject(new Error("failed"))),
        /failed/,
      );
      assert.ok(!fs.existsSync(file));
    });
  });

  it("takes a lock over whose holder is gone", async () => {
    await inScratch(async (root) => {
      const file = path.join(root, "a.lock");
      write(root, { "a.lock": "" });
      fs.utimesSync(file, new Date(0), new Date(0));
      assert.equal(await withLock(file, () => Promise.resolve("in")), "in");
    });
  });

  it("writes plain lines where there is no terminal, and goes on saying that it is at work", async () => {
    const lines: string[] = [];
    const stream = { isTTY: false, write: (text: string) => lines.push(text) };
    const step = createReport({ stream, env: {}, intervalMs: 5 }).begin("Building", "a minute");
    await new Promise((resolve) => setTimeout(resolve, 40));
    step.done();
    const text = lines.join("");
    assert.match(text, /^… Building \(a minute\)\n {2}Building: 0\.0 s\n/);
    assert.match(text, /✓ Building {2}0\.\d s\n$/);
    // eslint-disable-next-line no-control-regex -- that there are none is the point
    assert.doesNotMatch(text, /\u001b|\r/);
  });

  it("goes through the proxy that the environment names, except where it says not to", () => {
    const env = { HTTPS_PROXY: "proxy.example.com:3128", NO_PROXY: "localhost,.internal.example.com" };
    assert.equal(proxyFor(new URL("https://other.example.com"), env)?.host, "proxy.example.com:3128");
    assert.equal(proxyFor(new URL("https://a.internal.example.com"), env), undefined);
    assert.equal(proxyFor(new URL("https://other.example.com"), {}), undefined);
  });
});

describe("the audit", () => {
  it("tells grave weaknesses from light ones and from no answer", () => {
    const weak = (severity: string) => `{"vulnerabilities":{"a":{"name":"a","severity":"${severity}","range":"<2"}}}`;
    assert.deepEqual(readAudit(weak("high")), { asked: true, grave: ["a <2: high"] });
    assert.deepEqual(readAudit(weak("moderate")), { asked: true, grave: [] });
    assert.equal(readAudit('npm warn x\n{"error":{"summary":"405 Method Not Allowed"}}').asked, false);
    assert.equal(readAudit("").asked, false);
  });
});

describe("the check of PowerShell files", () => {
  it("accepts what parses and names what does not", async () => {
    await inScratch(async (root) => {
      assert.deepEqual(await checkPowerShell(root), { files: 0, looked: "", problems: [] });
      write(root, {
        "good.psm1": "function Get-A {\n    param([string] $Name)\n    if ($Name) { return @{ a = 1 } }\n}\n",
        "inner/bad.ps1": "function Get-B {\n    if ($true { }\n",
        "inner/smart.ps1": "Write-Output \u201chello\u201d\n",
        "node_modules/ignored.ps1": "if (",
      });
      const { files, problems } = await checkPowerShell(root);
      assert.equal(files, 3);
      const text = problems.join("\n");
      assert.match(text, /inner.bad\.ps1:\d+:\d+ (syntax error|".*" is missing)/);
      assert.match(text, /inner.smart\.ps1:1:14 not ASCII/);
      assert.doesNotMatch(text, /good|ignored/);
    });
  });
});
