import assert from "node:assert/strict";
import { access, readFile } from "node:fs/promises";
import { describe, it, beforeEach, afterEach } from "mocha";
import { RESOURCE_EXAMPLES } from "../../docs/examples/resources";
import type { TargetDeclaration } from "../../estate/documents";
import {
  editFile,
  editFolderAccess,
  editShare,
  editTargetMark,
  makeForeignFolder,
  makeForeignShare,
  moveToDomain,
  realFile,
  removeFolder,
  removeShare,
  removeTargetMark,
  setEncryption,
} from "../../lab/commands";
import { backupTarget } from "../../providers/backup-target/reconcile";
import { temporaryLab } from "../support/lab";
import { OneResource } from "../support/one-resource";
import { describeResource } from "../support/resource-suite";
import { applyTo, SOMEBODY } from "../support/world";

const example = RESOURCE_EXAMPLES.BackupTarget.args;
const HOST = example.host;
const SHARE = example.share;
const [JOBS = "", SQL = ""] = example.writers;
const [RESTORERS = ""] = example.readers;
const INTERN = String.raw`CONTOSO\intern`;
const GIGABYTE = 1024 ** 3;

const declaration: TargetDeclaration = {
  name: example.name,
  path: example.path,
  share: SHARE,
  writers: example.writers,
  readers: example.readers,
  keepFreeBytes: example.keepFreeGigabytes * GIGABYTE,
  encryption: "bitlocker",
  location: "remote",
  media: "disk",
};
const granted = [
  { account: JOBS, right: "change" as const },
  { account: SQL, right: "change" as const },
  { account: RESTORERS, right: "read" as const },
];

describeResource({
  type: backupTarget,
  hosts: [HOST],
  example,
  changes: {
    share: "Vault$",
    writers: [JOBS],
    readers: [],
    keepFreeGigabytes: 50,
    encryption: "storage",
    location: "local",
    media: "tape library",
  },
  refused: { domain: "fabrikam.com" },
  replacements: {
    host: { host: "bk02.contoso.com", encryption: "none" },
    name: "shelf",
    path: String.raw`D:\Elsewhere`,
  },
  edits: {
    share: (lab) => removeShare(lab, HOST, SHARE),
    writers: (lab) => editShare(lab, HOST, SHARE, { access: [...granted, { account: INTERN, right: "full" }] }),
    readers: (lab) => editFolderAccess(lab, HOST, example.path, granted.slice(0, 2)),
    keepFreeGigabytes: (lab) => editTargetMark(lab, HOST, example.name, { declaration: { keepFreeBytes: 0 } }),
    encryption: (lab) => setEncryption(lab, HOST, "D", "none"),
    location: (lab) => editTargetMark(lab, HOST, example.name, { declaration: { location: "local" } }),
    media: (lab) => editTargetMark(lab, HOST, example.name, { declaration: { media: "floppy" } }),
  },
  byHand: { encryption: (lab) => setEncryption(lab, HOST, "D", "bitlocker") },
  lose: async (lab) => {
    await removeShare(lab, HOST, SHARE);
    await removeFolder(lab, HOST, example.path);
  },
  foreign: async (lab, differs) => {
    const target = differs ? { ...declaration, writers: [INTERN], media: "tape" } : declaration;
    await applyTo(lab, HOST, { kind: "set-target", target }, SOMEBODY);
  },
  another: { ...example, name: "shelf", path: String.raw`D:\Shelf`, share: "Shelf$" },
  remains: async (lab) => {
    const file = String.raw`D:\LyncBackup\series\any\sets\20260301T020000Z-00000000\manifest.json`;
    await editFile(lab, HOST, file, "a set");
    return async () => {
      assert.equal(await readFile(await realFile(lab, HOST, file), "utf8"), "a set");
    };
  },
  bad: [
    { with: { host: "bk01" }, names: "host" },
    { with: { path: String.raw`D:\Lync..\x` }, names: "path" },
    { with: { path: String.raw`D:\a\..\b` }, names: "path: must not contain" },
    { with: { path: "/var/backup" }, names: "path: expected a local path" },
    { with: { path: String.raw`\\bk01\share` }, names: "path" },
    { with: { share: "a b" }, names: "share: expected a share name" },
    { with: { share: "D$" }, names: "share: is a share of Windows itself" },
    { with: { readers: [JOBS.toUpperCase()] }, names: "readers[0]: is a writer too" },
    { with: { writers: [] }, names: "writers" },
    { with: { writers: [JOBS, "everyone"] }, names: "writers[1]: expected an account" },
    { with: { readers: ["x"] }, names: "readers[0]" },
    { with: { keepFreeGigabytes: -1 }, names: "keepFreeGigabytes" },
    { with: { encryption: "rot13" }, names: "encryption" },
    { with: { location: "here" }, names: "location" },
    { with: { media: "" }, names: "media" },
    { with: { name: "Vault" }, names: "name" },
    { with: { name: "con" }, names: "name: is a reserved device name" },
    { with: { adopt: "yes" }, names: "adopt" },
  ],
});

