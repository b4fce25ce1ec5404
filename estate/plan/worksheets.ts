import { DATABASES, rowOf, type ProtectedBy } from "../catalogue";
import type { Datum, Scope, Sheet } from "../documents";
import type { Obligation } from "../obligations";
import { databasesOf } from "../topology/databases";
import { destinationOf, fileFor } from "./obligations";
import { joined, protectorsOf, serverOf, type Facts } from "./facts";
import { retentionText, scopeText, startsText } from "./words";

/**
 * The worksheets of Microsoft's topic, filled in: settings, databases, file stores, column by column. A row is an
 * obligation; several jobs stand in one cell.
 */

export function backupSheets(facts: Facts): Sheet[] {
  return [
    {
      name: "settings",
      title: "Settings",
      about: "What Lync's own cmdlets export, and from which database it comes.",
      columns: ["Database", "Server FQDN", "Schedule", "Tool", "Configuration file name", "Location", "Notes"],
      rows: rowsFor(SETTINGS, facts, ({ datum, scope, ...cells }) => [
        `${databasesWith(datum)} (${rowOf(datum).title})`,
        serverWith(datum, scope, facts),
        cells.schedule,
        cells.tool,
        fileIn(datum, scope, facts),
        cells.destination,
        cells.notes,
      ]),
    },
    {
      name: "databases",
      title: "Databases",
      about: "What SQL Server backs up itself, logs included.",
      columns: ["Database", "Server FQDN", "Schedule", "Tool", "Backup set and expiration", "Destination", "Notes"],
      rows: rowsFor(IN_SQL, facts, ({ datum, scope, ...cells }) => [
        `${scope.of === "database" ? scope.database : "master, msdb"} (${rowOf(datum).title})`,
        serverWith(datum, scope, facts),
        cells.schedule,
        cells.tool,
        cells.expires,
        cells.destination,
        cells.notes,
      ]),
    },
    {
      name: "file-stores",
      title: "File stores",
      about:
        "Shares of Lync and what lies in them. Files called `Meeting.Active` are open and locked: they are never copied.",
      columns: ["Content", "Server FQDN", "Schedule", "Tool", "Share to back up", "Destination", "Notes"],
      rows: rowsFor(FILES, facts, ({ datum, scope, ...cells }) => [
        rowOf(datum).title,
        serverWith(datum, scope, facts),
        cells.schedule,
        cells.tool,
        shareOf(scope, facts.reading),
        cells.destination,
        cells.notes,
      ]),
    },
    {
      name: "others",
      title: "What Lync depends on",
      about: "Backed up by other tools of other teams, in step with Lync.",
      columns: ["What", "Where", "Tool and owner", "What is in it", "Notes"],
      rows: rowsFor(OUTSIDE, facts, ({ datum, scope, ...cells }) => [
        rowOf(datum).title,
        scopeText(scope),
        cells.tool,
        rowOf(datum).what,
        cells.notes,
      ]),
    },
  ];
}

const FILES: readonly ProtectedBy[] = ["fileStores"];
const IN_SQL: readonly ProtectedBy[] = ["sql"];
const OUTSIDE: readonly ProtectedBy[] = ["external"];
const SETTINGS: readonly ProtectedBy[] = ["configuration", "userData", "responseGroups", "persistentChat"];

interface Cells {
  datum: Datum;
  scope: Scope;
  schedule: string;
  tool: string;
  expires: string;
  destination: string;
  notes: string;
}

function rowsFor(kinds: readonly ProtectedBy[], facts: Facts, row: (cells: Cells) => string[]): string[][] {
  return facts.duties.obligations
    .filter(({ datum }) => kinds.includes(rowOf(datum).protectedBy[0]))
    .map((obligation) => row(cellsOf(obligation, facts)));
}

function cellsOf(obligation: Obligation, facts: Facts): Cells {
  const { datum, scope } = obligation;
  const protectors = protectorsOf(obligation, facts);
  const schedules: string[] = [];
  const sets: string[] = [];
  const places = new Set<string>();
  const tools = new Set<string>();
  for (const one of protectors) {
    if (one.by === "job") {
      const job = facts.jobs.find(({ name }) => name === one.name);
      const resource = facts.resources.find(({ common }) => common.name === one.series);
      schedules.push(`${one.name}: ${startsText(one.schedule)}`);
      if (resource) sets.push(`${one.series}, ${one.setKind}; kept: ${retentionText(resource.common.retention)}`);
      if (job) places.add(`${destinationOf(job.target, facts)}, series ${one.series}`);
      tools.add(rowOf(datum).tool);
    } else if (one.by === "external") {
      schedules.push(`within ${String(one.rpoHours)} h`);
      tools.add(`${one.tool} (${one.owner})`);
      if (one.where !== undefined) places.add(one.where);
    } else {
      schedules.push(`waived until ${one.until}`);
      tools.add(`none: ${one.owner} waived it (${one.reason})`);
    }
  }
  return {
    datum,
    scope,
    schedule: schedules.join("; ") || "none: nothing protects it",
    tool: [...tools].join("; ") || "none",
    expires: sets.join("; "),
    destination: [...places].join("; "),
    notes: notesOn(scope, facts, obligation.neededForService ? "" : "Lync runs without it"),
  };
}

/** What the estate says of a thing by its name, beside what is said anyway. */
export function notesOn(scope: Scope | string, { estate }: Facts, besides = ""): string {
  const name = (typeof scope === "string" ? scope : scopeText(scope)).toLowerCase();
  const notes = estate.plan.notes.filter(({ of }) => of.toLowerCase() === name).map(({ says }) => says);
  return [...notes, besides].filter((text) => text !== "").join("; ");
}

/** As the sets call it: the documented name, with the pool in it. */
function fileIn(datum: Datum, scope: Scope, facts: Facts): string {
  const [documented] = rowOf(datum).files;
  if (documented === undefined) return "with the user data";
  return fileFor(datum, scope, facts) ?? documented;
}

const databasesWith = (datum: Datum): string =>
  joined(DATABASES.filter((row) => row.data === datum && row.holder !== "local").map(({ name }) => name)) ||
  "Active Directory";

function serverWith(datum: Datum, scope: Scope, { reading, estate }: Facts): string {
  switch (scope.of) {
    case "database":
    case "instance":
      return hostsOf(scope.instance, reading);
    case "store":
      return serverOf(scope.path.slice(2));
    case "server":
      return scope.server;
    case "pool":
    case "deployment": {
      if (FILES.includes(rowOf(datum).protectedBy[0])) return serverOf(shareOf(scope, reading).slice(2));
      const found = databasesOf(estate.topology, reading.stores).find(
        ({ row, store }) =>
          row.data === datum && (scope.of === "deployment" || store.pools.some(({ fqdn }) => fqdn === scope.pool)),
      );
      return found ? hostsOf(found.instance, reading) : scopeText(scope);
    }
  }
}

function hostsOf(instance: string, reading: Facts["reading"]): string {
  const [store] = reading.storesIn(instance);
  const mirror = store?.sql.mirror;
  return mirror === undefined ? instance : `${instance}, mirror ${mirror}`;
}

function shareOf(scope: Scope, reading: Facts["reading"]): string {
  if (scope.of === "store") return scope.path;
  if (scope.of !== "pool") return "";
  return [...reading.fileStores].find(([, pools]) => pools.some(({ fqdn }) => fqdn === scope.pool))?.[0] ?? "";
}
