import type { Product } from "../../estate/documents";

/** The syntax of the cmdlets that the lab knows, as Microsoft's reference has it. Positions are of no use to splatting. */
interface CmdletSyntax {
  products: readonly Product[];
  parameters: Readonly<Record<string, ParameterSyntax>>;
}

export interface ParameterSyntax {
  type: "String" | "SwitchParameter" | "DateTime" | "Fqdn" | "String[]";
  required?: true;
  /** The parameter sets it belongs to; without any, all. */
  sets?: readonly string[];
}

const EVERY: readonly Product[] = ["lync2013", "sfb2015", "sfb2019", "sfbse"];

export const CMDLETS: Readonly<Record<string, CmdletSyntax>> = {
  "Export-CsConfiguration": {
    products: EVERY,
    parameters: {
      AsBytes: { type: "SwitchParameter", sets: ["AsBytes"], required: true },
      FileName: { type: "String", sets: ["FileName"], required: true },
      Force: { type: "SwitchParameter" },
      LocalStore: { type: "SwitchParameter" },
    },
  },
  "Export-CsPersistentChatData": {
    // The facts win over the reference: there is no Persistent Chat from 2019 on.
    products: ["lync2013", "sfb2015"],
    parameters: {
      AsBytes: { type: "SwitchParameter", sets: ["AsBytes"] },
      DBInstance: { type: "String", required: true },
      DBName: { type: "String" },
      DisableExportedNodes: { type: "SwitchParameter" },
      FileName: { type: "String", sets: ["FileName"] },
      Level: { type: "String" },
      Report: { type: "String" },
      Scope: { type: "String[]" },
      StartDate: { type: "DateTime" },
    },
  },
  "Get-CsManagementStoreReplicationStatus": {
    products: EVERY,
    parameters: {
      CentralManagementStoreStatus: { type: "SwitchParameter" },
      ReplicaFqdn: { type: "String" },
    },
  },
};