describe("BackupTarget", () => {
  let lab: string;
  let remove: () => void;
  let resource: OneResource;
  beforeEach(async () => {
    ({ folder: lab, remove } = await temporaryLab());
    resource = OneResource.of(backupTarget, lab);
  });
  afterEach(() => {
    remove();
  });

  it("is refused on a server of a pool: what is lost with the pool is no backup", async () => {
    const onPool = { ...example, host: "fe01.contoso.com", path: String.raw`C:\LyncBackup`, encryption: "none" };
    await assert.rejects(resource.up(onPool), /is a server of the pool pool01\.contoso\.com.*Nothing was changed/s);
  });

  it("is refused on a computer outside the deployment's domain", async () => {
    await moveToDomain(lab, HOST, null);
    await assert.rejects(resource.up(example), /is in no domain, not in contoso\.com.*Nothing was changed/s);
  });

  it("is refused where the volume is not encrypted as expected, before anything is made", async () => {
    await setEncryption(lab, HOST, "D", "none");
    await assert.rejects(resource.up(example), /declared with encryption bitlocker, and none was found/);
    await assert.rejects(
      realFile(lab, HOST, example.path).then((folder) => access(folder)),
      /ENOENT/,
    );
    await setEncryption(lab, HOST, "D", "bitlocker");
    assert.equal(await resource.up(example), "create");
  });

  it("is refused on a drive that is not there", async () => {
    await assert.rejects(resource.up({ ...example, path: String.raw`X:\LyncBackup` }), /has no volume X:/);
  });

  it("does not take over a folder with somebody's files, unless told to", async () => {
    await makeForeignFolder(lab, HOST, example.path);
    await assert.rejects(resource.up(example), /adopt: true/);
    assert.equal(await resource.up({ ...example, adopt: true }), "create");
  });

  it("does not take over a share of the same name that shares something else", async () => {
    await makeForeignShare(lab, HOST, SHARE, String.raw`D:\Films`);
    await assert.rejects(resource.up(example), /adopt: true/);
  });

  it("has drift when a writer is given full control, with which it could change the rights themselves", async () => {
    await resource.up(example);
    const raised = granted.map((one) => (one.account === JOBS ? { ...one, right: "full" as const } : one));
    await editShare(lab, HOST, SHARE, { access: raised });
    await editFolderAccess(lab, HOST, example.path, raised);
    assert.deepEqual(await resource.drift(example), ["writers"]);
    assert.equal(await resource.up(example), "update");
    assert.deepEqual(await resource.drift(example), []);
  });

  it("may be declared encrypted later, where the volume is", async () => {
    await resource.up({ ...example, encryption: "storage" });
    assert.equal(await resource.up(example), "update");
    assert.deepEqual(await resource.drift(example), []);
  });

  it("puts back a mark that somebody removed", async () => {
    await resource.up(example);
    await removeTargetMark(lab, HOST, example.name);
    assert.notDeepEqual(await resource.drift(example), []);
    assert.equal(await resource.up(example), "update");
    assert.deepEqual(await resource.drift(example), []);
  });

  it("counts an account once, however it is written", async () => {
    await resource.up({ ...example, writers: [JOBS.toLowerCase(), JOBS, SQL] });
    assert.deepEqual(await resource.drift({ ...example, writers: [SQL, JOBS] }), []);
  });
});
