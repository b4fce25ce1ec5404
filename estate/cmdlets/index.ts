export { checkCalls } from "./check";
export type { CmdletProduct, CmdletSyntax, CmdletTable, ParameterSyntax } from "./syntax";
export { bindingOf, CMDLETS, syntaxOf, type Syntax } from "./table";
export { fits } from "./types";
