import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import * as fc from "fast-check";
import { it } from "mocha";
import { ARTEFACT_PARTS, RelativePath } from "../../estate/documents";
import { quoteIdentifier } from "../../estate/sql/statement";
import { Body } from "../../lab/body";
import { partsOf } from "../../lab/interpreter/checks";
import { argumentsIn } from "../../lab/powershell/programs";
import { ROOT } from "../support/root";
import { describeWithPowerShell, inModule, scratch } from "./pwsh";

/** The functions of the module, each on many inputs in one process. */

const HOSTILE = [
  "",
  "'",
  '"',
  "`",
  "$()",
  "$(exit 3)",
  "\n",
  "\r\n",
  "\u2018\u2019\u201c",
  "#< CLIXML",
  "\\",
  '\\\\"',
  "\ud83d\ude00",
];
const hostile = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: "binary" }), fc.string());
const sample = <T>(arbitrary: fc.Arbitrary<T>, count = 500): T[] =>
  fc.sample(arbitrary, { numRuns: count, seed: 20260301 });
const each = (call: string): string => `    $Out = @(foreach ($one in $In) { try { ${call} } catch { 'refused' } })`;

describeWithPowerShell("The module in PowerShell", function () {
  this.timeout(120_000);

  it("reads and writes JSON as it is, whatever is in it", async () => {
    const values = sample(fc.jsonValue({ noUnicodeString: false }), 300).map(
      (value) => JSON.parse(JSON.stringify(value)) as unknown,
    );
    assert.deepEqual(await inModule("    $Out = $In", values), values);
    const texts = sample(hostile);
    assert.deepEqual(await inModule("    $Out = $In", texts), texts);
    assert.deepEqual(
      await inModule("    $Out = $In", ["2026-03-01T02:00:00.000Z", [], [[]], [1], {}, { count: 3, Keys: 1 }]),
      [...["2026-03-01T02:00:00.000Z", [], [[]], [1], {}, { count: 3, Keys: 1 }]],
    );
    assert.deepEqual(
      await inModule(each("[void](ConvertFrom-LbJson -Text $one); 'read'"), [
        "{",
        "[1,]",
        "{} {}",
        "01",
        "nul",
        '{"a" 1}',
        "[1]",
      ]),
      [...Array.from({ length: 6 }, () => "refused"), "read"],
    );
  });

  it("decides which sets stay as every other part of the product does", async () => {
    const lines = fs
      .readFileSync(path.join(ROOT, "estate", "vectors", "retention.jsonl"), "utf8")
      .trim()
      .split("\n");
    const vectors = lines.map((line) => JSON.parse(line) as { decisions: unknown });
    const call =
      ", @(Get-LbRetention -Sets $one['sets'] -Policy $one['rules']['policy'] -Awaits $one['rules']['awaits'] -Now $one['rules']['now'])";
    const found = (await inModule(`    $Out = @(foreach ($one in $In) { ${call} })`, vectors)) as unknown[];
    for (const [index, { decisions }] of vectors.entries())
      assert.deepEqual(found[index], decisions, `line ${String(index)}`);
  });

  it("hashes a file and its parts as the interpreter in the lab does", async () => {
    const { bytes } = ARTEFACT_PARTS;
    const bodies = [0, 1, bytes, bytes + 1, 2 * bytes, 2 * bytes + 70_000].map(
      (size) => new Body({ seed: String(size), bytes: size }),
    );
    const folder = scratch();
    const files = bodies.map((body) => {
      const file = path.join(folder, String(body.bytes));
      body.writeTo(file);
      return file;
    });
    const found = await inModule(
      "    $Out = @(foreach ($one in $In) { $sum = Get-LbFileSum -Path $one -MostParts 9; , @($sum['Sha256'], $sum['Parts']) })",
      files,
    );
    assert.deepEqual(
      found,
      bodies.map((body) => [body.sha256(), partsOf(body)?.sha256 ?? null]),
    );
  });

  it("makes command lines that a program takes apart into what was given", async () => {
    const lists = sample(
      fc.array(
        hostile.map((one) => one.replaceAll("\0", "")),
        { maxLength: 6 },
      ),
    );
    const made = (await inModule(each("ConvertTo-LbCommandLine -Argument $one"), lists)) as string[];
    assert.deepEqual(made.map(argumentsIn), lists);
  });

  it("quotes identifiers as the corpus of statements does", async () => {
    const names = sample(hostile);
    const quoted = names.map((name) => {
      try {
        return quoteIdentifier(name);
      } catch {
        return "refused";
      }
    });
    assert.deepEqual(await inModule(each("ConvertTo-LbIdentifier -Name $one"), names), quoted);
  });

  it("makes names of files that every Windows takes", async () => {
    const names = [...sample(hostile), "con", "COM1.txt", "aux ", "a.", "..", "nul.zip"];
    for (const made of (await inModule(each("ConvertTo-LbFileName -Text $one"), names)) as string[]) {
      assert.ok(RelativePath.safeParse(made).success && !made.includes("/"), JSON.stringify(made));
    }
  });

  it("takes the exit code of robocopy for what it is", async () => {
    const codes = Array.from({ length: 32 }, (_, code) => code);
    const failed = await inModule(each("Test-LbRobocopyFailed -ExitCode $one"), codes);
    assert.deepEqual(
      failed,
      codes.map((code) => code >= 8),
    );
    const output =
      "ERROR\r\n   Dirs : 3 1 2 0 0 0\r\n  Dateien:   10   7   2  0  1  4\r\n   Bytes :   99  70  20   0   9   0\r\n   Times : 0:00:01\r\n";
    assert.deepEqual(await inModule("    $Out = @(Get-LbRobocopySummary -Output $In)", output), [
      [3, 1, 2, 0, 0, 0],
      [10, 7, 2, 0, 1, 4],
      [99, 70, 20, 0, 9, 0],
    ]);
  });

  it("hands robocopy what a step says", async () => {
    const plain = { kind: "robocopy", retries: 2, waitSeconds: 5, threads: 8 };
    const steps = [
      plain,
      { ...plain, hours: { from: "20:00", until: "06:00" }, backupMode: true, security: true, mirror: true },
      { ...plain, megabitsPerSecond: 100, excludeFiles: ["a b"], excludeFolders: ["c*"] },
    ];
    const call = "(@(Get-LbRobocopyArgument -Step $one -From 'F' -To 'T' -Name @()) -join ' ')";
    const after = "/XJ /NFL /NDL /NJH /NP /BYTES";
    assert.deepEqual(await inModule(each(call), steps), [
      `F T /E /COPY:DAT /R:2 /W:5 /MT:8 ${after}`,
      `F T /MIR /COPY:DATS /B /R:2 /W:5 /MT:8 /RH:2000-0600 /PF ${after}`,
      `F T /E /COPY:DAT /R:2 /W:5 /IPG:6 /XF a b /XD c* ${after}`,
    ]);
  });

  it("makes tasks whose triggers read back as they were declared", async () => {
    const triggers = [
      { kind: "daily", at: "02:00", everyDays: 1 },
      { kind: "daily", at: "23:59", everyDays: 3 },
      { kind: "weekly", at: "00:00", on: ["monday", "sunday"], everyWeeks: 2 },
      { kind: "repeating", at: "06:30", minutes: 15, forMinutes: 1440 },
      { kind: "repeating", at: "06:30", minutes: 90, forMinutes: 600 },
    ];
    const lines = [
      "    $job = [ordered]@{ account = 'CONTOSO\\a&b<c>$'; timeLimitMinutes = 90 }",
      "    $task = [ordered]@{ enabled = $true; startWhenMissed = $false; triggers = $In }",
      "    $owner = [ordered]@{ project = 'p'; stack = 's'; name = 'a/b <c>' }",
      "    $xml = Get-LbTaskXml -Job $job -Task $task -Owner $owner -Action @{ Program = 'p.exe'; Arguments = '-File \"a b\"' } -Before $null",
      "    $Out = [ordered]@{ triggers = @(Get-LbTrigger -Xml $xml); owner = (Get-LbTaskOwner -Xml $xml) }",
      "    $node = Open-LbTaskXml -Xml $xml",
      "    $Out['account'] = Get-LbXmlText -Node $node -Path 'Principals/Principal/UserId'",
      "    $Out['arguments'] = Get-LbXmlText -Node $node -Path 'Actions/Exec/Arguments'",
    ];
    assert.deepEqual(await inModule(lines.join("\n"), triggers), {
      triggers,
      owner: { project: "p", stack: "s", name: "a/b <c>" },
      account: String.raw`CONTOSO\a&b<c>$`,
      arguments: '-File "a b"',
    });
  });
});
