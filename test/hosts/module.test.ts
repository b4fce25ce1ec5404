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

/** Messages of the module for what the lab's interpreter says elsewhere, or what only a host can come to. */
const HOST_ALONE = [
  ...["unknownKind", "unknownKindAdvice", "noTarget", "mirrorElsewhere", "noRoom"],
  ...["courierEnded", "courierEndedAdvice", "notAllowed", "notACmdlet", "noCmdlet", "noCmdletAdvice"],
];

interface Said {
  /** In the module's table. */
  name: string;
  values: readonly (string | number)[];
  says: string;
  /** In the lab's. */
  lab: string;
}

/** Each message of the lab's interpreter, with the values that the module gives to its own. */
const SAID: readonly Said[] = [1, 2].flatMap((count) => {
  const m = messages;
  const said = (name: string, values: readonly (string | number)[], says: string, lab = name): Said => {
    return { name, values, says, lab };
  };
  const plain = (name: keyof typeof messages, as: string = name): Said => said(as, [], String(m[name]), name);
  return [
    said("guardHolds", ["T"], m.guardHolds("T")),
    said("skipped", ["T"], m.skipped("T")),
    said("hasRun", ["Get-CsPool"], m.calledCmdlet("Get-CsPool", 0), "calledCmdlet"),
    said("foundItems", ["Get-CsPool", count], m.calledCmdlet("Get-CsPool", count), "calledCmdlet"),
    said("executedSql", ["i", "s"], m.executedSql("s", "i", 0)),
    said("executedSqlRows", ["i", "s", count], m.executedSql("s", "i", count), "executedSql"),
    said("checked", [count], m.checked(count)),
    said("hashed", [count, count], m.hashed(count, count)),
    said("published", [count, "D:\\x"], m.published(count, "D:\\x")),
    said("sealed", ["s", count], m.sealed("s", count)),
    said("retained", [count, count], m.retained(count, count)),
    said("forEach", ["T", 1, count], m.forEach("T", 1, count)),
    said("foundBase", ["w", "s"], m.foundBase("w", "s")),
    plain("noCourier"),
    plain("noCourierAdvice"),
    said("noKey", ["c", "h"], m.noCredentials("c", "h"), "noCredentials"),
    plain("noCredentialsAdvice", "noKeyAdvice"),
    said("notAllOffsite", ["x; y"], m.notAllOffsite(["x", "y"])),
    said("emptyReference", ["a.b"], m.emptyReference("a.b")),
    said("notedBefore", ["x; y"], m.notedBefore(["x", "y"])),
    said("keptBefore", ["x; y"], m.keptBefore(["x", "y"])),
    said("noFullBase", ["w", "s"], m.noBase("w", "s", true), "noBase"),
    said("noBase", ["w", "s"], m.noBase("w", "s", false)),
    plain("noBaseAdvice"),
    said("cancelled", ["T"], m.cancelled("T")),
    said("stepTooLong", ["T", count], m.stepTooLong("T", count)),
    said("runTooLong", ["j", count], m.runTooLong("j", count)),
    plain("tooLongAdvice"),
    said("madeTwice", ["p"], m.madeTwice("p")),
    said("noScope", ["p", "x; y"], m.noScope("p", ["x", "y"])),
    said("notMade", ["c", "p"], m.notMade("c", "p")),
    said("tooManyItems", ["c", 1001], m.tooManyItems("c", 1001)),
    said("tooSmall", ["p", count, 22], m.tooSmall("p", count, 22)),
    said("doesNotOpen", ["p", "zip", "r"], m.doesNotOpen("p", "zip", "r")),
    said("shrunk", ["p", count, 9, "s"], m.shrunk("p", count, 9, "s")),
    plain("shrunkAdvice"),
    said("targetGone", ["p"], m.targetGone("p")),
    plain("targetGoneAdvice"),
    said("tooFull", ["p", count, 2, 3], m.tooFull("p", count, 2, 3)),
    plain("tooFullAdvice"),
    said("copyDiffers", ["p"], m.copyDiffers("p")),
    plain("copyDiffersAdvice"),
    plain("nothingMade"),
    said("notHashed", ["p"], m.notHashed("p")),
    said("missingFromSet", ["p"], m.missingFromSet("p")),
    said("needsMissing", ["s"], m.needsMissing("s")),
    plain("needsMissingAdvice"),
    said("unreadableSets", ["x; y"], m.unreadableSets(["x", "y"])),
    plain("unreadableSetsAdvice", "unreadableAdvice"),
    said("anotherSet", ["a", "b"], m.anotherSet("a", "b")),
    plain("notSealed"),
    said("copied", [count, 2], m.copied(count, 2)),
    said("copyFailed", [8, "why"], m.copyFailed(8, "why")),
    plain("copyFailedAdvice"),
    said("copyMissing", ["p"], m.copyMissing("p")),
    said("rootGone", ["p"], m.rootGone("p")),
    plain("rootGoneAdvice"),
    said("listed", [count, 2], m.listed(count, 2)),
    said("listedAnew", [count], m.listedAnew(count)),
    said("notListed", ["p", "q"], m.notListed("p", "q")),
    plain("notListedAdvice"),
    said("waited", ["T", count], m.waited("T", count)),
    said("waitedInVain", ["T", count], m.waitedInVain("T", count)),
    said("servicesDone", ["T", count], m.servicesDone("T", count)),
    said("confirmed", ["T", "me"], m.confirmed("T", "me")),
    said("notConfirmed", ["T"], m.notConfirmed("T")),
    said("notAnswered", ["T"], m.notAnswered("T")),
    plain("notAnsweredAdvice"),
    said("verified", ["s", "hashed", count], m.verified("s", "hashed", count)),
    said("setDamaged", ["s", "p: m"], m.setDamaged("s", [{ path: "p", message: "m." }])),
    plain("setDamagedAdvice"),
    plain("missing"),
    said("otherSize", [count, 2], m.otherSize(count, 2)),
    plain("otherHash"),
    said("noSet", ["s", "x"], m.noSet("s", "x")),
    plain("noSetAdvice"),
    said("nothingListed", ["s"], m.nothingListed("s")),
    said("notInSet", ["p", "s"], m.notInSet("p", "s")),
    said("assembled", [count, 2, "d"], m.assembled(count, 2, "d")),
    said("observed", ["read back"], m.observed("read-back", undefined)),
    said("observedAt", ["folder", "p"], m.observed("folder", "p"), "observed"),
    said("noPath", ["folder"], m.noPath("folder")),
    said("noFolder", ["p"], m.noFolder("p")),
    said("noClock", ["c"], m.noClock("c")),
  ];
});

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

  it("says what the interpreter of the lab says, in every message, and nothing more but what only a host can say", () => {
    const source = fs.readFileSync(path.join(AGENT, "Messages.ps1"), "utf8");
    const templates = new Map(
      [...source.matchAll(/^ {4}(\w+) += (['"])(.*)\2$/gm)].map(([, name = "", , text = ""]) => [name, text]),
    );
    const say = (name: string, values: readonly (string | number)[]): string =>
      (templates.get(name) ?? `no message ${name}`).replace(
        /\{(\d)(?::([a-z]+))?\}/g,
        (_, index: string, what?: string) => {
          const value = values[Number(index)];
          return what === undefined ? String(value) : `${String(value)} ${what}${value === 1 ? "" : "s"}`;
        },
      );
    for (const { name, values, says } of SAID) assert.equal(say(name, values), says);
    const compared = new Set(SAID.map(({ lab }) => lab));
    assert.deepEqual(
      Object.keys(messages).filter((name) => !compared.has(name)),
      ["serviceFailed"],
      "what the lab says and the module does not",
    );
    const said = new Set(SAID.map(({ name }) => name));
    assert.deepEqual(
      [...templates.keys()].filter((name) => !said.has(name)),
      HOST_ALONE,
    );
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
