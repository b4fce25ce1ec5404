import { Change, PRODUCT_NAMES, type HostState } from "../../estate/documents";
import { agentPackage, moduleHash, packageHash } from "../../hosts/agent/package";
import { mustBeReadable, unlessForeign } from "../base/hosts";
import type { ResourceType } from "../base/resource-type";
import { HostAgentInputs, HostAgentOutputs } from "./schema";

/** The module of this release on one host: installed, unaltered, and removed with the resource. */
export const hostAgent: ResourceType<HostAgentInputs, HostAgentOutputs> = {
  type: "HostAgent",
  inputs: HostAgentInputs,
  outputs: HostAgentOutputs,
  identity: ["host"],
  computed: ["module"],
  unmanaged: {
    adopt: "a permission, not a property of the host",
    reach: "how the host is reached is not a property of it",
  },

  id: ({ host }) => `${host}/agent`,

  complete(inputs) {
    const agent = agentPackage();
    return { ...inputs, module: { version: agent.version, hash: packageHash(agent) } };
  },

  async observe(inputs, hosts) {
    const state = await hosts.at({ name: inputs.host, reach: inputs.reach }).state();
    mustBeReadable(state, "agent");
    if (!state.agent) return undefined;
    const { owner, version, files } = state.agent;
    return { owner, found: { ...inputs, module: { version, hash: moduleHash(files) } }, outputs: outputsOf(state) };
  },

  async ensure(desired, { hosts, adopt }) {
    await hosts
      .at({ name: desired.host, reach: desired.reach })
      .apply(Change.make({ owner: desired.owner, adopt, action: { kind: "set-agent", agent: agentPackage() } }));
  },

  async remove(inputs, hosts) {
    const host = hosts.at({ name: inputs.host, reach: inputs.reach });
    await unlessForeign(host.apply(Change.make({ owner: inputs.owner, action: { kind: "remove-agent" } })));
  },
};

function outputsOf({ computer, timeZone, at }: HostState): HostAgentOutputs {
  return {
    powershell: computer.powershell,
    operatingSystem: computer.operatingSystem,
    timeZone,
    lync: computer.lync ? `${PRODUCT_NAMES[computer.lync.product]} ${computer.lync.version}` : null,
    seenAt: at,
  };
}
