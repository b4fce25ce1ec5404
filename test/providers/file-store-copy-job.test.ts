import { RESOURCE_EXAMPLES } from "../../docs/examples/resources";
import { fileStoreCopyJob } from "../../providers/file-store-copy-job/reconcile";
import { describeBackup } from "../support/backup-case";

const example = RESOURCE_EXAMPLES.FileStoreCopyJob.args;
/** Lists of access are written on the computer of the target itself only. */
const onTarget = { name: "bk01.contoso.com", reach: { via: "lab" } };
const local = { ...example.target, path: String.raw`D:\LyncBackup` };

describeBackup({
  type: fileStoreCopyJob,
  example,
  single: true,
  changes: {
    store: String.raw`\\fs11.contoso.com\lyncshare`,
    callParkPools: [],
    announcementPools: ["pool02.contoso.com"],
    excludeFolders: ["Old*"],
    fullEveryDays: 7,
    mirror: true,
    backupMode: true,
    security: { security: true, hosts: [onTarget], target: local },
    retries: 0,
    waitSeconds: 1,
    threads: 16,
    megabitsPerSecond: 100,
    hours: { from: "20:00", until: "06:00" },
  },
  artefacts: ["files", "listing.jsonl"],
  bad: [
    { with: { store: String.raw`D:\share` }, names: "store: expected a share" },
    { with: { threads: 8, megabitsPerSecond: 100 }, names: "threads: robocopy limits the bandwidth" },
    {
      with: { hosts: [...example.hosts, { name: "bk01.contoso.com", reach: { via: "lab" } }] },
      names: "hosts: names several",
    },
    {
      with: { security: true },
      names: /^security: takes full control of .*: place the job on bk01\.contoso\.com itself/,
    },
    { with: { hours: { from: "20:00" } }, names: "hours.until" },
    { with: { hours: { from: "20:00", until: "20:00" } }, names: "hours: begin and end at the same time" },
    {
      with: { hours: { from: "20:00", until: "22:00" }, schedule: { every: "day", at: ["06:00"] } },
      names: "hours: begin 840 minutes after the start at 06:00",
    },
    { with: { excludeFolders: ["AppServer*"] }, names: "excludeFolders[0]: leaves out AppServerFiles" },
    {
      with: { announcementPools: ["a.contoso.com", "a.contoso.com"] },
      names: "announcementPools[1]: is named twice",
    },
    { with: { excludeFolders: ["*"] }, names: "excludeFolders[0]: would leave out everything" },
  ],
});
