import {
  ASSUMPTIONS,
  CATALOGUE,
  DATABASES,
  SCENARIOS,
  SOURCES,
  type Arises,
  type AssumptionId,
  type CatalogueRow,
  type Database,
  type Feature,
  type Holder,
  type SourceId,
} from "../../estate/catalogue";
import { PRODUCT_NAMES, type Product } from "../../estate/documents";
import {
  ADVICE,
  COVERAGE_RULES,
  DISCOVERY_RULES,
  LEVEL_RULES,
  RETENTION_RULES,
  SCHEDULE_RULES,
  type Rule,
} from "../../estate/rules";
import { code, markdown, table, type Page } from "./page";

/** The page that a Lync administrator reads and checks: what is backed up, by which rules, and who says so. */

export function cataloguePages(): Page[] {
  return [
    markdown(
      "catalogue.md",
      "# What must be backed up",
      "Everything that Lync Server stores or depends on, as the product knows it. From these tables and the topology of a deployment follow its obligations; what discharges none of them, and what is left open, is listed by name. If a line is wrong for your servers, it is wrong in the product: please say so.",
      "The small codes lead to [where each line comes from](#sources). A line that rests on an [assumption](#assumptions) says so: it was found in no documentation of Microsoft's, and the table says how to confirm it.",
      "## Exports and files",
      dataTable((row) => row.protectedBy[0] !== "sql" && row.protectedBy[0] !== "external"),
      "## Databases and their logs",
      "Data and logs are judged apart: a mirrored database is in full recovery, and its log grows until it is backed up, even where the data are rebuilt and need no backup.",
      dataTable((row) => row.protectedBy[0] === "sql"),
      "## What Lync depends on",
      "No job of this product backs these up. An estate names the tool, the owner and the evidence, or waives them for a while with a reason.",
      dataTable((row) => row.protectedBy[0] === "external"),
      "## Every database",
      table(
        ["Database", "Where", "Holds", "Comes back by", "Because", "Log", "Sources"],
        DATABASES.map((row) => [
          code(row.name),
          WHERE[row.holder],
          `${row.holds}${productsOf(row)}`,
          COMES_BACK[row.restoredBy],
          row.why,
          row.log === undefined ? "" : code(row.log),
          references(row),
        ]),
      ),
      "## Losses",
      "The kinds of loss from which a restore is planned and rehearsed.",
      table(
        ["Loss", "What comes back"],
        Object.entries(SCENARIOS).map(([id, { title }]) => [title, comesBackIn(id)]),
      ),
      "## Rules of coverage",
      ruleTable(COVERAGE_RULES),
      "## Rules of service levels",
      "What an estate promises is held against these. Each verdict shows its working in one line.",
      ruleTable(LEVEL_RULES),
      "## Rules of retention",
      ruleTable(RETENTION_RULES),
      "## Rules of schedules",
      ruleTable(SCHEDULE_RULES),
      "## Rules of discovery",
      "How `lync-backup discover` reads a live deployment.",
      ruleTable(DISCOVERY_RULES),
      "## Advice on topologies",
      "Topology Builder allows it, and so does this product, with a warning.",
      ruleTable(Object.values(ADVICE)),
      "## Assumptions",
      table(
        ["", "What is taken for true", "Evidence", "How to confirm it"],
        Object.entries(ASSUMPTIONS).map(([id, { says, evidence, confirm }]) => [
          mark(id),
          says,
          evidence === "community" ? "reports of operators" : "general knowledge",
          confirm,
        ]),
      ),
      "## Sources",
      "Topics of Microsoft's documentation, by file name, and pages of the cmdlet reference.",
      table(
        ["", "Topic", "Name"],
        Object.entries(SOURCES).map(([id, { title, topic }]) => [mark(id), title, code(topic)]),
      ),
    ),
  ];
}

/** What Lync depends on must be there in every loss; only what is particular to one is named. */
function comesBackIn(scenario: string): string {
  const own = CATALOGUE.filter(
    (row) => (row.restoredIn as readonly string[]).includes(scenario) && row.protectedBy[0] !== "external",
  ).map((row) => row.title);
  return own.length > 0 ? own.join(", ") : "nothing but its certificates: it is set up anew from the topology";
}

/** A place in the page that a reference leads to. */
const mark = (id: string): string => `<a id="${id}"></a>${code(id)}`;

const references = (row: { sources: readonly SourceId[]; assumptions?: readonly AssumptionId[] }): string =>
  [...row.sources, ...(row.assumptions ?? [])].map((id) => `[${id}](#${id})`).join(", ");

function dataTable(which: (row: CatalogueRow) => boolean): string {
  return table(
    ["What", "Where", "With", "Rights", "How often", "Needed for service", "Sources"],
    CATALOGUE.filter(which).map((row) => [
      `**${row.title}** (${code(row.datum)}). ${row.what}${productsOf(row)}`,
      placeOf(row.arises),
      row.files.length > 0 ? `${row.tool} → ${row.files.map(code).join(", ")}` : row.tool,
      row.rights,
      row.guidance.text,
      SERVICE[row.service],
      references(row),
    ]),
  );
}

const ruleTable = (rules: readonly Rule[]): string =>
  table(
    ["Rule", "Source"],
    rules.map(({ rule, source }) => [rule, source === "own" ? "this product" : `[${source}](#${source})`]),
  );

const productsOf = ({ products }: { products?: readonly Product[] }): string =>
  products === undefined ? "" : ` (${products.map((product) => PRODUCT_NAMES[product]).join(" and ")} only)`;

const FEATURES: Record<Feature, string> = {
  exchange: ", where contacts or archives are in Exchange",
  "several-servers": ", where a pool has several servers",
  "response-groups": ", where Response Group is used",
};

function placeOf(arises: Arises): string {
  switch (arises.per) {
    case "deployment":
      return `once per deployment${arises.where === undefined ? "" : FEATURES[arises.where]}`;
    case "pool":
      return `every pool of kind ${arises.kinds.join(", ")}${arises.role === undefined ? "" : ` with the role ${arises.role}`}`;
    case "file-store":
      return "every file store";
    case "database":
      return "every such database";
    case "log":
      return "every such database in full recovery";
    case "instance":
      return "every SQL Server instance with a store, each partner and replica";
    case "reports":
      return "every instance with Reporting Services";
    case "encrypting-instance":
      return "every instance whose backups a job encrypts";
    case "nowhere":
      return `nowhere an obligation: ${arises.because}`;
  }
}

const SERVICE: Record<CatalogueRow["service"], string> = {
  needed: "yes",
  "not-needed": "no",
  "where-archiving-blocks": "where messages are blocked when archiving fails",
};

const COMES_BACK: Record<Database["restoredBy"], string> = {
  import: "an import of the export",
  sql: "a restore by SQL Server",
  nothing: "nothing: it needs no backup of ours",
};

const WHERE: Record<Holder, string> = {
  "back-end": "Back End, or the local instance of Standard Edition",
  "central-management": "the store of the Central Management pool, active and standby",
  archiving: "Archiving store",
  monitoring: "Monitoring store",
  "persistent-chat": "Persistent Chat store",
  compliance: "Persistent Chat compliance store",
  reports: "Monitoring store",
  local: "local instances of each Front End",
};
