import assert from "node:assert/strict";
import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import * as fc from "fast-check";
import { after, before, describe, it } from "mocha";
import { Run } from "../../estate/documents";
import { openLabHost } from "../../lab/host";
import { argumentsIn } from "../../lab/powershell/programs";
import { serveLab, type Simulator } from "../../lab/powershell/simulator";
import { writeStubs } from "../../lab/powershell/stubs";
import { BACKUP, FE01, labWithJob, temporaryFolder } from "../lab/fixture";
import { nodesOf, sourceFiles } from "./powershell-source";
import { simulatorText } from "./pwsh";

/** As the module quotes an argument. */
const quoted = (text: string): string =>
  /^[^\s"]+$/.test(text) ? text : `"${text.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, "$1$1")}"`;

const AT = "2026-03-01T02:00:00.000Z";
const RAN = Run.make({
  ...{ id: "20260301T020000Z-0a1b2c3d", job: "other", jobHash: "0".repeat(64), host: FE01, account: BACKUP },
  ...{ trigger: "command", outcome: "succeeded", startedAt: AT, beatAt: AT, finishedAt: AT, steps: [] },
});

describe("The lab behind a real PowerShell", () => {
  let folder = "";
  let simulator: Simulator;
  before(async () => {
    folder = await labWithJob();
    simulator = await serveLab(folder, { host: FE01, account: BACKUP, logon: "batch" }, "key");
  });
  after(() => simulator.close());

  const ask = (question: object): Promise<Record<string, unknown>> =>
    new Promise((resolve, reject) => {
      const socket = net.connect(simulator.port, "127.0.0.1", () => socket.end(JSON.stringify(question)));
      let text = "";
      socket.on("data", (chunk: Buffer) => (text += chunk.toString("utf8")));
      socket.on("error", reject);
      socket.on("end", () => {
        resolve(JSON.parse(text) as Record<string, unknown>);
      });
    });
  const asked = (question: object): Promise<Record<string, unknown>> => ask({ key: "key", ...question });

  it("calls cmdlets as the account of the job, with their refusals", async () => {
    const { ok, found } = await asked({ ask: "cmdlet", name: "Get-CsPool", parameters: {} });
    assert.ok(ok === true && Array.isArray(found) && found.length > 0);
    const { code } = await asked({ ask: "cmdlet", name: "Get-CsPool", parameters: { Nothing: 1 } });
    assert.equal(code, "unknown-parameter");
  });

  it("shows files where they lie on this computer, to who may use them", async () => {
    const { found } = await asked({ ask: "path", path: String.raw`\\bk01.contoso.com\LyncBackup$\target.json` });
    assert.ok(fs.existsSync(String(found)));
    const { ok, message } = await asked({ ask: "path", path: String.raw`\\bk01.contoso.com\nothing\x` });
    assert.equal(ok, false);
    assert.match(String(message), /no share/);
  });

  it("sees what a module has written there, and takes its lock for what it is", async () => {
    const data = String.raw`C:\ProgramData\LyncBackup`;
    const at = async (file: string): Promise<string> =>
      String((await asked({ ask: "path", path: `${data}\\${file}`, change: true })).found);
    const lock = await at(String.raw`locks\other.lock`);
    fs.mkdirSync(path.dirname(lock), { recursive: true });
    fs.writeFileSync(lock, "");
    const run = await at(String.raw`runs\other\20260301T020000Z-0a1b2c3d.json`);
    fs.mkdirSync(path.dirname(run), { recursive: true });
    fs.writeFileSync(run, Run.write(RAN));
    const [found] = await (await openLabHost(folder, FE01)).results({ job: "other", last: 1 });
    assert.deepEqual(found, RAN);
    fs.rmSync(run);
    assert.deepEqual(await (await openLabHost(folder, FE01)).results({ job: "other", last: 1 }), []);
  });

  it("tells its time, and answers nobody who does not know the key", async () => {
    assert.match(String((await asked({ ask: "now" })).found), /^\d{4}-/);
    assert.equal((await ask({ ask: "now", key: "other" }))["ok"], false);
    assert.equal((await asked({ ask: "everything" })).ok, false);
  });

  it("runs robocopy by its command line, and writes what the real one writes", async () => {
    const line = String.raw`"C:\no such folder" D:\x /E /COPY:DAT /R:2 /W:5 /MT:8 /RH:2000-0600 /PF /XF Meeting.Active /XJ /BYTES`;
    const { found } = await asked({ ask: "program", program: "robocopy.exe", line });
    const { exitCode, output } = found as { exitCode: number; output: string };
    assert.equal(exitCode, 16);
    assert.match(output, / ERROR 32 \(0x00000020\) .*\r\n/);
  });

  it("takes command lines apart as Windows does", () => {
    assert.deepEqual(argumentsIn(String.raw`a "b c" "d\"e" "f\\" g\h "" "\\"`), [
      ...["a", "b c", 'd"e', "f\\", "g\\h", "", "\\"],
    ]);
    fc.assert(
      fc.property(fc.array(fc.string({ unit: fc.constantFrom("a", " ", '"', "\\", "\t") })), (list) => {
        assert.deepEqual(argumentsIn(list.map(quoted).join(" ")), list);
      }),
    );
  });

  it("gives PowerShell a function for each cmdlet, with its parameter sets", async () => {
    const stubs = temporaryFolder();
    writeStubs(stubs, simulatorText());
    const files = await sourceFiles(path.join(stubs, "LyncLab"));
    assert.deepEqual(files.map(({ name }) => name).sort(), ["LyncLab.psd1", "LyncLab.psm1"]);
    const [, module] = files;
    assert.ok(module && !module.tree.hasError);
    const functions = nodesOf(module.tree, "function_statement").map(({ text }) => text);
    const users = functions.find((text) => text.startsWith("function Export-CsUserData")) ?? "";
    assert.match(users, /\[Parameter\(ParameterSetName = 'PoolFqdn', Mandatory = \$true\)\]\[object\]\$PoolFqdn/);
  });
});
