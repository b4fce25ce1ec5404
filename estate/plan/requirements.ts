import { rowOf, SCENARIOS, TOOLS_OF } from "../catalogue";
import { PRODUCT_NAMES, type Said, type ServiceLevel } from "../documents";
import type { Duty, Place, Responsibility } from "../estate/plan-details";
import { instancesOf, productOf } from "../topology/stores";
import { joined, type Facts } from "./facts";
import { toolsOf } from "./obligations";
import { plural, startsText } from "./words";

/** What Microsoft's topics on strategy and plan want to see identified: each answered, or named as not declared. */

/** What is declared; else a sentence with the line to add. */
export const said = (about: string, text: string | undefined, add: string): Said =>
  text === undefined || text === "" ? { about, says: `Not declared: add \`${add}\`.`, add } : { about, says: text };

export function requirementsOf(facts: Facts): Said[] {
  const { estate, jobs, resources, duties } = facts;
  const { plan, topology, serviceLevels: levels } = estate;
  const { agreements, places } = plan;
  const products = [...new Set([topology.product, ...topology.pools.map((pool) => productOf(topology, pool))])];
  const tools = [...new Set(resources.flatMap(toolsOf))];
  const restoreTools = products.map((product) => `${TOOLS_OF[product].shell}, ${TOOLS_OF[product].builder}`);
  const locations = estate.targets.map(
    ({ name, host, location, encryption, media }) =>
      `${name} on ${host}: ${location}, ${encryption === "none" ? "not encrypted" : `encrypted by ${encryption}`}, ${media}`,
  );
  const releases = instancesOf(topology, facts.reading.stores).map((instance) => {
    const found = facts.reading.instances.get(instance);
    return found ? `SQL Server ${found.release} ${found.edition}` : "SQL Server of a release that is not recorded";
  });
  const everyPlace = (of: (place: Place) => readonly string[]): string => joined([...new Set(places.flatMap(of))]);
  return [
    said(
      "Business priorities",
      levels
        .flatMap(({ name, priorities }) => (priorities.length > 0 ? [`${joined(priorities)} (${name})`] : []))
        .join("; "),
      'serviceLevels: [{ name: "…", priorities: ["continuity", …] }]',
    ),
    said(
      "Recovery points and times that are promised",
      levels
        .map(levelText)
        .filter((text) => text !== "")
        .join("; "),
      'serviceLevels: [{ name: "…", rpoHours: …, rtoHours: … }]',
    ),
    said("Availability that is agreed upon", agreements.availability, "plan.agreements.availability"),
    said("Support that is agreed upon", agreements.support, "plan.agreements.support"),
    said("Capacity that is agreed upon", agreements.capacity, "plan.agreements.capacity"),
    {
      about: "Frequency of backups",
      says: `${plural(jobs.length, "job", "jobs")}: ${[...new Set(jobs.map(({ schedule }) => startsText(schedule)))].join("; ")}`,
    },
    { about: "Tools for backup", says: `lync-backup with ${joined(tools) || "no tool, because there are no jobs"}` },
    {
      about: "Tools for restoration",
      says: joined([
        ...restoreTools,
        "Deployment Wizard (Setup.exe, Bootstrapper.exe)",
        "SQL Server Management Studio or sqlcmd",
        "robocopy",
      ]),
    },
    said(
      "Who uses the tools, on which computers",
      plan.responsibilities.length === 0
        ? undefined
        : plan.responsibilities
            .map(
              ({ who, tools: with_, computers }) =>
                `${who}: ${joined(with_) || "the tools of the procedures"} on ${joined(computers) || "the computers of the procedures"}`,
            )
            .join("; "),
      "plan.responsibilities",
    ),
    {
      about: "Where jobs run",
      says: `${joined([...new Set(jobs.flatMap(({ hosts }) => hosts))]) || "nowhere"}, under ${estate.account}`,
    },
    { about: "Location of backups", says: locations.join("; ") },
    said(
      "Security and access of the places",
      places
        .map(({ access }) => access)
        .filter(Boolean)
        .join("; "),
      "plan.places[].access",
    ),
    said(
      "Media",
      places
        .map(({ media }) => media)
        .filter(Boolean)
        .join("; "),
      "plan.places[].media",
    ),
    said(
      "Hardware for backup and restoration",
      everyPlace(({ hardware }) => hardware),
      "plan.places[].hardware",
    ),
    {
      about: "Software of the servers",
      says: joined([
        ...products.map(
          (product) =>
            `${PRODUCT_NAMES[product]}${topology.cumulativeUpdate === undefined ? "" : ` ${topology.cumulativeUpdate}`}`,
        ),
        ...new Set(releases),
        ...products.map((product) => `Windows PowerShell 3.0 or later with the module ${TOOLS_OF[product].module}`),
      ]),
    },
    said(
      "Further software for backup and restoration",
      everyPlace(({ software }) => software),
      "plan.places[].software",
    ),
    said(
      "Network connectivity",
      everyPlace(({ network }) => network),
      "plan.places[].network",
    ),
    said("Spare hardware", plan.spareHardware, "plan.spareHardware"),
    said("At hand for a restore", plan.atHand.map(({ what, where }) => `${what}: ${where}`).join("; "), "plan.atHand"),
    {
      about: "Restoration scenarios",
      says: Object.values(SCENARIOS)
        .map(({ title }) => title)
        .join("; "),
    },
    {
      about: "Data that Lync needs to run",
      says: joined([
        ...new Set(duties.obligations.filter((one) => one.neededForService).map(({ datum }) => rowOf(datum).title)),
      ]),
    },
    {
      about: "Prerequisites of a backup",
      says: "Each host has the module and reaches the Central Management store, SQL Server and the target; the account has its groups and rights; the target has space: `lync-backup doctor --host …` looks for all of it.",
    },
  ];
}

