import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import fc from "fast-check";
import { describe, it } from "mocha";
import { Change, HostState, type HostReference } from "../../estate/documents";
import { HostError, type CallOptions, type Host } from "../../hosts/host";
import { Hosts, mustBeReadable } from "../../providers/base/hosts";

const reference = (name: string): HostReference => ({ name, reach: { via: "lab" } });
const change = Change.make({
  owner: { project: "p", stack: "s", name: "n" },
  action: { kind: "remove-job", name: "any" },
});

/** A host that answers when it is told to, and notes how many calls it has at once. */
class ScriptedHost implements Host {
  reads = 0;
  changes = 0;
  most = 0;
  timeouts: (number | undefined)[] = [];
  failing = false;
  private now = 0;

  constructor(readonly fqdn: string) {}

  async state(options?: CallOptions): Promise<HostState> {
    this.reads += 1;
    return this.answer(options);
  }
  async apply(_change: Change, options?: CallOptions): Promise<HostState> {
    this.changes += 1;
    return this.answer(options);
  }
  run(): never {
    throw new Error("not asked for here");
  }
  results(): never {
    throw new Error("not asked for here");
  }
  close(): Promise<void> {
    return Promise.resolve();
  }

  private async answer(options?: CallOptions): Promise<HostState> {
    this.timeouts.push(options?.timeoutMs);
    this.now += 1;
    this.most = Math.max(this.most, this.now);
    await turn();
    this.now -= 1;
    if (this.failing) throw new HostError("unreachable", this.fqdn, "it does not answer.");
    return HostState.make({
      host: this.fqdn,
      at: "2026-03-01T00:00:00.000Z",
      timeZone: `after ${String(this.changes)} changes`,
      computer: { domain: null, operatingSystem: "any", powershell: "4.0", lync: null },
      agent: null,
      tasks: [],
      jobs: [],
      targets: [],
    });
  }
}

function scripted(): { hosts: Hosts; at: (name: string) => ScriptedHost } {
  const made = new Map<string, ScriptedHost>();
  const at = (name: string): ScriptedHost => {
    const host = made.get(name) ?? new ScriptedHost(name);
    made.set(name, host);
    return host;
  };
  return {
    hosts: new Hosts({ lab: "none", hostTimeoutSeconds: 7, credentials: {} }, ({ name }) => Promise.resolve(at(name))),
    at,
  };
}

describe("the hosts of one provider process", () => {
  it("are read once, however many resources ask, and each has one call at a time", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom("a.x", "b.x"), fc.boolean()), { maxLength: 30 }),
        async (calls) => {
          const { hosts, at } = scripted();
          await Promise.all(
            calls.map(([name, reads]) =>
              reads ? hosts.at(reference(name)).state() : hosts.at(reference(name)).apply(change),
            ),
          );
          for (const name of ["a.x", "b.x"]) {
            assert.ok(at(name).most <= 1);
            assert.ok(at(name).reads <= 1);
            assert.equal(at(name).changes, calls.filter(([one, reads]) => one === name && !reads).length);
          }
        },
      ),
    );
  });

  it("are known by what a change answered, without another read", async () => {
    const { hosts, at } = scripted();
    await hosts.at(reference("a.x")).state();
    await hosts.at(reference("a.x")).apply(change);
    assert.equal((await hosts.at(reference("a.x")).state()).timeZone, "after 1 changes");
    assert.equal(at("a.x").reads, 1);
  });

  it("are asked again after a read or a change has failed: a failure is no knowledge", async () => {
    const { hosts, at } = scripted();
    at("a.x").failing = true;
    await assert.rejects(hosts.at(reference("a.x")).state(), /does not answer/);
    await assert.rejects(hosts.at(reference("a.x")).apply(change), /does not answer/);
    at("a.x").failing = false;
    assert.equal((await hosts.at(reference("a.x")).state()).host, "a.x");
  });

  it("are never said to lack what could not be read, and the reason is told", async () => {
    const state = await scripted().hosts.at(reference("a.x")).state();
    const problem = { code: "access-denied", message: "The task folder cannot be read." };
    const blind = { ...state, problems: [{ ...problem, concerns: "tasks" as const }] };
    assert.throws(() => {
      mustBeReadable(blind, "tasks", "jobs");
    }, /a\.x: The task folder cannot be read\. Whether it is there cannot be told/);
    assert.doesNotThrow(() => {
      mustBeReadable(blind, "targets");
    });
    assert.throws(() => {
      mustBeReadable({ ...state, problems: [problem] }, "targets");
    }, /cannot be told/);
  });

  it("keep what this process has just made when its older name is removed: a resource that moved", async () => {
    const { hosts, at } = scripted();
    const owner = { project: "p", stack: "s", name: "moved" };
    const agent = { version: "1.0", files: [{ path: "x", sha256: "0".repeat(64), base64: "" }] };
    await hosts.at(reference("a.x")).apply(Change.make({ owner, action: { kind: "set-agent", agent } }));
    await hosts.at(reference("a.x")).apply(Change.make({ owner, action: { kind: "remove-agent" } }));
    assert.equal(at("a.x").changes, 1);
    const other = { ...owner, name: "another" };
    await hosts.at(reference("a.x")).apply(Change.make({ owner: other, action: { kind: "remove-agent" } }));
    assert.equal(at("a.x").changes, 2);
  });

  it("are given the time that the stack's configuration says, because the engine gives none", async () => {
    const { hosts, at } = scripted();
    await hosts.at(reference("a.x")).state();
    assert.deepEqual(at("a.x").timeouts, [7000]);
  });
});
