import { readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { ENTRIES, ESTATE, JOB_OPTIONS } from "../../estate/estate/schema";
import { repositoryRoot } from "./examples";
import { fieldTable, rowsOf, type Link } from "./fields";
import { jsonSchemaOf } from "./json-schema";
import { homeOf } from "./names";
import { anchor, code, markdown, type Page } from "./page";
import { typesBlock } from "./resources";

/** What an estate may say: the one declaration from which all resources of a stack are made. */
export function estatePages(): Page[] {
  const { topology: _topology, ...shape } = ESTATE;
  const root = jsonSchemaOf(z.strictObject(shape));
  const link: Link = (name) =>
    `[${name}](${homeOf(root, name) === "types" ? "documents/types.md" : ""}#${anchor(name)})`;
  const shared = new Set(Object.keys(ENTRIES).flatMap((kind) => JOB_OPTIONS.map((option) => `${kind}[].${option}`)));
  const lab = readFileSync(path.join(repositoryRoot(), "stacks", "lab.ts"), "utf8").replaceAll("\r\n", "\n");
  return [
    markdown(
      "estate.md",
      "# The estate",
      "Everything that one stack declares: the [topology](documents/topology.md) of the deployment, the hosts and how they are reached, the targets, and what is backed up. `BackupEstate` makes the resources of it, `lync-backup` reads the same declaration. What does not fit together is refused with the path of the field, before anything runs. Editors complete and check an estate in YAML or JSON by its [JSON Schema](schemas/estate.json).",
      `\`\`\`typescript\n${lab.trim()}\n\`\`\``,
      "## What need not be said",
      [
        "- `defaults` are for all jobs; each may say otherwise. Without a schedule each kind of job has its hour at night.",
        "- What the topology says: the partner of a pool, its branches, mirrors and replicas, which pool has Call Park, how old a SQL Server is. Where a database is known to be in full recovery, its log is backed up, unless `log: false` says that somebody else does it.",
        "- Where jobs are placed: exports on the `hosts` of `defaults`, copies on the computer that keeps the sets, SQL backups on the SQL Servers themselves, all partners and replicas of them.",
        "- Names. They are those of what is backed up, `users-pool01` for the users of pool01.contoso.com, `sql-sql01-rtc` for the instance rtc on sql01.contoso.com: one more pool adds its own jobs and changes no other.",
        "- With `everything: true` whatever the topology stores. Entries then are for what differs.",
      ].join("\n"),
      "What the three stacks of this repository share stands in `stacks/base.ts`; each says where it differs.",
      "`lync-backup plan` writes the backup and restoration plan of an estate ([that of the lab](plan-of-the-lab.md)) as Markdown, HTML or JSON, from the declaration alone. Who does what with which tool, places, media, hardware and network have their fields below `plan`; what is not declared is named there with what to add.",
      "`lync-backup coverage` holds the topology against all of it, and shows the line to add for what nothing covers.",
      "## Fields",
      `Besides \`topology\`, which has a [page of its own](documents/topology.md). Entries of every kind of job take what \`configuration\` takes: ${JOB_OPTIONS.map(code).join(", ")}.`,
      fieldTable(rowsOf(root, link).filter((row) => !shared.has(row.path))),
      ...typesBlock(root, link),
    ),
  ];
}
