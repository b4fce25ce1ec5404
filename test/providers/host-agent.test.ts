import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { editAgentFile, editFile, realFile, removeAgentFile } from "../../lab/commands";
import { RESOURCE_EXAMPLES } from "../../docs/examples/resources";
import { hostAgent } from "../../providers/host-agent/reconcile";
import { describeResource } from "../support/resource-suite";
import { installAgent, SOMEBODY } from "../support/world";

const HOST = "fe01.contoso.com";
/** Beside the module: results of runs outlive it. */
const KEPT = String.raw`C:\ProgramData\LyncBackup\runs\kept.json`;

describeResource({
  type: hostAgent,
  hosts: [HOST],
  example: RESOURCE_EXAMPLES.HostAgent.args,
  changes: {},
  replacements: { host: "fe02.contoso.com" },
  edits: {
    module: (lab) => editAgentFile(lab, HOST, "LyncBackup.psm1", "# improved by a colleague\n"),
  },
  lose: async (lab) => {
    await removeAgentFile(lab, HOST, "agent.json");
  },
  foreign: async (lab, differs) => {
    await installAgent(lab, HOST, SOMEBODY);
    if (differs) await editAgentFile(lab, HOST, "LyncBackup.psm1", "# another release\n");
  },
  another: { ...RESOURCE_EXAMPLES.HostAgent.args, host: "fe02.contoso.com" },
  remains: async (lab) => {
    await editFile(lab, HOST, KEPT, "not ours");
    return async () => {
      assert.equal(await readFile(await realFile(lab, HOST, KEPT), "utf8"), "not ours");
    };
  },
  bad: [
    { with: { host: "fe01" }, names: "host: expected a fully qualified computer name" },
    { with: { host: "fe01.contoso.com; whoami" }, names: "host" },
    { with: { reach: { via: "carrier-pigeon" } }, names: "reach" },
    { with: { reach: { via: "lab", password: "x" } }, names: "reach.password: there is no such field" },
  ],
});
