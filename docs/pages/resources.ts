import { BUCKET_GRANTS, OWN_KEYS } from "../../offsite/policies/bucket-grants";
import type { ResourceFacts } from "../../providers/base/resource-type";
import { RESOURCE_TYPES } from "../../providers/registry";
import { RESOURCE_EXAMPLES } from "../examples/resources";
import { fieldTable, namesBelow, rowsOf, typeBlocks, type Link } from "./fields";
import { jsonSchemaOf, resolve, type Node } from "./json-schema";
import { homeOf } from "./names";
import { anchor, code, markdown, table, type Page } from "./page";

type Grant = readonly [who: string, what: string, why: string];

/** What a person adds to what the schemas say. */
interface ResourceText {
  file: string;
  about: string[];
  /** Exact grants, by account. */
  grants: readonly Grant[];
  deleting: string;
}

const EXPORTS: Grant = [
  "`account`",
  "member of RTCUniversalServerAdmins",
  "the export cmdlets ask for it, and RBAC roles do not replace it",
];
/** What every job asks for. */
const JOB_GRANTS: readonly Grant[] = [
  ["`account`", "Log on as a batch job, on each host", "it runs as a scheduled task"],
  ["`account`", "among the `writers` of the target", "it moves sets there"],
  [
    "`account`",
    "installed as a managed account on each host",
    "so that no password is stored (not on Windows Server 2008 R2)",
  ],
  ["the account that reaches the hosts", "Administrators on each host", "it registers the task"],
];
const JOB_DELETING = "Removes the task and the job document from every host. Sets stay.";
const ONE_ACTS =
  "Any host with the management tools can do it, and one host can do it for many pools. Placed on several, it acts on the one where the Central Management store is active.";

