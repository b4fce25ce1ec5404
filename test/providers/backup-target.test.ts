import assert from "node:assert/strict";
import {
  changeTarget,
  editFolderAccess,
  editShare,
  editTargetMark,
  moveToDomain,
  removeFolder,
  removeShare,
  setEncryption,
} from "../../lab/commands";
import type { TargetDeclaration } from "../../estate/documents";
import { backupTarget } from "../../providers/backup-target/reconcile";
import { temporaryLab } from "../support/lab";
import { OneResource } from "../support/one-resource";
import { describeResource } from "../support/resource-suite";
import { applyTo, SOMEBODY } from "../support/world";

const HOST = "bk01.contoso.com";
const JOBS = String.raw`CONTOSO\lync-backup$`;
const SQL = String.raw`CONTOSO\sql-service$`;
const RESTORERS = String.raw`CONTOSO\restore-admins`;
const INTERN = String.raw`CONTOSO\intern`;

const example = {
  host: HOST,
  reach: { via: "lab" },
  domain: "contoso.com",
  name: "vault",
  path: String.raw`D:\LyncBackup`,
  share: "LyncBackup$",
  writers: [JOBS, SQL],
  readers: [RESTORERS],
  keepFreeGigabytes: 20,
  encryption: "bitlocker",
  location: "remote",
  media: "disk",
};

const declaration: TargetDeclaration = {
  name: "vault",
  path: example.path,
  share: example.share,
  writers: example.writers,
  readers: example.readers,
  keepFreeBytes: 20 * 1024 ** 3,
  encryption: "bitlocker",
  location: "remote",
  media: "disk",
};
