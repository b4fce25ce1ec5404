import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "mocha";
import { RESOURCE_EXAMPLES } from "../../docs/examples/resources";
import { openHost } from "../../hosts/open";
import { realFile } from "../../lab/commands";
import { inWorld } from "../../lab/world";
import { changeConfiguration } from "../../lab/model/central-management";
import { Store } from "../../lab/store";
import { cmsExport } from "../../providers/cms-export/reconcile";
import { userDataExport } from "../../providers/user-data-export/reconcile";
import { itemsOf } from "../../cli/sets/items";
import { CommandLine } from "../support/command-line";
import { prepareJobs, VAULT } from "../support/job-case";
import { temporaryLab } from "../support/lab";
import { OneResource } from "../support/one-resource";

describe("lync-backup sets diff", function () {
  this.timeout(60_000);
  const cli = new CommandLine();
  let lab: string;
  let remove: () => void;
  let target: string;
  const sets: Record<string, string[]> = {};

  const backUp = async (host: string, job: string): Promise<void> => {
    const opened = await openHost({ name: host, reach: { via: "lab" } }, { lab });
    const run = await opened.run({ job });
    await opened.close();
    assert.equal(run.outcome, "succeeded", run.error?.message);
    (sets[job] ??= []).push(String(run.set));
  };

  before(async () => {
    ({ folder: lab, remove } = await temporaryLab());
    const { CmsExport, UserDataExport } = RESOURCE_EXAMPLES;
    await prepareJobs(lab, CmsExport.args);
    await prepareJobs(lab, UserDataExport.args);
    await OneResource.of(cmsExport, lab, "configuration").up(CmsExport.args);
    await OneResource.of(userDataExport, lab, "users").up(UserDataExport.args);
    const both = async (): Promise<void> => {
      await backUp("fe01.contoso.com", "configuration");
      await backUp("tools01.contoso.com", "users-pool01");
    };
    await both();
    await inWorld(new Store(lab), (world) => {
      changeConfiguration(world, ({ policies }) => {
        const [changed] = policies;
        assert.ok(changed);
        changed.settings["Description"] = "Changed before the second export";
        policies.push({ kind: "Voice", identity: "Tag:Added", settings: { AllowSimulRing: "true" } });
      });
    });
    await both();
    target = await realFile(lab, VAULT.host, VAULT.path);
  });
  after(async () => {
    remove?.();
    await cli.remove();
  });

  const diff = (series: string, ...more: string[]) => {
    const [older = "", newer = ""] = sets[series] ?? [];
    return cli.run("sets", "diff", older, newer, "--target", target, "--series", series, ...more);
  };

  it("names what was added and what was changed between two exports, and what is the same", async () => {
    const { code, stdout, output } = await diff("configuration");
    assert.equal(code, 0, output);
    assert.match(stdout, /^configuration: \S+ → \S+$/m);
    assert.match(stdout, /^ {2}\+ urn:xds:Policy:Voice:Tag:Added$/m);
    assert.match(stdout, /^ {2}~ urn:xds:Policy:/m);
    assert.match(stdout, /String\[Description\]: .*Changed before the second export/);
    assert.match(stdout, /^E911Config\.zip: no difference$/m);
  });

  it("answers as JSON, in full", async () => {
    const report = JSON.parse((await diff("configuration", "--json")).stdout) as {
      artefacts: { path: string; state: string; differences?: { item: string; change: string }[] }[];
    };
    assert.deepEqual(
      report.artefacts.map(({ path: at, state }) => [at, state]),
      [
        ["Config.zip", "changed"],
        ["E911Config.zip", "same"],
      ],
    );
    const [configuration] = report.artefacts;
    assert.deepEqual(
      configuration?.differences
        ?.filter(({ change }) => change !== "changed")
        .map(({ item, change }) => [item, change]),
      [["urn:xds:Policy:Voice:Tag:Added", "added"]],
    );
  });

  it("finds nothing where nothing was changed", async () => {
    const { code, stdout } = await diff("users-pool01");
    assert.equal(code, 0);
    assert.doesNotMatch(stdout, /^ {2}[+~-] /m);
  });

  it("takes folders of sets too, wherever they lie", async () => {
    const [older = "", newer = ""] = (sets["configuration"] ?? []).map((set) =>
      path.join(target, "series", "configuration", "sets", set),
    );
    assert.match((await cli.run("sets", "diff", newer, older)).stdout, /^ {2}- urn:xds:Policy:Voice:Tag:Added$/m);
  });

  it("refuses sets of two series, what is no set, and what is not as it was sealed", async () => {
    const [configuration = ""] = sets["configuration"] ?? [];
    const [users = ""] = sets["users-pool01"] ?? [];
    const folder = (series: string, set: string): string => path.join(target, "series", series, "sets", set);
    const mixed = await cli.run("sets", "diff", folder("configuration", configuration), folder("users-pool01", users));
    assert.equal(mixed.code, 2);
    assert.match(mixed.output, /only sets of one series can be compared/);
    const none = await cli.run("sets", "diff", "nonsense", "nonsense");
    assert.equal(none.code, 2);
    assert.match(none.output, /nonsense is no sealed set.*--target and --series/);
    appendFileSync(path.join(folder("configuration", configuration), "Config.zip"), "x");
    const damaged = await diff("configuration");
    assert.equal(damaged.code, 1);
    assert.match(damaged.output, /Config\.zip cannot be compared: it is not what was sealed/);
  });
});

describe("the items of an artefact", () => {
  const of = async (format: Parameters<typeof itemsOf>[0], text: string | Buffer) =>
    Object.fromEntries(
      [...(await itemsOf(format, Buffer.from(text)))].map(([item, parts]) => [item, Object.fromEntries(parts)]),
    );

  it("are the documents of an export, with their settings by path", async () => {
    const xml = `<?xml version="1.0"?><DocItemSet xmlns="urn:x"><DocItem Name="urn:xds:Voice">
      <Policy Name="Global" AllowSimulRing="true"><Usage>Local</Usage><Usage>Long</Usage></Policy></DocItem></DocItemSet>`;
    const parts = {
      "Policy[Global]@AllowSimulRing": "true",
      "Policy[Global]/Usage": "Local",
      "Policy[Global]/Usage#2": "Long",
    };
    assert.deepEqual(await of("xml", xml), { "urn:xds:Voice": parts });
    assert.deepEqual(await of("xml", Buffer.from(`\uFEFF${xml}`, "utf16le")), { "urn:xds:Voice": parts });
  });

  it("are the lines of a listing, by what names them", async () => {
    assert.deepEqual(await of("jsonl", '{"Identity":"a","LineURI":"tel:+1"}\n{"other":[1,2]}\n'), {
      a: { Identity: "a", LineURI: "tel:+1" },
      "line 2": { "other/0": "1", "other/1": "2" },
    });
  });

  it("are its hash where nobody can look inside", async () => {
    const [[item, parts] = []] = Object.entries(await of("bak", "x"));
    assert.equal(item, "");
    assert.match(parts?.["SHA-256"] ?? "", /^[0-9a-f]{64}$/);
  });

  it("are refused where the artefact is not what it says", async () => {
    await assert.rejects(of("zip", "no zip"));
    await assert.rejects(of("xml", "<open>"));
    await assert.rejects(of("json", "{"));
  });
});