const TEXTS: Readonly<Record<keyof typeof RESOURCE_EXAMPLES, ResourceText>> = {
  HostAgent: {
    file: "host-agent",
    about: [
      "The PowerShell module `LyncBackup` on one host: what runs jobs there. It is always that of the release in use; every file is compared by its hash, so that an altered, missing or added one is drift.",
    ],
    grants: [
      [
        "the account that reaches the host",
        "Administrators on that host",
        "the module lies in Program Files, and tasks are registered there",
      ],
    ],
    deleting: "Removes the module. It is refused as long as jobs are installed on the host.",
  },
  BackupTarget: {
    file: "backup-target",
    about: [
      "Where sets are kept near the hosts: a folder, shared or not, on a computer that is in no pool of the deployment, though in its domain. A computer of a pool, one outside the domain, a drive that is not there and a volume that is not encrypted as declared are refused before anything is made.",
      "`target.json` at its top says whose it is and what was declared, for whoever finds the folder.",
    ],
    grants: [
      [
        "the account that reaches the host",
        "Administrators on that host",
        "creates the folder and the share, and sets access",
      ],
      ["`writers`", "Change on the share and on the folder", "jobs write sets; SQL Servers write backup files there"],
      ["`readers`", "Read on the share and on the folder", "restores read sets"],
      ["Administrators", "Full Control on both", "as Windows has it; not declared and never drift"],
    ],
    deleting:
      "Removes the share, the rights that were given and the host's note. The folder, its mark and every set stay. Outside the lab the component `BackupEstate` protects targets, so that the engine refuses.",
  },
  CmsExport: {
    file: "cms-export",
    about: [
      "Topology, policies and configuration of the deployment (`Export-CsConfiguration`) and its locations for emergency calls (`Export-CsLisConfiguration`), once for the whole deployment. Placed on several hosts, it acts on the one where the Central Management store is active, and stands down on the others; when the store is active on none of them, the run fails and says so. Each needs the management tools of the product. A single host may be any computer with them.",
      "A run exports into a fresh local folder, opens both files to their last byte, compares their sizes with the last set, hashes them, moves them to the target, seals the set with a manifest, and only then removes what retention no longer wants.",
    ],
    grants: [EXPORTS, ...JOB_GRANTS],
    deleting: JOB_DELETING,
  },
  UserDataExport: {
    file: "user-data-export",
    about: [
      "Rights, contacts and conferences of the users of one pool (`Export-CsUserData`), and beside them an inventory of the settings that no import restores: registrar pool, SIP address, line URI and the policies that were assigned. The names of the files carry the pool, because a deployment has many.",
      "While the pool is failed over its data live in its `partner`, and are exported from there; the manifest says so. Without a declared partner the run fails then, because an export from the pool would be of old data.",
      "The export ends at the first contact whose name it cannot write, with an error and half a file. Such a run fails, whatever is there; so does one whose file is much smaller than that of the last set.",
      ONE_ACTS,
    ],
    grants: [EXPORTS, ...JOB_GRANTS],
    deleting: JOB_DELETING,
  },
  ResponseGroupExport: {
    file: "response-group-export",
    about: [
      "Agent groups, queues, workflows, hours, holidays and audio of one pool (`Export-CsRgsConfiguration`), and the numbers of each, by which a restore is judged. The export is not allowed to remove anything: `-RemoveExportedConfiguration` never stands in a job.",
      "Where the application is not deployed in the pool, there is nothing to do and nothing fails. Failover does not bring Response Groups along: they live in the `partner` only where somebody has imported them there, and then they are exported from there, still as this pool's.",
      ONE_ACTS,
    ],
    grants: [EXPORTS, ...JOB_GRANTS],
    deleting: JOB_DELETING,
  },
  PersistentChatExport: {
    file: "persistent-chat-export",
    about: [
      "Rooms, categories, members and messages of one Persistent Chat pool (`Export-CsPersistentChatData`), from the database that the pool uses now: that of the principal where it is mirrored, and the `backup` of a stretched pool while that is failed over. Refused for Skype for Business Server 2019 and later, which have no Persistent Chat.",
      "Only `level: All` is a backup. The other levels are extracts, and cover nothing. There is no point in time between two exports; where that is needed, a SQL backup of the database is the other half.",
      ONE_ACTS,
    ],
    grants: [EXPORTS, ...JOB_GRANTS],
    deleting: JOB_DELETING,
  },
  FileStoreCopyJob: {
    file: "file-store-copy-job",
    about: [
      "What is new or has changed in one file store since the last set (robocopy), and a listing of everything that names the set which holds each file. What has not changed is neither copied nor hashed again; every `fullEveryDays` a set takes all of it anew.",
      "`Meeting.Active` is never copied: it is open and locked while a meeting goes on. `excludeFolders` leaves out what is made again by itself: the queues of the replication, the address book, and what the Backup Service carries. Call Park music and announcement audio lie in the store; the pools whose files they are stand in `callParkPools` and `announcementPools`, so that they count as covered.",
      "It is placed on one host, which needs no tools of Lync's: the file server itself, or a computer that keeps backups.",
      "`megabitsPerSecond` slows it down, and `hours` say when it copies at all: outside of them it waits, and goes on when they begin again, as long as `timeLimitMinutes` allow. A first copy that takes several nights needs as many days. The store is listed, and the set sealed, at any time.",
      "`security` copies access control lists too. Whoever writes them through a share needs full control of it, which a BackupTarget gives nobody; so it is refused there. Place the job on the computer that keeps the target and give it the local path, and it works. Without it nothing is lost that a restore needs: `Enable-CsTopology` sets the rights on a file store again.",
    ],
    grants: [
      [
        "`account`",
        "Read on the share of the store",
        "robocopy reaches it there; with `backupMode` too, which goes past the permissions of files only",
      ],
      ["`account`", "Read on the folders and files of the store", "it copies them; not needed with `backupMode`"],
      [
        "`account`",
        "Backup Operators, on the host and on the file server",
        "with `backupMode` only: robocopy asks for the rights to back up and to restore files",
      ],
      ...JOB_GRANTS,
    ],
    deleting: JOB_DELETING,
  },
  SqlBackupSchedule: {
    file: "sql-backup-schedule",
    about: [
      "Full backups of the databases of one SQL Server instance, and where they are declared differential backups and backups of the logs: a job each, whose sets stand in one line. Databases are meant by role or by name; those of a role that come later are covered without a change. With each full backup the instance's own state is captured, and `master` and `msdb` are backed up.",
      "Declared once and placed on all replicas: each run finds out which databases are its own to back up, so that a failover between two logs loses none. A log is only backed up on top of what the line of sets holds; a full backup is never removed while a log or a differential that is kept needs it. Every backup is written with checksums and verified afterwards.",
      "What the instance cannot honour is refused: in the preview where the declaration contradicts itself, at run time where only the instance knows. [What is sent to SQL Server](../sql.md) is a corpus of constant statements.",
    ],
    grants: [
      [
        "the service account of each replica's SQL Server",
        "among the `writers` of the target",
        "SQL Server itself writes the files",
      ],
      [
        "`account`",
        "a login on each replica, with what [each statement](../sql.md) needs",
        "it asks for backups, verifies them and reads their history",
      ],
      ...JOB_GRANTS,
    ],
    deleting: "Removes the tasks and the job documents from every host. Sets stay.",
  },
  OffsiteBucket: {
    file: "offsite-bucket",
    about: [
      "A bucket in an S3 store, and what it is told to keep: versions, locks, encryption, who may see it, what expires. Every property is optional. What is declared is set, read back, and has drift; what is not declared is neither set nor looked at.",
      "The bucket is made where there is none. One that is there and is as declared is taken over; one that differs is refused with the difference, unless `adopt` says otherwise. Whose it is stands in three tags that begin with `lync-backup:`, because tags belong to the bucket and lie beside nobody's objects; in a store without tags, in the small object `lync-backup-owner.json`.",
      "What the store is known not to keep, by its recorded probe or by what is [known of its kind](../stores.md), is an error in the preview. What it turns out not to keep is an error before anything is changed; a bucket that was made to find out is taken away again. Where nobody knows whether the store does what the conditions of a policy say, this is tried: for a moment the policy denies reading two keys that do not exist, one over TLS and one without it. `waived` excuses a property, by name and with a reason: it is set where the store can keep it, and not judged.",
      "The key is a secret of the stack's configuration: `pulumi config set --secret --path 'lync-backup:storeKeys.offsite-admin.secretAccessKey'` asks for one part of it, and `accessKeyId` and `sessionToken` are the others. A name that is not there stands for a file or a profile of this computer, and `default` for the chain that all AWS tools go through. It never stands in the state of the resource.",
      "A bucket cannot move to another region, and Object Lock cannot be switched off. What loosens protection (versions suspended, a shorter or weaker lock, a policy that allows more, versions that expire earlier, a property that is declared no longer, a new waiver) is a safety regression.",
      "Couriers work with credentials of their own, which can do much less: see [Stores](../stores.md#the-least-that-each-part-needs). What `offsite policy` prints for them stands in `policyStatements`.",
    ],
    grants: [
      ...BUCKET_GRANTS.map(({ action, on, why, only, where }): Grant => [
        "the key of `credentials`",
        `${code(`s3:${action}`)} on ${on === "bucket" ? "the bucket" : code(OWN_KEYS[on])}`,
        [why, ...(only ? [`only for ${only.map((one) => code(one)).join(", ")}`] : []), ...(where ? [where] : [])].join(
          "; ",
        ),
      ]),
      ["the key of `credentials`", "nothing on the objects that couriers bring", "it reads, writes and deletes none"],
    ],
    deleting:
      "Removes the bucket if it is empty and ours. Where anything is in it, an earlier version or an upload under way included, it stays with all that is in it, all that protects it, and its mark; a message says so. Declared again, it is taken over as it is. Outside the lab the component `BackupEstate` protects buckets, so that the engine refuses.",
  },
  OffsiteCopy: {
    file: "offsite-copy",
    about: [
      "Sealed sets of targets, carried to a bucket. After each run that carried something, what has arrived is looked at: names and sizes of everything that belongs to the sets. `verify` looks closely besides, on a schedule of its own, and `prune` removes what `keep` does not want there, with credentials of its own.",
      "`recoveryPoints` says what a restore from there would bring: of each line of sets the newest that was found good, with all that it needs. It is the age of this set, and not that of the last job, that counts.",
      "No scheduler starts a task on another computer. After each run means: a look every few minutes (`every: run`), which costs nothing while there is nothing new.",
      "The computer that carries needs Node.js 20 or later and this product, so it is no server of a pool: that is refused. Usually it is the one that keeps the sets, or a small Windows server of its own. Where it is installed, `npm run lync-backup -- offsite install`, once, as an administrator of that computer, notes where it is: the module starts it from there, under `account`. The credentials lie there, in a file that only `account` may read; here stand their names.",
      "With `runBy: external` a Linux machine or a pipeline carries, from the targets as they are mounted there. Then nothing is installed: `install` has the scripts, the timers of systemd and the lines for cron that do it, and what arrives in the bucket is looked up with the credentials of the `verifier`, on the computer that runs the engine.",
      "Several sources of one target let each line of sets be kept, locked and stored differently. A lock of mode `compliance` lets nobody delete or rewrite what was carried before its time, not even the owner of the bucket.",
    ],
    grants: [
      ["`account`", "Log on as a batch job, on the host", "it runs as a scheduled task"],
      ["`account`", "among the `writers` of each target", "it reads sets, and leaves receipts beside them"],
      ["`account`", "the only one that may read the files of credentials", "they are keys"],
      ["`credentials`", "what `lync-backup offsite policy pusher` prints", "they bring, and delete nothing"],
      ["`verifier`", "what `lync-backup offsite policy verifier` prints", "they read, and leave reports"],
      [
        "`prune.credentials`",
        "what `lync-backup offsite policy pruner` prints",
        "they delete what is not wanted any more",
      ],
      ["the account that reaches the host", "Administrators on the host", "it registers the task"],
    ],
    deleting: "Removes the tasks and the job documents. Everything in the bucket and on the targets stays.",
  },
  BackupPosture: {
    file: "backup-posture",
    about: [
      "What the whole estate promises, in one place: which obligations are protected and by what, how old their newest set may be, how long and in how many places sets are kept, under which locks, what is waived. `BackupEstate` makes it from the declaration with `promisesOf(estate)`; no clock and no host has a part in it, so that it changes only when the declaration does.",
      "A preview compares it with what was promised last, and fails with every promise that gets weaker: a longer RPO or RTO, shorter retention, a copy, a job or another tool that is gone or disabled, a looser lock, a courier that comes less often or goes to another bucket, a bucket that keeps or refuses less, protection that became another tool's or a waiver's, a waiver that is new, extended or wider, a target that may be destroyed. What leaves the topology is named too, because nothing need protect it from then on. What gets better passes in silence. Comparisons are orders: several silent changes never add up to one that would have been named.",
      "Each has an identifier with the promise as it was and as it would be, and the preview prints the line to add. `acknowledge` with that line lets this one change pass, and nothing else: another value has another identifier, and an identifier counts once. Whoever means the very same change again says it anew, with a remark: what stands behind a `#` is not compared. What was acknowledged may stay in the list, as a diary, or be taken out.",
      "`uncovered` is what the clock of the estate adds: obligations that nothing protects, waivers that have ended. `BackupEstate` fills it, and a preview with any of it fails with their names and the line to add. The program reads that clock, because `check` asks nobody: it is the lab's where hosts are reached in the lab, and this computer's elsewhere. Evidence of other tools that has grown old is a warning in the preview, and a failure of `lync-backup status`.",
      "It is called `posture` in every estate, and all other resources of the estate are made after it and deleted before it. Outside the lab the engine protects it, so that renaming it or taking it out of the program fails the preview too. A refresh shows what was promised and acknowledged last: it lies on no host, where somebody could change it. What was promised last is lost with the state only; the first posture of an estate has nothing to be compared with.",
    ],
    grants: [["nobody", "anything", "it reaches no host"]],
    deleting: "Forgets what was promised. Nothing else changes.",
  },
};

