import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after, before, describe, it } from "mocha";
import { RESOURCE_EXAMPLES } from "../../docs/examples/resources";
import type { StoreReference } from "../../estate/documents";
import { triggersOf } from "../../estate/schedules";
import { editFile, editTask, realFile } from "../../lab/commands";
import { offsiteCopy } from "../../providers/offsite-copy/reconcile";
import { CREDENTIALS, S3Server, serverIsHere } from "../offsite/support/store";
import { describeJob, VAULT } from "../support/job-case";
import { labForEach } from "../support/lab";
import { OneResource } from "../support/one-resource";
import { installAgent } from "../support/world";

const example = RESOURCE_EXAMPLES.OffsiteCopy.args;
const [FIRST, SECOND] = example.sources;
const [HOST] = example.hosts;
const reach = { via: "lab" };
const weekly = { every: "week", on: ["sunday"], at: ["12:00"] };
const RECEIPT = String.raw`D:\LyncBackup\series\configuration\side\20260301T020000Z-0a1b2c3d.carried.offsite.json`;

describe("the resource type OffsiteCopy", function () {
  let server: S3Server | undefined;
  let store: StoreReference | undefined;
  const folder = process.env["LYNC_BACKUP_CREDENTIALS"];
  before(async function () {
    if (!serverIsHere) this.skip();
    server = await S3Server.start();
    store = await server.bucket();
    process.env["LYNC_BACKUP_CREDENTIALS"] = server.credentialsFolder;
  });
  after(async () => {
    if (folder === undefined) delete process.env["LYNC_BACKUP_CREDENTIALS"];
    else process.env["LYNC_BACKUP_CREDENTIALS"] = folder;
    await server?.stop();
  });

  /** Carried by somebody else; the store is known only when the tests run. */
  const external = (folders: Record<string, string>) => ({
    ...{ runBy: "external", hosts: [], account: undefined, verifier: CREDENTIALS, folders },
    get sources() {
      return [SECOND];
    },
    get store() {
      return store;
    },
  });

  describeJob({
    type: offsiteCopy,
    example,
    single: true,
    elsewhere: { name: "bk02.contoso.com", reach },
    changes: {
      store: { ...example.store, bucket: "contoso-lync-elsewhere" },
      copy: "second",
      credentials: "other",
      verifier: "lync-offsite",
      sources: [{ ...FIRST, series: "all" }],
      transfers: 4,
      megabitsPerSecond: 50,
      verify: { schedule: weekly, level: "full" },
      prune: { schedule: weekly, credentials: "lync-pruner" },
      runBy: external({}),
      folders: external({ vault: "/srv/vault" }),
    },
    edits: {
      verify: (lab) =>
        editTask(lab, HOST?.name ?? "", "offsite-verify", { triggers: triggersOf({ every: "day", at: ["03:00"] }) }),
      prune: async (lab) => {
        const pruned = { ...example, prune: { schedule: weekly, credentials: "lync-pruner" } };
        await OneResource.of(offsiteCopy, lab).up(pruned);
      },
    },
    editStep: (step) => (step.kind === "courier" ? { ...step, transfers: 1 } : step),
    // Nobody has put credentials there.
    afterItsFirstRun: ({ lastOutcome, recoveryPoints }) => {
      assert.deepEqual([lastOutcome, recoveryPoints], ["failed", []]);
    },
    remains: async (lab) => {
      await editFile(lab, VAULT.host, RECEIPT, "{}");
      return async () => {
        assert.ok(existsSync(await realFile(lab, VAULT.host, RECEIPT)));
      };
    },
    bad: [
      { with: { hosts: [...example.hosts, { name: "bk02.contoso.com", reach }] }, names: "hosts" },
      { with: { account: undefined }, names: "account: is missing" },
      { with: { hosts: [] }, names: "hosts: are missing" },
      { with: { runBy: "external" }, names: "hosts: are not ours" },
      { with: { credentials: "AKIA/secret" }, names: "credentials: expected 1 to 64" },
      { with: { store: { ...example.store, bucket: "b" } }, names: "store.bucket" },
      { with: { store: { ...example.store, proxy: "http://me:secret@proxy" } }, names: "store.proxy" },
      { with: { sources: [] }, names: "sources" },
      { with: { sources: [{ ...FIRST, series: "all" }, SECOND] }, names: "sources[0].series: takes all of vault" },
      {
        with: { sources: [FIRST, { ...SECOND, series: ["configuration"] }] },
        names: "sources[1].series[0]: is named twice",
      },
      {
        with: {
          sources: [{ ...FIRST, target: { ...FIRST?.target, host: "bk02.contoso.com", path: "D:\\LyncBackup" } }],
        },
        names: "sources[0].target.path: is a local path of another computer",
      },
      {
        with: { sources: [{ ...FIRST, keep: { last: 1, maximumAgeDays: 7 } }] },
        names: "sources[0].lock: keeps sets longer than maximumAgeDays",
      },
      {
        with: { store: { ...example.store, capabilities: { "object-lock": false } } },
        names: /^sources\[0\]\.lock: asks for what contoso-lync-backup cannot do: .* as its recorded probe says$/,
      },
      {
        with: { prune: { schedule: weekly, credentials: "lync-offsite" } },
        names: "prune.credentials: are those that carry",
      },
      {
        with: { prune: { schedule: weekly, credentials: "lync-pruner" }, sources: [{ ...FIRST, keep: undefined }] },
        names: "sources[0].keep: is missing",
      },
      { with: { name: "x".repeat(60) }, names: "name: is too long" },
      { with: { folders: { vault: "/mnt/vault" } }, names: "folders: are for runBy: external" },
    ],
  });

  describe("placed on a server of a pool", () => {
    const here = labForEach(async (lab) => installAgent(lab, "fe01.contoso.com"));
    it("refuses before anything is made: Node.js belongs on no such computer", async () => {
      const resource = OneResource.of(offsiteCopy, here.folder);
      const placed = { ...example, hosts: [{ name: "fe01.contoso.com", reach }] };
      await assert.rejects(
        resource.up(placed),
        /fe01\.contoso\.com is a server of the pool pool01.*Nothing was changed/,
      );
      assert.equal(resource.state, undefined);
    });
  });
});
