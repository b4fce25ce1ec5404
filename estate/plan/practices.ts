import { rowOf, SOURCES, type SourceId } from "../catalogue";
import type { Datum, Practice } from "../documents";
import { minutesOf } from "../schedules/day";
import { adviceOn } from "../topology/advice";
import { longestGapMinutes } from "./calendar";
import { joined, protectorsOf, type Facts } from "./facts";
import { scopeText } from "./words";

/** Microsoft's best practices, one by one: kept by this declaration or not, and why. */

export function practicesOf(facts: Facts): Practice[] {
  const rule = (practice: string, source: SourceId, found: Found): Practice => ({
    practice,
    ...found,
    source: SOURCES[source].title,
  });
  return [
    rule("A full backup at least every 24 hours", "practices", everyDay(facts)),
    rule("Backups run in hours of low usage", "practices", lowUsage(facts)),
    rule("The configuration is exported right after every change", "practices", onChange(facts)),
    rule("Response Groups daily, more often under heavy change", "practices", atLeastDaily(facts, "response-groups")),
    rule("Logs of mirrored databases are backed up regularly", "mirroring", logs(facts)),
    rule("A critical file store on DFS is backed up every 4 to 8 hours", "file-sharing", distributedStores(facts)),
    rule("Active Directory is backed up at the same time as Lync", "data", outside(facts, "active-directory")),
    rule("The backup location is on a stand-alone computer that is in no pool", "location", {
      kept: "yes",
      says: "An estate with a target on a server of a pool is refused",
    }),
    rule("Each backup goes to a new folder", "location", {
      kept: "yes",
      says: "Each run makes a set of its own, which is never rewritten",
    }),
    rule("The backup location is remote, against the loss of the site", "location", remote(facts)),
    rule("Backups are encrypted, and handled as what they hold", "location", encrypted(facts)),
    rule("Backups are available to those who restore", "practices", readable(facts)),
    rule("Free space is looked at before a backup", "practices", freeSpace(facts)),
    rule("As many steps as possible are scripted", "practices", {
      kept: "yes",
      says: "Jobs are scheduled and carry their steps; restores name each command",
    }),
    rule(
      "Restores are tested periodically",
      "practices",
      declared(facts.estate.plan.validation.restoreTests, "plan.validation.restoreTests"),
    ),
    rule("Data and log files lie on separate disks", "data-placement", {
      kept: "by hand",
      says: "No topology says where they lie: look at the paths that each full set has captured",
    }),
    rule("Pools are paired across sites for disaster recovery", "disaster-recovery", pairing(facts)),
    rule(
      "Worksheets are complete and kept in a safe place",
      "plan",
      declared(facts.estate.plan.validation.worksheets, "plan.validation.worksheets"),
    ),
    rule(
      "Records of hardware, media and firmware are current, and at hand",
      "plan",
      declared(facts.estate.plan.atHand.map(({ what }) => what).join(", "), "plan.atHand"),
    ),
    rule(
      "Staff rehearse the procedures",
      "plan",
      declared(facts.estate.plan.validation.staff, "plan.validation.staff"),
    ),
    rule("The plan is reviewed periodically", "plan", declared(reviewText(facts), "plan.reviewMonths")),
    rule("An image of a server is taken before a restore goes on", "preparing", {
      kept: "by hand",
      says: "A stage of every restoration of a server below",
    }),
  ];
}

type Found = Pick<Practice, "kept" | "says">;

/** Names that fail a practice; none: it is kept. */
const keptUnless = (failing: readonly string[], yes: string, no: (names: string) => string): Found =>
  failing.length === 0 ? { kept: "yes", says: yes } : { kept: "no", says: no(failing.join(", ")) };

const declared = (text: string | undefined, add: string): Found =>
  text === undefined || text === ""
    ? { kept: "no", says: `Not declared: add \`${add}\`.` }
    : { kept: "yes", says: text };

const reviewText = ({ estate }: Facts): string | undefined =>
  estate.plan.reviewMonths === undefined ? undefined : `Every ${String(estate.plan.reviewMonths)} months`;

/** A day of 25 hours comes once a year. */
const DAY_MINUTES = 25 * 60;

function tooRare(facts: Facts, accept: (datum: Datum) => boolean, minutes: number): string[] {
  return facts.duties.obligations
    .filter(({ datum }) => accept(datum))
    .filter((obligation) => {
      const jobs = protectorsOf(obligation, facts).flatMap((one) => (one.by === "job" ? [one] : []));
      if (jobs.length === 0) return true;
      return longestGapMinutes(jobs, facts.estate.plan.timeZone) > minutes;
    })
    .map(({ datum, scope }) => `${rowOf(datum).title} of ${scopeText(scope)}`);
}

const everyDay = (facts: Facts): Found =>
  keptUnless(
    tooRare(facts, (datum) => rowOf(datum).guidance.hours === 24, DAY_MINUTES),
    "Every datum of Lync has a job that starts at least once a day",
    (names) => `Less often, or not by a job: ${names}`,
  );

