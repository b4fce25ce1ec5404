import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import fs from "node:fs";
import path from "node:path";
import { describe, it } from "mocha";
import { Reach, type HostReference } from "../../estate/documents";
import type { HostError } from "../../hosts/host";
import { agentPackage } from "../../hosts/agent/package";
import { loadingLine, moduleText } from "../../hosts/powershell/bundle";
import { explain } from "../../hosts/powershell/explain";
import { SessionFailure } from "../../hosts/powershell/session";
import { launchFor } from "../../hosts/powershell/ways";
import { ROOT } from "../support/root";
import { AGENT } from "./powershell-source";

const at = (reach: unknown): HostReference => ({ name: "fe01.contoso.com", reach: Reach.parse(reach) });

describe("The ways to a host", () => {
  it("start Windows PowerShell on Windows, and PowerShell where there is no other", () => {
    assert.equal(launchFor(at({ via: "local" }), { platform: "win32" }).program, "powershell.exe");
    const { program, args } = launchFor(at({ via: "local" }), { platform: "linux" });
    assert.deepEqual([program, ...args].join(" "), "pwsh -NoLogo -NoProfile -NonInteractive -NoExit -Command -");
  });

  it("reach powershell.exe over ssh without ever asking for a password or trusting a new key", () => {
    const { program, args } = launchFor(
      at({ via: "ssh", user: String.raw`CONTOSO\deploy`, port: 2222, identityFile: "/home/me/key" }),
    );
    assert.equal(program, "ssh");
    assert.ok(args.includes("BatchMode=yes") && args.includes("StrictHostKeyChecking=yes"));
    assert.deepEqual(args.slice(args.indexOf("-p"), args.indexOf("--")), [
      ...["-p", "2222", "-l", String.raw`CONTOSO\deploy`, "-i", "/home/me/key"],
    ]);
    assert.deepEqual(args.slice(args.indexOf("--") + 1), [
      "fe01.contoso.com",
      "powershell.exe -NoLogo -NoProfile -NonInteractive -NoExit -Command -",
    ]);
  });

  it("let no declared value become an option of ssh", () => {
    for (const bad of [{ user: "-oProxyCommand=x" }, { identityFile: "-x" }, { computer: "-oProxyCommand=x.y" }]) {
      assert.equal(Reach.safeParse({ via: "ssh", ...bad }).success, false, JSON.stringify(bad));
    }
  });

  it("work through WinRM from Windows only, and put a password on standard input alone", () => {
    const logon = { by: "credential", user: String.raw`CONTOSO\admin`, credential: "hosts" };
    const reference = at({ via: "winrm", logon });
    assert.throws(() => launchFor(reference, { platform: "linux" }), /works from Windows only.*ssh/);
    assert.throws(() => launchFor(reference, { platform: "win32" }), /credential hosts has no value/);
    const { program, args, env, prelude } = launchFor(reference, { platform: "win32", secret: () => "hush, hush" });
    assert.doesNotMatch(JSON.stringify([program, args, env]), /hush/);
    const [, settings = ""] = /-Settings '([^']+)'/.exec(prelude[1] ?? "") ?? [];
    const given = JSON.parse(Buffer.from(settings, "base64").toString("utf8")) as Record<string, unknown>;
    assert.deepEqual([given["secret"], given["tls"], given["computer"]], ["hush, hush", true, "fe01.contoso.com"]);
  });

  it("bring the whole module along in one line of ASCII, without what tasks start", () => {
    const line = loadingLine(moduleText());
    assert.match(line, /^[\x20-\x7e]+$/);
    const [, base64 = ""] = /FromBase64String\('([^']+)'\)/.exec(line) ?? [];
    const text = gunzipSync(Buffer.from(base64, "base64")).toString("utf8");
    for (const name of fs.readdirSync(AGENT).filter((one) => one.endsWith(".ps1") && !one.startsWith("Start-"))) {
      assert.ok(text.includes(fs.readFileSync(path.join(AGENT, name), "utf8")), name);
    }
    assert.doesNotMatch(text, /PSScriptRoot/);
    assert.ok(moduleText("# another computer").includes("# another computer"));
    assert.doesNotMatch(moduleText("# another computer"), /Get-CimInstance/);
  });

  it("install every file of the module, the one that tasks start among them", () => {
    const names = agentPackage().files.map((file) => file.path);
    assert.deepEqual(names, fs.readdirSync(path.join(ROOT, "hosts", "agent", "LyncBackup")).sort());
    assert.ok(names.includes("Start-LyncBackupJob.ps1"));
  });
});

const SAID: [evidence: string, code: HostError["code"], says: RegExp][] = [
  ["ssh: connect to host x port 22: Connection refused", "unreachable", /refused.*sshd/],
  ["ssh: Could not resolve hostname x: Name or service not known", "unreachable", /cannot be resolved.*DNS/],
  ["ssh: connect to host x port 22: Connection timed out", "unreachable", /firewalls/],
  ["user@x: Permission denied (publickey,keyboard-interactive).", "access-denied", /administrators_authorized_keys/],
  ["Host key verification failed.", "unreachable", /known_hosts/],
  ["bash: line 1: powershell.exe: command not found", "refused", /no powershell\.exe/],
  ["New-PSSession : Access is denied.", "access-denied", /administrator of the host/],
  ["The user name or password is incorrect", "access-denied", /Set the credential anew/],
  ["File x.ps1 cannot be loaded because the execution of scripts is disabled", "refused", /execution policy/],
  ["... FullyQualifiedErrorId : MethodInvocationNotSupportedInConstrainedLanguage", "refused", /constrained language/],
  ["Unable to find type [ordered]", "refused", /PowerShell is too old.*3\.0/],
  ["something else\nat last", "protocol", /It said: at last/],
];

describe("What a lost session means", () => {
  for (const [evidence, code, says] of SAID) {
    it(`${code}: ${evidence.split("\n")[0] ?? ""}`, () => {
      const error = explain("fe01.contoso.com", new SessionFailure("ended", "ssh ended with the code 255", evidence));
      assert.equal(error.code, code);
      assert.match(error.message, says);
    });
  }
});
