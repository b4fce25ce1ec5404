import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "mocha";
import { RESOURCE_EXAMPLES } from "../../docs/examples/resources";
import { slowHost } from "../../lab/commands";
import { IncompleteError, toProviderError } from "../../providers/base/errors";
import { diff, makeProvider, ProviderProcess } from "../../providers/base/provider";
import { cmsExport } from "../../providers/cms-export/reconcile";
import { hostAgent } from "../../providers/host-agent/reconcile";
import { temporaryLab } from "../support/lab";
import { OneResource } from "../support/one-resource";

const owner = { project: "p", stack: "s", name: "n" };
const { args: job } = RESOURCE_EXAMPLES.CmsExport;

describe("the methods of every resource, as the engine calls them", () => {
  let lab: string;
  let remove: () => void;
  beforeEach(async () => {
    ({ folder: lab, remove } = await temporaryLab());
  });
  afterEach(() => {
    remove();
  });

  it("diff ignores the text of the provider: a release changes no resource", async () => {
    const resource = OneResource.of(cmsExport, lab);
    const inputs = await resource.check(job);
    const outputs = { ...inputs, __provider: "the text of an older release", nextRunAt: null };
    assert.deepEqual(diff(cmsExport, outputs, inputs), { changes: false, replaces: [], deleteBeforeReplace: true });
  });

  it("diff takes no property that an older release did not know for a change, as long as it has its default", async () => {
    const inputs = (await OneResource.of(cmsExport, lab).check(job)) as Record<string, unknown>;
    const { lostHosts: _unknownThen, ...older } = inputs;
    assert.equal(diff(cmsExport, older, inputs).changes, false);
    assert.equal(diff(cmsExport, older, { ...inputs, lostHosts: ["fe12.contoso.com"] }).changes, true);
  });

  it("diff sees a property that is no longer declared", async () => {
    const resource = OneResource.of(cmsExport, lab);
    const inputs = await resource.check({ ...job, enabled: false, disabledReason: "moving" });
    const { disabledReason: _gone, ...without } = inputs as Record<string, unknown>;
    assert.equal(diff(cmsExport, inputs, without).changes, true);
  });

  it("diff says that the old one goes first: names on a host collide", async () => {
    const inputs = await OneResource.of(cmsExport, lab).check(job);
    const { replaces, deleteBeforeReplace } = diff(cmsExport, inputs, { ...inputs, name: "other" });
    assert.deepEqual({ replaces, deleteBeforeReplace }, { replaces: ["name"], deleteBeforeReplace: true });
  });

  it("refuse to work unconfigured: a delete that did nothing would drop the resource from the state", async () => {
    const process = new ProviderProcess();
    const provider = makeProvider(hostAgent, process);
    const { args } = RESOURCE_EXAMPLES.HostAgent;
    const state = { ...args, owner };
    await assert.rejects(provider.delete("fe01.contoso.com/agent", state), /was not configured/);
    await assert.rejects(provider.read("fe01.contoso.com/agent", state), /was not configured/);
    await assert.rejects(provider.create(state), /was not configured/);
  });

  it("give up on a host that takes too long, naming it", async () => {
    await slowHost(lab, "fe01.contoso.com", 5000);
    const process = new ProviderProcess();
    const provider = makeProvider(hostAgent, process);
    const values: Record<string, string> = { "lync-backup:lab": lab, "lync-backup:hostTimeoutSeconds": "1" };
    provider.configure({ config: { get: (key) => values[key] } });
    const { args } = RESOURCE_EXAMPLES.HostAgent;
    await assert.rejects(
      provider.read("fe01.contoso.com/agent", { ...args, owner }),
      /fe01\.contoso\.com.*(time|second)/,
    );
  });

  it("fail with a message and no stack, which would tell an administrator nothing", () => {
    const error = toProviderError("HostAgent fe01", new Error("it broke"));
    assert.deepEqual([error.message, error.stack], ["HostAgent fe01: it broke", ""]);
  });

  it("hand the engine what was made when not all of it was, clean and with an id", () => {
    const error = new IncompleteError("job/x", { a: undefined, b: 1n, c: "kept" }, ["fe02 does not answer"]);
    assert.deepEqual(
      { id: error.id, properties: error.properties, reasons: error.reasons },
      { id: "job/x", properties: { b: "1", c: "kept" }, reasons: ["fe02 does not answer"] },
    );
  });

  it("read a state that an older release wrote: what it did not know has its default", async () => {
    const resource = OneResource.of(hostAgent, lab);
    await resource.up(RESOURCE_EXAMPLES.HostAgent.args);
    assert.ok(resource.state);
    const { adopt: _unknownThen, ...older } = resource.state.outputs as Record<string, unknown>;
    resource.state.outputs = older;
    assert.equal(await resource.refresh(), "there");
    assert.equal(await resource.preview(RESOURCE_EXAMPLES.HostAgent.args), "same");
  });

  it("refuse a state whose identity they cannot read, instead of taking another thing for it", async () => {
    const resource = OneResource.of(hostAgent, lab);
    await resource.up(RESOURCE_EXAMPLES.HostAgent.args);
    assert.ok(resource.state);
    resource.state.outputs = { ...resource.state.outputs, host: 7 };
    await assert.rejects(resource.refresh(), /no usable host/);
  });
});
