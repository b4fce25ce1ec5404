import assert from "node:assert/strict";
import { Job, Retention } from "../../estate/documents";
import { configurationJob, type ConfigurationExport } from "../../estate/jobs/configuration";

const declared: ConfigurationExport = {
  owner: { project: "lync", stack: "test", name: "configuration" },
  name: "configuration",
  product: "lync2013",
  deployment: "contoso",
  placement: [{ host: "fe01.contoso.com", pool: "pool01.contoso.com" }],
  account: "CONTOSO\\lync-backup$",
  timeLimitMinutes: 60,
  target: { name: "vault", host: "backup01.contoso.com", path: "\\\\backup01.contoso.com\\lyncbackup$" },
  keepFreeBytes: 1024,
  retention: Retention.parse({ last: 14 }),
};
const three = {
  ...declared,
  placement: [
    ...declared.placement,
    { host: "fe02.contoso.com" },
    { host: "fe11.contoso.com", pool: "pool02.contoso.com" },
  ],
};

describe("configuration job", () => {
  it("exports wherever the store is, where it is placed on one host", () => {
    const kinds = configurationJob(declared).steps.map(({ kind }) => kind);
    assert.deepEqual(kinds, ["cmdlet", "cmdlet", "cmdlet", "check", "hash", "publish", "seal", "retain"]);
  });

  it("acts on one of several hosts: fails where none is beside the store, stands down beside another", () => {
    const guards = configurationJob(three).steps.flatMap((step) => (step.kind === "guard" ? [step] : []));
    assert.deepEqual(
      guards.map(({ id, otherwise }) => [id, otherwise]),
      [
        ["placed", "fail"],
        ["here", "stand-down"],
      ],
    );
    const kinds = configurationJob(three).steps.map(({ kind }) => kind);
    assert.ok(kinds.lastIndexOf("guard") < kinds.lastIndexOf("cmdlet"), "it looks before it exports");
  });

  it("exports the configuration and the locations, into the set", () => {
    const produced = configurationJob(declared).steps.flatMap((step) => ("produces" in step ? step.produces : []));
    assert.deepEqual(
      produced.map(({ file, datum, scope, format }) => ({ file, datum, scope, format })),
      [
        { file: { $work: "Config.zip" }, datum: "configuration", scope: { of: "deployment" }, format: "zip" },
        { file: { $work: "E911Config.zip" }, datum: "locations", scope: { of: "deployment" }, format: "zip" },
      ],
    );
  });

  it("is the same text for the same declaration, and carries what was declared", () => {
    assert.equal(Job.write(configurationJob(three)), Job.write(configurationJob(structuredClone(three))));
    const job = configurationJob(three);
    assert.deepEqual(job.placement, three.placement);
    assert.equal(job.account, declared.account);
    const retain = job.steps.at(-1);
    assert.ok(retain?.kind === "retain");
    assert.deepEqual(retain.policy, declared.retention);
    const publish = job.steps.find((step) => step.kind === "publish");
    assert.equal(publish?.keepFreeBytes, 1024);
  });

  it("survives being written and read", () => {
    const job = configurationJob(three);
    assert.deepEqual(Job.parse(Job.write(job)), job);
  });
});