function atLeastDaily(facts: Facts, datum: Datum): Found {
  if (!facts.duties.obligations.some((one) => one.datum === datum)) {
    return { kept: "yes", says: "This topology has none" };
  }
  return keptUnless(
    tooRare(facts, (one) => one === datum, DAY_MINUTES),
    "Its jobs start at least once a day",
    (names) => `Less often, or not by a job: ${names}`,
  );
}

/** Working hours as most places have them. */
const WORK = { from: minutesOf("06:00"), until: minutesOf("20:00") };

function lowUsage({ jobs }: Facts): Found {
  const busy = jobs.filter(({ schedule, setKind }) => {
    if (setKind === "log" || (schedule.every !== "day" && schedule.every !== "week")) return false;
    return schedule.at.map(minutesOf).some((minute) => minute > WORK.from && minute < WORK.until);
  });
  return keptUnless(
    busy.map(({ name }) => name),
    "Whatever starts at a time of day starts between 20:00 and 06:00",
    (names) => `By day: ${names}`,
  );
}

function onChange({ resources }: Facts): Found {
  const kept = resources.some((one) => one.kind === "configuration" && one.own.onChange !== undefined);
  return kept
    ? { kept: "yes", says: "A job looks for changes and exports them" }
    : { kept: "no", says: "Not declared: add `configuration.onChange`." };
}

function logs(facts: Facts): Found {
  const open = facts.duties.obligations.filter(
    (obligation) => rowOf(obligation.datum).arises.per === "log" && protectorsOf(obligation, facts).length === 0,
  );
  return keptUnless(
    open.map(({ datum, scope }) => `${rowOf(datum).title} of ${scopeText(scope)}`),
    "Every log of a database that is known to be in full recovery is backed up",
    (names) => `Nothing backs up: ${names}`,
  );
}

function distributedStores(facts: Facts): Found {
  const distributed = new Set(facts.estate.topology.fileStores.filter(({ dfs }) => dfs).map(({ path }) => path));
  if (distributed.size === 0) return { kept: "yes", says: "No file store is recorded to be on DFS" };
  const rare = facts.duties.obligations.filter(({ datum, scope }) => {
    return datum === "file-store" && scope.of === "store" && distributed.has(scope.path);
  });
  const failing = rare.filter((obligation) => {
    const jobs = protectorsOf(obligation, facts).flatMap((one) => (one.by === "job" ? [one] : []));
    return jobs.length === 0 || longestGapMinutes(jobs, facts.estate.plan.timeZone) > 8 * 60;
  });
  return keptUnless(
    failing.map(({ scope }) => scopeText(scope)),
    "Each is copied at least every 8 hours",
    (names) => `Less often: ${names}`,
  );
}

function outside(facts: Facts, datum: Datum): Found {
  const by = facts.duties.obligations
    .filter((one) => one.datum === datum)
    .flatMap((one) => protectorsOf(one, facts))
    .flatMap((one) => (one.by === "external" ? [`${one.tool} of ${one.owner}`] : []));
  return by.length > 0
    ? { kept: "by hand", says: `${joined(by)}: agree on the time` }
    : { kept: "no", says: `Nobody is named: add \`external: [{ data: ["${datum}"], … }]\`.` };
}

function remote({ estate, protections }: Facts): Found {
  const staying = new Set(
    protections.flatMap((one) => (one.by === "job" && one.copies.length === 0 ? [one.target.name] : [])),
  );
  const near = estate.targets.filter(({ location }) => location === "local").map(({ name }) => name);
  return keptUnless(
    near.filter((name) => staying.has(name)),
    near.length === 0
      ? "Every target is in another site than what it backs up"
      : `What is kept in the same site, in ${joined(near)}, is carried offsite`,
    (names) => `In the same site, and not carried offsite: ${names}`,
  );
}

const encrypted = ({ estate }: Facts): Found =>
  keptUnless(
    estate.targets.filter(({ encryption }) => encryption === "none").map(({ name }) => name),
    "Every target is encrypted at rest",
    (names) => `Not encrypted: ${names}`,
  );

const readable = ({ estate }: Facts): Found =>
  keptUnless(
    estate.targets.filter(({ readers }) => readers.length === 0).map(({ name }) => name),
    "Every target names who may read it",
    (names) => `Nobody but administrators may read: ${names}`,
  );

const freeSpace = ({ estate }: Facts): Found =>
  keptUnless(
    estate.targets.filter(({ keepFreeGigabytes }) => keepFreeGigabytes === 0).map(({ name }) => name),
    "A run refuses to fill a target below what stays free",
    (names) => `May be filled to the last byte: ${names}`,
  );

function pairing({ estate }: Facts): Found {
  const { topology } = estate;
  const unpaired = topology.pools.filter(
    ({ kind, pairedWith }) => (kind === "enterprise" || kind === "standard") && pairedWith === undefined,
  );
  const advice = adviceOn(topology).filter(({ rule }) => rule === "pair-across-sites");
  return keptUnless(
    [...unpaired.map(({ fqdn }) => `${fqdn} has no partner`), ...advice.map(({ path, says }) => `${path} ${says}`)],
    "Every Front End pool has a partner in another site",
    (names) => names,
  );
}
