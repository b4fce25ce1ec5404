import { PoolKind } from "../documents";
import type { CatalogueRow, Feature } from "./row";
import { EVERY_SCENARIO } from "./scenarios";
import type { SourceId } from "./sources";

/** What Lync depends on and does not store. Other tools back it up; an estate says which, and who is called. */

type OutsideRow = Pick<CatalogueRow, "datum" | "title" | "what"> &
  Partial<CatalogueRow> & { where?: Feature; guide?: string };

const outside = ({ where, guide = "In step with the backups of Lync", ...row }: OutsideRow): CatalogueRow => ({
  arises: { per: "deployment", ...(where ? { where } : {}) },
  protectedBy: ["external"],
  tool: "Its own",
  files: [],
  rights: "Those of its owner",
  guidance: { text: guide },
  data: "kept",
  service: "needed",
  restoredIn: EVERY_SCENARIO,
  sources: ["data"] satisfies SourceId[],
  ...row,
});

const POOLS_WITH_CERTIFICATES = PoolKind.options;

export const OUTSIDE: readonly CatalogueRow[] = [
  outside({
    datum: "active-directory",
    title: "Active Directory",
    what: "SIP addresses and settings of users, contact objects, the pointer to the Central Management store, the Kerberos account where there is one, security groups.",
    guide: "At the same time as Lync, so that the two stay in step",
    sources: ["data", "practices"],
  }),
  outside({
    datum: "certificates",
    title: "Certificates",
    what: "The certificates of each server of a pool with their private keys, and when they expire.",
    arises: { per: "pool", kinds: POOLS_WITH_CERTIFICATES },
    guide: "After each renewal",
    sources: ["data", "preparing"],
    assumptions: ["pool-member-needs-nothing"],
  }),
  outside({
    datum: "certificate-authority",
    title: "Certificate authority",
    what: "With its private keys: servers are given new certificates from it.",
  }),
  outside({
    datum: "backup-encryption-certificate",
    title: "Certificate that encrypts backups",
    what: "Without it and its private key no encrypted SQL backup can be read.",
    arises: { per: "encrypting-instance" },
    guide: "When it is made; kept apart from the backups",
    service: "not-needed",
    sources: ["location"],
  }),
  outside({
    datum: "installation-media",
    title: "Media and versions",
    what: "Media and cumulative updates of Lync, SQL Server and Windows at the level that is installed.",
    guide: "After each update",
    sources: ["plan", "preparing"],
  }),
  outside({ datum: "dns", title: "DNS", what: "Records that clients, servers and federation find pools by." }),
  outside({ datum: "dhcp", title: "DHCP", what: "Options that phones find pools and certificates by." }),
  outside({ datum: "iis", title: "IIS", what: "Settings of the web services and of reverse proxies." }),
  outside({
    datum: "pstn-gateways",
    title: "PSTN gateways",
    what: "Configuration of gateways and trunks.",
    guide: "After each change",
  }),
  outside({
    datum: "load-balancer",
    title: "Load balancer",
    what: "Configuration for pools of several servers.",
    where: "several-servers",
    guide: "After each change",
  }),
  outside({ datum: "firewall", title: "Firewall", what: "Rules between clients, pools, edges and partners." }),
  outside({
    datum: "network",
    title: "Network connectivity",
    what: "What servers, sites and the backup location need to reach each other.",
    sources: ["strategy", "plan"],
  }),
  outside({
    datum: "exchange",
    title: "Exchange",
    what: "Contacts of the unified contact store, photos, and archives where Exchange keeps them.",
    where: "exchange",
  }),
  outside({
    datum: "response-group-audio",
    title: "Original Response Group audio",
    what: "The recordings as they were made, kept apart: an export holds what was uploaded, not its source.",
    where: "response-groups",
    guide: "When it is recorded",
    service: "not-needed",
    restoredIn: ["pool"],
    sources: ["response-groups"],
  }),
  outside({
    datum: "monitoring-reports",
    title: "Monitoring Reports",
    what: "SQL Server Reporting Services with its databases and its encryption key.",
    arises: { per: "reports" },
    service: "not-needed",
    restoredIn: ["database"],
    sources: ["databases"],
    assumptions: ["reports-own-backup"],
  }),
  outside({
    datum: "operations-manager",
    title: "Operations Manager",
    what: "History of alerts and of the health of servers.",
    arises: { per: "nowhere", because: "it is useful after a loss, and nothing of Lync depends on it" },
    service: "not-needed",
    restoredIn: [],
  }),
];