export function resourcePages(): Page[] {
  return RESOURCE_TYPES.map(page);
}

function page(type: ResourceFacts): Page {
  const name = type.type as keyof typeof RESOURCE_EXAMPLES;
  const text = TEXTS[name] as ResourceText | undefined;
  if (!text) throw new Error(`docs/pages/resources.ts has no text for the resource type ${type.type}`);
  const { file, about, grants, deleting } = text;
  const root = jsonSchemaOf(type.inputs);
  const { computed } = type;
  const rows = rowsOf(root, link(root)).filter(({ path }) => !isBelow(path, ["owner", ...computed]));
  const made = jsonSchemaOf(type.outputs);
  return markdown(
    `resources/${file}.md`,
    `# ${name}`,
    ...about,
    "## Example",
    example(name),
    "## Inputs",
    fieldTable(rows),
    ...computedBlock(root, computed),
    "## Outputs",
    "As they were last read. They never cause a change.",
    table(
      ["Output", "Type", "What it says"],
      rowsOf(made, link(made)).map((row) => [code(row.path), row.type, row.description]),
    ),
    "## What a change does",
    `${identityText(type)} Every input is read back, so that drift is found and named, except:`,
    table(
      ["Input", "Why it is not read back"],
      Object.entries(type.unmanaged).map(([key, why]) => [code(key), why]),
    ),
    "## Grants",
    table(["Who", "Needs", "Because"], grants),
    "## Deleting",
    deleting,
    ...typesBlock(root, link(root)),
  );
}

