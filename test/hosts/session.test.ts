import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import path from "node:path";
import { afterEach, describe, it } from "mocha";
import { Change } from "../../estate/documents";
import { configuration, ownerOf, setJob } from "../lab/fixture";
import { HostError, type HostErrorCode } from "../../hosts/host";
import { PowerShellHost, type PowerShellHostOptions } from "../../hosts/powershell/host";
import { sessionEnvironment } from "../../hosts/powershell/session";

const HOST = "fe01.contoso.com";
const USER = String.raw`CONTOSO\backup`;
const opened: PowerShellHost[] = [];
const program = process.execPath;

function host(how: string, options: PowerShellHostOptions = {}): PowerShellHost {
  const launch = { program, args: [path.join(__dirname, "fake-powershell.js"), how, HOST], prelude: ["a line"] };
  const made = new PowerShellHost(HOST, () => launch, { pollMs: 10, ...options });
  opened.push(made);
  return made;
}

const fails = (call: Promise<unknown>, code: HostErrorCode, says: RegExp): Promise<void> =>
  assert.rejects(call, (error: unknown) => {
    assert.ok(error instanceof HostError, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, says);
    return true;
  });

/** Processes of this suite's stand-in that still run. */
function left(): string[] {
  const lines = execFileSync("ps", ["-eo", "pid,ppid,args"], { encoding: "utf8" }).split("\n");
  return lines.filter((line) => line.includes(path.join(__dirname, "fake-powershell.js")) && !line.includes(" ps -eo"));
}

describe("A session with PowerShell", () => {
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((one) => one.close()));
    if (process.platform !== "win32") assert.deepEqual(left(), []);
  });

  for (const how of ["plain", "slow", "chopped", "glued", "garbage", "large"]) {
    it(`finds the answer where what comes back is ${how}`, async () => {
      const one = host(how);
      assert.equal((await one.state()).host, HOST);
      assert.equal((await one.state()).host, HOST);
    }).timeout(20_000);
  }

  it("gives each call its own answer, one after the other", async () => {
    const one = host("plain");
    const all = await Promise.all(Array.from({ length: 50 }, () => one.state()));
    assert.equal(all.length, 50);
  });

  it("begins a new session after so many calls", async () => {
    const one = host("once-more", { callsPerSession: 1 });
    for (let call = 0; call < 3; call++) assert.equal((await one.state()).host, HOST);
  });

  it("repeats what can be repeated, once, where the session was lost", async () => {
    const one = host("once-more");
    for (let call = 0; call < 4; call++) assert.equal((await one.state()).host, HOST);
  });

  it("does not begin a run a second time", async () => {
    const one = host("once-more");
    await one.state();
    await fails(one.run({ job: "x" }), "protocol", /ended with the code 9/);
  });

  it("tells a session that ended in the middle of its answer from one that answered", async () => {
    await fails(host("cut").state(), "protocol", /ended with the code 3 before it answered/);
    await fails(host("exits").state(), "protocol", /ended with the code 3/);
  });

  it("says why a host cannot be reached, in the words of ssh", async () => {
    await fails(host("refused").state(), "unreachable", /refused.*Look whether the service/);
  });

  it("knows at once that a call came to nothing, and says what was said", async () => {
    await fails(host("unknown").state(), "protocol", /came to no answer.*not recognized/);
  });

  it("hands on what the host refuses, with its advice", async () => {
    await fails(host("says").state(), "foreign", /there already Declare adopt: true/);
  });

  it("ends a call that has no answer in time, with all that it had started", async () => {
    for (const how of ["silent", "family"]) {
      await fails(host(how).state({ timeoutMs: 300 }), "timed-out", /no answer within 300 ms/);
    }
    await fails(host("orphan").state({ timeoutMs: 10_000 }), "protocol", /code 4/);
  });

  it("ends a call that was cancelled", async () => {
    const control = new AbortController();
    setTimeout(() => {
      control.abort();
    }, 50);
    await fails(host("silent").state({ signal: control.signal }), "cancelled", /cancelled/);
    await fails(host("plain").state({ signal: AbortSignal.abort() }), "cancelled", /cancelled/);
  });

  it("takes no other computer's answer, and none that it does not understand", async () => {
    await fails(host("elsewhere").state(), "refused", /the computer that answered is other\.contoso\.com/);
    await fails(host("nonsense").state(), "protocol", /not understood/);
  });

  it("gives the password of an account along with the call that makes its task, and with no other", async () => {
    const one = host("told", { secret: (account) => (account === USER ? "hush" : undefined) });
    const withPassword = configuration({ account: USER });
    const task = { ...setJob(withPassword).task, logon: "password" } as const;
    const owner = ownerOf("subject");
    const set = Change.make({ owner, action: { ...setJob(withPassword), task } });
    await fails(one.apply(set), "refused", /"secret":"hush"/);
    await fails(one.run({ document: withPassword }), "refused", /"secret":"hush"/);
    const others = [
      one.apply(Change.make({ owner, action: setJob(configuration()) })),
      one.run({ document: configuration() }),
      one.run({ job: "configuration" }),
      one.state(),
    ];
    for (const other of others) await fails(other, "refused", /^(?!.*hush)/s);
  });

  it("says what to install where there is no such program", async () => {
    const missing = new PowerShellHost(HOST, () => ({ program: "/no/such/pwsh", args: [], prelude: [] }));
    opened.push(missing);
    await fails(missing.state(), "unreachable", /could not be started.*Install/);
  });

  it("hands on no variable but those that are known to be harmless", async () => {
    process.env["LYNC_BACKUP_SESSION_SECRET"] = "hush";
    try {
      await assert.rejects(host("environment").state(), (error: unknown) => {
        const names = String(error);
        assert.match(names, /NO_COLOR/);
        assert.doesNotMatch(names, /LYNC_BACKUP/);
        return true;
      });
    } finally {
      delete process.env["LYNC_BACKUP_SESSION_SECRET"];
    }
    assert.deepEqual(Object.keys(sessionEnvironment({ Path: "x", AWS_SECRET_ACCESS_KEY: "y" })).includes("Path"), true);
    assert.equal(sessionEnvironment({ AWS_SECRET_ACCESS_KEY: "y" })["AWS_SECRET_ACCESS_KEY"], undefined);
  });
});
