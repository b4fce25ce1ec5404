import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { before, describe, it } from "mocha";
import type { Node } from "web-tree-sitter";
import * as messages from "../../lab/interpreter/messages";
import { ROOT } from "../support/root";
import {
  AGENT,
  assignedIn,
  childrenOf,
  commandName,
  functionsOf,
  nodesOf,
  place,
  sourceFiles,
  variableName,
  type SourceFile,
  type SourceFunction,
} from "./powershell-source";

/** What Windows PowerShell 3.0 has, as far as the module uses it, with the parameters that it uses. */
const CMDLETS: Readonly<Record<string, readonly string[]>> = {
  "Add-Type": ["AssemblyName", "MemberDefinition", "Name", "Namespace"],
  "Export-ModuleMember": ["Function"],
  "ForEach-Object": ["Process"],
  "Get-Acl": ["LiteralPath"],
  "Get-ChildItem": ["Path"],
  "Get-CimInstance": ["CimSession", "ClassName", "Filter", "Namespace", "ErrorAction"],
  "Get-Command": ["Name", "ErrorAction"],
  "Get-ItemProperty": ["Path", "ErrorAction"],
  "Import-Module": ["Name"],
  "Invoke-CimMethod": ["InputObject", "MethodName"],
  "Join-Path": ["Path", "ChildPath"],
  "New-CimSession": ["ComputerName", "SessionOption", "ErrorAction"],
  "New-CimSessionOption": ["Protocol"],
  "New-Object": ["TypeName", "ArgumentList", "ComObject"],
  "Remove-CimSession": ["CimSession"],
  "Remove-Item": ["LiteralPath", "Recurse", "Force"],
  "Select-Object": ["First", "Unique"],
  "Set-Acl": ["LiteralPath", "AclObject"],
  "Set-StrictMode": ["Version"],
  "Sort-Object": ["Property", "Descending"],
  "Where-Object": ["FilterScript"],
  "Write-Verbose": ["Message"],
};
/** On some Windows only: each call stands in Windows.ps1 and says what holds where it is not there. */
const SOMETIMES: Readonly<Record<string, readonly string[]>> = {
  "Get-CsComputer": ["Local", "ErrorAction"],
  "Test-ADServiceAccount": ["Identity", "ErrorAction", "WarningAction"],
};
const COMMON = ["Verbose", "Confirm", "WhatIf", "ErrorAction"];
const AUTOMATIC = new Set(["_", "null", "true", "false", "pscmdlet", "psscriptroot", "psversiontable", "psitem"]);
const APPROVED = new Set(
  (
    "Add Assert Clear Close Compare Complete Convert ConvertFrom ConvertTo Copy Enable Expand Find Get Import Initialize Invoke " +
    "Join Move Open Read Register Remove Rename Resolve Save Select Set Start Stop Test Unregister Wait Write"
  ).split(" "),
);