function identityText(type: ResourceFacts): string {
  if (type.identity.length === 0) return "Everything changes in place.";
  const keys = type.identity.map((key) => code(key)).join(", ");
  return `A change of ${keys} makes it another thing: ${oldOne(type)}. Everything else changes in place.`;
}

function oldOne({ identity }: ResourceFacts): string {
  if (!identity.includes("host")) return "the old one is deleted first";
  const elsewhere = "on another host the new one is made first, and the old one deleted then";
  return identity.length === 1 ? elsewhere : `${elsewhere}; on the same host the old one is deleted first`;
}

/** As a program writes it; the arguments are those that the tests run. */
function example(name: keyof typeof RESOURCE_EXAMPLES): string {
  const { name: logical, args } = RESOURCE_EXAMPLES[name];
  const text = JSON.stringify(args, null, 2).replaceAll(/^(\s*)"([a-zA-Z]+)":/gm, "$1$2:");
  const program = `import { ${name} } from "lync-backup";\n\nnew ${name}("${logical}", ${text});`;
  return `\`\`\`typescript\n${program}\n\`\`\``;
}

function computedBlock(root: Node, computed: readonly string[]): string[] {
  if (computed.length === 0) return [];
  return [
    "These follow from the inputs and from the release. They stand in the state, so that their drift is found and named:",
    table(
      ["Property", "What it says"],
      computed.map((key) => [code(key), root.properties?.[key]?.description ?? ""]),
    ),
  ];
}

const isBelow = (path: string, keys: readonly string[]): boolean =>
  keys.some((key) => path === key || path.startsWith(`${key}.`) || path.startsWith(`${key}[`));

function link(root: Node): Link {
  return (name) =>
    homeOf(root, name) === "types" ? `[${name}](../documents/types.md#${anchor(name)})` : `[${name}](#${anchor(name)})`;
}

/** The types that are explained on the page itself. */
export function typesBlock(root: Node, links: Link): string[] {
  const names = [...namesBelow(root, root)].filter((name) => name !== "Owner" && homeOf(root, name) !== "types").sort();
  if (names.length === 0) return [];
  return [
    "## Types",
    ...names.flatMap((name) => [`### ${name}`, ...typeBlocks(resolve(root, { $ref: `#/$defs/${name}` }), links)]),
  ];
}
