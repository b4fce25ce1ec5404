import fs from "node:fs";
import path from "node:path";
import { CMDLETS } from "../../estate/cmdlets";

/**
 * Lync's cmdlets for a real PowerShell: a module with a function for each one of the table, which binds names and
 * parameter sets as the real one does and hands the call to the lab. Types are the lab's to judge.
 */

const COMMON = new Set([
  "verbose",
  "debug",
  "erroraction",
  "warningaction",
  "errorvariable",
  "outvariable",
  "outbuffer",
]);
const NAME = "LyncLab";

/** Writes the module into a folder; on PSModulePath, PowerShell loads it when one of its functions is called. */
export function writeStubs(folder: string, simulatorText: string): void {
  const module = path.join(folder, NAME);
  fs.mkdirSync(module, { recursive: true });
  const names = Object.keys(CMDLETS);
  const functions = names.map((name) => stub(name));
  fs.writeFileSync(path.join(module, `${NAME}.psm1`), [simulatorText, ...functions].join("\n"));
  const exported = names.map((name) => `'${name}'`).join(", ");
  const manifest = `@{ RootModule = '${NAME}.psm1'; ModuleVersion = '1.0'; FunctionsToExport = @(${exported}) }\n`;
  fs.writeFileSync(path.join(module, `${NAME}.psd1`), manifest);
}

function stub(name: string): string {
  const syntax = CMDLETS[name];
  const sets = syntax?.sets ?? [];
  const parameters = Object.entries(syntax?.parameters ?? {})
    .filter(([parameter]) => !COMMON.has(parameter.toLowerCase()))
    .map(([parameter, { type, sets: of, required }]) => {
      const isRequired = (set: string): boolean =>
        required === true || (Array.isArray(required) && required.includes(set));
      const attributes = (of ?? (sets.length > 0 && Array.isArray(required) ? sets : [undefined])).map((set) => {
        const parts = [
          ...(set === undefined ? [] : [`ParameterSetName = '${set}'`]),
          `Mandatory = $${String(set === undefined ? required === true : isRequired(set))}`,
        ];
        return `[Parameter(${parts.join(", ")})]`;
      });
      return `        ${attributes.join("")}[${type === "SwitchParameter" ? "switch" : "object"}]$${parameter}`;
    });
  const first = sets[0] === undefined ? "" : `DefaultParameterSetName = '${sets[0]}'`;
  return [
    `function ${name} {`,
    `    [CmdletBinding(${first})]`,
    `    param(\n${parameters.join(",\n")}\n    )`,
    `    Invoke-LabCmdlet -Name '${name}' -Bound $PSBoundParameters`,
    "}",
  ].join("\n");
}