describe("The PowerShell module, as far as it can be judged without PowerShell", () => {
  let files: SourceFile[] = [];
  let functions: SourceFunction[] = [];
  const known = new Map<string, SourceFunction>();
  const everywhere = (look: (file: SourceFile) => string[]): void => {
    assert.deepEqual(files.flatMap(look), []);
  };
  before(async () => {
    files = (await sourceFiles()).filter(({ name }) => !name.endsWith(".psd1"));
    functions = files.flatMap(functionsOf);
    for (const one of functions) known.set(one.name, one);
  });

  it("has each function once, with a verb that PowerShell approves", () => {
    assert.deepEqual(
      functions.filter((one) => known.get(one.name) !== one).map(({ name }) => name),
      [],
    );
    assert.deepEqual(
      functions.filter(({ name }) => !APPROVED.has(name.split("-")[0] ?? "")).map(({ name }) => name),
      [],
    );
  });

  it("calls nothing but its own functions and what Windows PowerShell 3.0 has, by names of parameters that there are", () => {
    everywhere(({ name: file, tree }) =>
      nodesOf(tree, "command").flatMap((command) => {
        const name = commandName(command);
        if (name === undefined)
          return /^[.] /.test(command.text) ? [] : [`${place(file, command)} calls by expression`];
        const sometimes = file === "Windows.ps1" ? SOMETIMES[name] : undefined;
        const own = known.get(name)?.parameters;
        const parameters = own ?? CMDLETS[name] ?? sometimes;
        if (!parameters) return [`${place(file, command)} calls ${name}`];
        const allowed = [...parameters, ...(own ? COMMON : [])].map((one) => `-${one}`.toLowerCase());
        return nodesOf(
          childrenOf(command).find(({ type }) => type === "command_elements") ?? command,
          "command_parameter",
        )
          .filter((one) => closestCommand(one)?.id === command.id)
          .filter((one) => !allowed.includes(one.text.replace(/:.*$/s, "").toLowerCase()))
          .map((one) => `${place(file, one)} ${name} has no ${one.text}`);
      }),
    );
  });

  it("gives every argument by name", () => {
    everywhere(({ name: file, tree }) =>
      nodesOf(tree, "command").flatMap((command) => {
        const name = commandName(command);
        const elements = childrenOf(command).find(({ type }) => type === "command_elements");
        if (name === undefined || !elements) return [];
        const given = childrenOf(elements).filter(({ type }) => type !== "command_argument_sep");
        return given
          .filter((one, index) => one.type !== "command_parameter" && given[index - 1]?.type !== "command_parameter")
          .map((one) => `${place(file, one)} ${name} ${one.text.split("\n")[0] ?? ""}`);
      }),
    );
  });

  it("puts no list into a list: what answers with a list as one thing stands in no @( )", () => {
    everywhere(({ name: file, tree }) =>
      nodesOf(tree, "array_expression").flatMap((array) => {
        const name = /^@\(\s*([A-Za-z]+-[A-Za-z]+)[^|]*\)$/s.exec(array.text)?.[1];
        return name !== undefined && known.get(name)?.whole === true ? [`${place(file, array)} ${name}`] : [];
      }),
    );
  });

  it("reads no variable that nothing has given a value", () => {
    const script = new Set(
      files.flatMap(({ tree }) => [...assignedIn(tree)]).filter((one) => one.startsWith("script:")),
    );
    const unknown = (file: string, scope: Node): string[] => {
      const assigned = assignedIn(scope);
      return nodesOf(scope, "variable").flatMap((node) => {
        const name = variableName(node);
        const fine =
          AUTOMATIC.has(name) || name.startsWith("env:") || (name.startsWith("script:") ? script : assigned).has(name);
        return fine ? [] : [`${place(file, node)} ${node.text}`];
      });
    };
    assert.deepEqual(
      functions.flatMap(({ file, node }) => unknown(file, node)),
      [],
    );
  });

  it("has no parameter and no variable that nobody reads", () => {
    const unread = functions.flatMap(({ file, node, name }) => {
      const reads = nodesOf(node, "variable")
        .filter((one) => !isTarget(one))
        .map(variableName);
      return [...assignedIn(node)]
        .filter((one) => !one.startsWith("script:") && !reads.includes(one))
        .map((one) => `${file} ${name} $${one}`);
    });
    assert.deepEqual(unread, []);
  });

  it("changes nothing under a public verb without being asked whether it should", () => {
    const silent = functions
      .filter(({ name }) => /^(New|Set|Remove|Start|Stop|Restart|Reset|Update)-/.test(name))
      .filter(({ node }) => !node.text.includes("SupportsShouldProcess = $true"))
      .map(({ name }) => name);
    assert.deepEqual(silent, []);
  });

  it("says what the interpreter of the lab says", () => {
    const source = fs.readFileSync(path.join(AGENT, "Messages.ps1"), "utf8");
    const templates = new Map(
      [...source.matchAll(/^ {4}(\w+) += (['"])(.*)\2$/gm)].map(([, name = "", , text = ""]) => [name, text]),
    );
    const say = (name: string, ...values: (string | number)[]): string =>
      (templates.get(name) ?? `no message ${name}`).replace(
        /\{(\d)(?::([a-z]+))?\}/g,
        (_, index: string, what?: string) => {
          const value = values[Number(index)];
          return what === undefined ? String(value) : `${String(value)} ${what}${value === 1 ? "" : "s"}`;
        },
      );
    for (const count of [1, 2]) {
      assert.equal(say("guardHolds", "T"), messages.guardHolds("T"));
      assert.equal(say("skipped", "T"), messages.skipped("T"));
      assert.equal(say("hasRun", "Get-CsPool"), messages.calledCmdlet("Get-CsPool", 0));
      assert.equal(say("foundItems", "Get-CsPool", count), messages.calledCmdlet("Get-CsPool", count));
      assert.equal(say("checked", count), messages.checked(count));
      assert.equal(say("hashed", count, count), messages.hashed(count, count));
      assert.equal(say("published", count, "D:\\x"), messages.published(count, "D:\\x"));
      assert.equal(say("sealed", "s", count), messages.sealed("s", count));
      assert.equal(say("retained", count, count), messages.retained(count, count));
      assert.equal(say("stepTooLong", "T", count), messages.stepTooLong("T", count));
      assert.equal(say("runTooLong", "j", count), messages.runTooLong("j", count));
      assert.equal(say("tooSmall", "p", count, 22), messages.tooSmall("p", count, 22));
      assert.equal(say("shrunk", "p", count, 9, "s"), messages.shrunk("p", count, 9, "s"));
      assert.equal(say("tooFull", "p", count, 2, 3), messages.tooFull("p", count, 2, 3));
    }
    assert.equal(say("forEach", "T", 1, 2), messages.forEach("T", 1, 2));
    assert.equal(say("foundBase", "w", "s"), messages.foundBase("w", "s"));
    assert.equal(say("emptyReference", "a.b"), messages.emptyReference("a.b"));
    assert.equal(say("notedBefore", "x; y"), messages.notedBefore(["x", "y"]));
    assert.equal(say("keptBefore", "x; y"), messages.keptBefore(["x", "y"]));
    assert.equal(say("noFullBase", "w", "s"), messages.noBase("w", "s", true));
    assert.equal(say("noBase", "w", "s"), messages.noBase("w", "s", false));
    assert.equal(say("cancelled", "T"), messages.cancelled("T"));
    assert.equal(say("madeTwice", "p"), messages.madeTwice("p"));
    assert.equal(say("noScope", "p", "x; y"), messages.noScope("p", ["x", "y"]));
    assert.equal(say("notMade", "c", "p"), messages.notMade("c", "p"));
    assert.equal(say("tooManyItems", "c", 1001), messages.tooManyItems("c", 1001));
    assert.equal(say("doesNotOpen", "p", "zip", "r"), messages.doesNotOpen("p", "zip", "r"));
    assert.equal(say("targetGone", "p"), messages.targetGone("p"));
    assert.equal(say("copyDiffers", "p"), messages.copyDiffers("p"));
    assert.equal(say("notHashed", "p"), messages.notHashed("p"));
    assert.equal(say("missingFromSet", "p"), messages.missingFromSet("p"));
    assert.equal(say("needsMissing", "s"), messages.needsMissing("s"));
    assert.equal(say("unreadableSets", "x; y"), messages.unreadableSets(["x", "y"]));
    assert.equal(say("anotherSet", "a", "b"), messages.anotherSet("a", "b"));
    for (const name of [
      "noCourier",
      "noCourierAdvice",
      "noBaseAdvice",
      "tooLongAdvice",
      "shrunkAdvice",
      "targetGoneAdvice",
    ] as const) {
      assert.equal(say(name), messages[name]);
    }
    for (const name of [
      "tooFullAdvice",
      "copyDiffersAdvice",
      "nothingMade",
      "needsMissingAdvice",
      "notSealed",
    ] as const) {
      assert.equal(say(name), messages[name]);
    }
    assert.equal(say("unreadableAdvice"), messages.unreadableSetsAdvice);
  });

  it("uses no syntax that came after 3.0", () => {
    const newer = [/::new\(/, /\?\?/, /\?\./, /&&/, /\|\|/, /^\s*(class|enum|using)\s/m, /-AsByteStream|-AsHashtable/];
    everywhere(({ name, text }) =>
      newer
        .filter((one) => one.test(text.replace(/#.*$/gm, "").replace(/'[^'\n]*'/g, "''")))
        .map((one) => `${name} ${String(one)}`),
    );
  });

  it("has a page that names each function which only a real server can confirm", () => {
    const page = fs.readFileSync(path.join(ROOT, "docs", "powershell.md"), "utf8");
    const named = [...page.matchAll(/^\| `([A-Za-z]+-Lb[A-Za-z0-9]+)` +\|/gm)].map(([, name = ""]) => name);
    const own = functions.filter(({ file }) => file === "Windows.ps1").map(({ name }) => name);
    assert.deepEqual(named, own);
  });

  it("exports what its manifest names, each with help, and loads all of its files", () => {
    const manifest = fs.readFileSync(path.join(AGENT, "LyncBackup.psd1"), "utf8");
    const exported = [...manifest.matchAll(/'([A-Z][a-z]+-LyncBackup[A-Za-z]+)'/g)].map(([, name = ""]) => name);
    const own = functions.map(({ name }) => name).filter((name) => name.includes("-LyncBackup"));
    assert.deepEqual([...exported].sort(), own.sort());
    for (const name of exported) {
      for (const part of [".SYNOPSIS", ".DESCRIPTION", ".EXAMPLE"])
        assert.ok(known.get(name)?.node.text.includes(part), `${name} ${part}`);
      for (const one of known.get(name)?.parameters ?? [])
        assert.ok(known.get(name)?.node.text.includes(`.PARAMETER ${one}\n`), `${name} ${one}`);
    }
    const loader = fs.readFileSync(path.join(AGENT, "LyncBackup.psm1"), "utf8");
    const loaded = [...loader.matchAll(/'([A-Z][A-Za-z]+)'/g)].map(([, name = ""]) => `${name}.ps1`);
    const parts = files
      .map(({ name }) => name)
      .filter((name) => name.endsWith(".ps1") && name !== "Start-LyncBackupJob.ps1");
    assert.deepEqual(loaded.filter((name) => name !== "Stop.ps1" && name !== "Latest.ps1").sort(), parts);
  });
});

function closestCommand(node: Node): Node | null {
  let found = node.parent;
  while (found && found.type !== "command") found = found.parent;
  return found;
}

/** The variable itself is given a value here, and not looked at. */
function isTarget(node: Node): boolean {
  let up: Node | null = node;
  while (up.parent && up.parent.text === node.text) up = up.parent;
  if (up.type === "left_assignment_expression") return !/^\s*[-+*]=/.test(up.nextSibling?.text ?? "");
  return up.type === "variable" && ["script_parameter", "foreach_statement"].includes(up.parent?.type ?? "");
}