function levelText({ name, data, rpoHours, poolLossRpoMinutes, rtoHours, keepDays }: ServiceLevel): string {
  const promises = joined([
    rpoHours === undefined ? undefined : `at most ${String(rpoHours)} h lost`,
    poolLossRpoMinutes === undefined ? undefined : `at most ${String(poolLossRpoMinutes)} min lost with a pool`,
    rtoHours === undefined ? undefined : `restored within ${String(rtoHours)} h`,
    keepDays === undefined ? undefined : `kept ${plural(keepDays, "day", "days")}`,
  ]);
  return promises === "" ? "" : `${name} (${data === "all" ? "all data" : joined(data)}): ${promises}`;
}

const DUTIES: Readonly<Record<Duty, string>> = {
  "back-up": "Runs the backups",
  watch: "Looks that they occur and can be read",
  decide: "Decides whether and how to restore",
  restore: "Carries the restore out",
  approve: "Approves changes of the procedures",
  test: "Tests restores and new procedures",
  review: "Reviews this plan",
};
const ALL_DUTIES = Object.keys(DUTIES) as Duty[];

export function responsibilitiesOf({ estate }: Facts): Said[] {
  const { responsibilities, departments } = estate.plan;
  return [
    ...ALL_DUTIES.map((duty) =>
      said(
        DUTIES[duty],
        responsibilities
          .filter(({ does }) => does.includes(duty))
          .map(personText)
          .join("; "),
        `plan.responsibilities: [{ who: "…", does: ["${duty}"] }]`,
      ),
    ),
    said(
      "What other departments do",
      departments.map(({ who, does }) => `${who}: ${does}`).join("; "),
      "plan.departments",
    ),
  ];
}

export function personText({ who, tools, computers, scenarios, reached }: Responsibility): string {
  const losses = scenarios === "all" ? undefined : `for: ${scenarios.map((one) => SCENARIOS[one].title).join("; ")}`;
  const with_ = tools.length > 0 ? `with ${joined(tools)}` : undefined;
  const on = computers.length > 0 ? `on ${joined(computers)}` : undefined;
  return joined([who, with_, on, losses, reached && `called by ${reached}`]);
}

export function placesOf({ estate }: Facts): Said[] {
  const { plan, targets } = estate;
  if (plan.places.length === 0) return [said("Places where backups are kept and restored", undefined, "plan.places")];
  const placed = new Set(plan.places.flatMap((place) => place.targets));
  const list = (items: readonly string[]): string | undefined => (items.length > 0 ? items.join("; ") : undefined);
  return [
    ...plan.places.flatMap((place) => {
      const at = (field: string): string => `plan.places: [{ name: "${place.name}", ${field}: … }]`;
      const keeps = place.targets.length > 0 ? `; keeps ${joined(place.targets)}` : "";
      return [
        { about: place.name, says: `${place.where}; for ${place.use.join(" and ")}${keeps}` },
        said(`${place.name}: media`, place.media, at("media")),
        said(`${place.name}: hardware`, list(place.hardware), at("hardware")),
        said(`${place.name}: software`, list(place.software), at("software")),
        said(`${place.name}: network connectivity`, list(place.network), at("network")),
        said(`${place.name}: access`, place.access, at("access")),
      ];
    }),
    ...targets
      .filter(({ name }) => !placed.has(name))
      .map(({ name }) => said(`Where ${name} stands`, undefined, `plan.places: [{ targets: ["${name}"], … }]`)),
  ];
}

export function validationOf({ estate }: Facts): Said[] {
  const { validation, reviewMonths } = estate.plan;
  return [
    {
      about: "Backups occur as required",
      says: "`lync-backup status` shows the newest set of every job, `lync-backup coverage` what nothing backs up, `pulumi preview --refresh` what differs from the declaration",
    },
    said("Audits", validation.audits, "plan.validation.audits"),
    said("Test restores", validation.restoreTests, "plan.validation.restoreTests"),
    said("Where the worksheets are kept", validation.worksheets, "plan.validation.worksheets"),
    said("Drills of the staff", validation.staff, "plan.validation.staff"),
    said(
      "Review of this plan",
      reviewMonths === undefined
        ? undefined
        : `every ${plural(reviewMonths, "month", "months")}, and after every change of the topology`,
      "plan.reviewMonths",
    ),
  ];
}
