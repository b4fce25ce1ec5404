import type * as pulumi from "@pulumi/pulumi";
import { LyncResource, type Arguments } from "../base/shim";
import { HostAgentOutputs, type HostAgentInputs } from "./schema";

export type HostAgentArgs = Arguments<typeof HostAgentInputs, "module">;

/** The PowerShell module `LyncBackup` on one host. What each argument means: docs/resources/host-agent.md. */
export class HostAgent extends LyncResource {
  declare readonly host: pulumi.Output<string>;
  declare readonly module: pulumi.Output<{ version: string; hash: string }>;
  declare readonly powershell: pulumi.Output<string>;
  declare readonly operatingSystem: pulumi.Output<string>;
  declare readonly timeZone: pulumi.Output<string>;
  declare readonly lync: pulumi.Output<string | null>;
  declare readonly seenAt: pulumi.Output<string>;

  constructor(name: string, args: HostAgentArgs, opts?: pulumi.CustomResourceOptions) {
    super("HostAgent", name, args, [...HostAgentOutputs.keyof().options, "module"], opts);
  }
}
