import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import type { z } from "zod";
import { DATABASES, RESTORED_BY, rowOf, STAGES } from "../../estate/catalogue";
import { syntaxOf } from "../../estate/cmdlets";
import { BackupPlan, Product, type Topology } from "../../estate/documents";
import { defineEstate, jobsOf, type Estate } from "../../estate/estate";
import type { Offsite } from "../../estate/estate/offsite-schema";
import { dutiesOf } from "../../estate/obligations";
import { planOf, renderHtml, renderMarkdown } from "../../estate/plan";
import { visible } from "../../estate/plan/text";
import { scopeText } from "../../estate/plan/words";
import { lab } from "../../stacks/lab";
import { HOSTILE } from "../support/hostile";
import { everythingOf } from "./everything";
import { anyTopology, standardAlone } from "./topologies";

/** The backup and restoration plan, read as an administrator reads it who has Microsoft's topics beside it. */

const bare = defineEstate("bare", { ...lab, plan: {}, serviceLevels: [], external: [], waivers: [], offsite: [] });
const plans = { lab: planOf(lab), bare: planOf(bare) };
const pages = { lab: renderMarkdown(plans.lab), bare: renderMarkdown(plans.bare) };

/** The cells of the row that begins with a text, below a heading. */
function rowIn(page: string, heading: string, first: string): string[] {
  const section = page.split(/^#{1,3} /m).find((part) => part.startsWith(`${heading}\n`));
  assert.ok(section !== undefined, `there is no section ${heading}`);
  const row = section.split("\n").find((line) => line.startsWith(`| ${first} |`));
  assert.ok(row !== undefined, `${heading} has no row ${first}`);
  return row.slice(2, -2).split(" | ");
}

const MISSING = /^Not declared: add `[^`]+`\.$/;

/** What the topics on a strategy and a plan want to see identified: [heading, line, the field that says it]. */
const QUESTIONS: readonly (readonly [heading: string, line: string, field?: string])[] = [
  ["Requirements", "Business priorities", "serviceLevels"],
  ["Requirements", "Recovery points and times that are promised", "serviceLevels"],
  ["Requirements", "Availability that is agreed upon", "plan.agreements.availability"],
  ["Requirements", "Support that is agreed upon", "plan.agreements.support"],
  ["Requirements", "Capacity that is agreed upon", "plan.agreements.capacity"],
  ["Requirements", "Frequency of backups"],
  ["Requirements", "Tools for backup"],
  ["Requirements", "Tools for restoration"],
  ["Requirements", "Who uses the tools, on which computers", "plan.responsibilities"],
  ["Requirements", "Where jobs run"],
  ["Requirements", "Location of backups"],
  ["Requirements", "Security and access of the places", "plan.places"],
  ["Requirements", "Media", "plan.places"],
  ["Requirements", "Hardware for backup and restoration", "plan.places"],
  ["Requirements", "Software of the servers"],
  ["Requirements", "Further software for backup and restoration", "plan.places"],
  ["Requirements", "Network connectivity", "plan.places"],
  ["Requirements", "Spare hardware", "plan.spareHardware"],
  ["Requirements", "At hand for a restore", "plan.atHand"],
  ["Requirements", "Restoration scenarios"],
  ["Requirements", "Prerequisites of a backup"],
  ["Responsibilities", "Runs the backups", "plan.responsibilities"],
  ["Responsibilities", "Looks that they occur and can be read", "plan.responsibilities"],
  ["Responsibilities", "Decides whether and how to restore", "plan.responsibilities"],
  ["Responsibilities", "Carries the restore out", "plan.responsibilities"],
  ["Responsibilities", "Approves changes of the procedures", "plan.responsibilities"],
  ["Responsibilities", "Tests restores and new procedures", "plan.responsibilities"],
  ["Responsibilities", "Reviews this plan", "plan.responsibilities"],
  ["Responsibilities", "What other departments do", "plan.departments"],
  ["Validation", "Backups occur as required"],
  ["Validation", "Audits", "plan.validation.audits"],
  ["Validation", "Test restores", "plan.validation.restoreTests"],
  ["Validation", "Where the worksheets are kept", "plan.validation.worksheets"],
  ["Validation", "Drills of the staff", "plan.validation.staff"],
  ["Validation", "Review of this plan", "plan.reviewMonths"],
];

const LOSSES = [
  "A Front End pool is lost",
  "A Standard Edition server is lost",
  "The Central Management store is lost",
  "A Back End is lost, and the Central Management store lives",
  "A server of a pool is lost",
  "A file store is lost",
  "An Archiving, Monitoring or Persistent Chat database is lost",
];

describe("the backup and restoration plan", () => {
  it("is the same document every time, without a clock, and can be read again", () => {
    assert.deepEqual(planOf(lab), plans.lab);
    assert.deepEqual(BackupPlan.read(JSON.parse(JSON.stringify(plans.lab))), plans.lab);
    assert.equal(renderMarkdown(planOf(lab)), pages.lab);
    assert.equal(renderHtml(planOf(lab)), renderHtml(plans.lab));
  });

  for (const [heading, line, field] of QUESTIONS) {
    it(`answers: ${heading}, ${line}${field === undefined ? "" : `; without ${field} it says what to add`}`, () => {
      const [, answer = ""] = rowIn(pages.lab, heading, line);
      assert.ok(answer.length > 0);
      assert.doesNotMatch(answer, MISSING);
      const [, without = ""] = rowIn(pages.bare, heading, line);
      if (field === undefined) assert.doesNotMatch(without, MISSING);
      else assert.ok(MISSING.test(without) && without.includes(field), without);
    });
  }

  for (const loss of LOSSES) {
    it(`says for a loss who decides, who restores, by what criteria, how long, in which stages: ${loss}`, () => {
      for (const line of ["Decides", "Carries it out", "By what criteria", "How long it takes"]) {
        assert.doesNotMatch(rowIn(pages.lab, loss, line)[1] ?? "", MISSING);
        assert.match(rowIn(pages.bare, loss, line)[1] ?? "", MISSING);
      }
      const scenario = plans.lab.scenarios.find(({ title }) => title === loss);
      assert.ok(scenario);
      const names = scenario.stages.map(({ name }) => name);
      assert.deepEqual([names[0], names.at(-1)], ["decide", "look"]);
      assert.ok(names.length > 2);
    });
  }

  it("restores a Central Management store in the documented order", () => {
    const scenario = plans.lab.scenarios.find((one) => one.scenario === "central-management-store");
    assert.deepEqual(
      scenario?.stages.map(({ name }) => name),
      [
        ...["decide", "server", "certificates", "sql-server", "image", "file-store", "central-database", "pointer"],
        ...["import-configuration", "databases", "mirrors", "set-up", "user-data", "locations", "response-groups"],
        ...["sql-data", "persistent-chat", "look"],
      ],
    );
  });

  it("has the columns of Microsoft's worksheets, and a row for each thing that they ask for", () => {
    const sheet = (name: string) => plans.lab.worksheets.find((one) => one.name === name);
    assert.deepEqual(sheet("databases")?.columns, [
      ...["Database", "Server FQDN", "Schedule", "Tool", "Backup set and expiration", "Destination", "Notes"],
    ]);
    assert.deepEqual(sheet("file-stores")?.columns, [
      ...["Content", "Server FQDN", "Schedule", "Tool", "Share to back up", "Destination", "Notes"],
    ]);
    assert.deepEqual(sheet("settings")?.columns, [
      ...["Database", "Server FQDN", "Schedule", "Tool", "Configuration file name", "Location", "Notes"],
    ]);
    const cells = (name: string): string => JSON.stringify(sheet(name)?.rows);
    for (const database of ["xds", "lis", "rtcxds", "rgsconfig", "mgc"])
      assert.ok(cells("settings").includes(database));
    for (const file of [
      ...["Config.zip", "E911Config.zip", "ExportedUserData.pool01.contoso.com.zip"],
      ...["RgsConfiguration.pool02.contoso.com.zip", "PersistentChatData.chat01.contoso.com.zip"],
    ]) {
      assert.ok(cells("settings").includes(file), file);
    }
    for (const database of ["LcsLog", "LcsCDR", "QoEMetrics"]) assert.ok(cells("databases").includes(database));
    assert.ok(cells("file-stores").includes(String.raw`\\\\fs11.contoso.com\\lyncshare`));
    assert.match(pages.lab, /Meeting\.Active/);
  });

  it("names everything that a person rebuilds from: servers, instances, shares, accounts, certificates, ports", () => {
    const { topology } = lab;
    for (const { fqdn, servers, pairedWith } of topology.pools) {
      for (const name of [fqdn, ...servers.map((server) => server.fqdn), pairedWith ?? ""]) {
        assert.ok(pages.lab.includes(name), name);
      }
    }
    const sheet = (name: string): string => JSON.stringify(plans.lab.worksheets.find((one) => one.name === name)?.rows);
    for (const { instance, serviceAccount = "" } of topology.sql) {
      assert.ok(sheet("sql-servers").includes(JSON.stringify(instance).slice(1, -1)), instance);
      assert.ok(sheet("accounts").includes(JSON.stringify(serviceAccount).slice(1, -1)), serviceAccount);
    }
    for (const { name, host, path } of lab.targets) {
      for (const text of [name, host, path]) assert.ok(sheet("targets").includes(JSON.stringify(text).slice(1, -1)));
    }
    for (const { name } of lab.hosts) assert.ok(sheet("computers").includes(name), name);
    for (const { fqdn } of topology.pools) assert.ok(sheet("certificates").includes(fqdn), fqdn);
    for (const port of ["TCP 445", "UDP 1434", "TCP 5022"]) assert.ok(sheet("ports").includes(port), port);
    for (const { name, holder } of DATABASES) {
      if (holder !== "reports" && name !== "rtcab1") assert.ok(pages.lab.includes(name), name);
    }
  });

  it("judges every best practice, and names those that the lab does not keep", () => {
    const kept = (plan: BackupPlan, practice: string): string | undefined =>
      plan.practices.find((one) => one.practice.startsWith(practice))?.kept;
    assert.equal(kept(plans.lab, "A full backup at least every 24 hours"), "yes");
    assert.equal(kept(plans.lab, "Restores are tested periodically"), "yes");
    assert.equal(kept(plans.bare, "Restores are tested periodically"), "no");
    assert.equal(kept(plans.bare, "Worksheets are complete"), "no");
    assert.equal(kept(plans.lab, "Data and log files"), "by hand");
    const worse = planOf(
      defineEstate("worse", {
        ...bare,
        configuration: {},
        targets: bare.targets.map((target) => ({ ...target, location: "local", encryption: "none", readers: [] })),
        defaults: { ...bare.defaults, schedule: { every: "week", on: ["saturday"], at: ["12:00"] } },
      }),
    );
    for (const practice of [
      "A full backup at least every 24 hours",
      "Backups run in hours of low usage",
      "The configuration is exported right after every change",
      "Response Groups daily",
      "The backup location is remote",
      "Backups are encrypted",
      "Backups are available",
    ]) {
      assert.equal(kept(plans.lab, practice), "yes", practice);
      assert.equal(kept(worse, practice), "no", practice);
    }
  });

  const bucket = { profile: "aws", region: "eu-central-1", bucket: "contoso-lync-backup", prefix: "lab" } as const;
  const near = bare.targets.map((target) => ({ ...target, location: "local" as const }));
  const carried = (from: z.input<typeof Offsite>["from"]): BackupPlan =>
    planOf(
      defineEstate("carried", {
        ...{ ...bare, targets: near },
        offsite: [{ bucket, credentials: "lync-offsite", from, verify: {}, prune: { credentials: "lync-pruner" } }],
      }),
    );

  it("says which sets leave the site, who carries them where, how long they stay and what locks them", () => {
    const keep = { last: 7, daily: 90 };
    const lock = { mode: "compliance", days: 30 } as const;
    const page = renderMarkdown(carried([{ jobs: ["configuration"], keep, lock, legalHold: true }, { keep }]));
    const [copy, sets, by, starts, to, kept, locked, looked, removed] = rowIn(page, "Copies offsite", "offsite");
    assert.deepEqual(
      [copy, sets, to, locked],
      ["offsite", "configuration", "contoso-lync-backup/lab (aws, eu-central-1)", "compliance for 30 days, legal hold"],
    );
    assert.match(by ?? "", /^bk01\.contoso\.com, as lync-offsite$/);
    assert.match(starts ?? "", /^after every job/);
    assert.match(kept ?? "", /^the newest 7; one of each day for 90 days$/);
    assert.match(looked ?? "", /^sampled, Sunday at 06:00$/);
    assert.match(removed ?? "", /^Sunday at 12:00, as lync-pruner$/);
    assert.match(page, /\| offsite \| [^|]*users-pool01[^|]* \|.* \| no \|/);
    const [, , fromAndTo] = rowIn(page, "Network connectivity", "Sets offsite");
    assert.match(fromAndTo ?? "", /^bk01\.contoso\.com to contoso-lync-backup/);
    assert.match(pages.bare, /## Copies offsite\n\nNone\./);
  });

  it("takes a target in the same site for remote where all that it keeps is carried offsite", () => {
    const judged = (plan: BackupPlan) => plan.practices.find(({ practice }) => practice.includes("is remote"))?.kept;
    const keep = { last: 7 };
    assert.equal(judged(planOf(defineEstate("near", { ...bare, targets: near }))), "no");
    assert.equal(judged(carried([{ keep }])), "yes");
    assert.equal(judged(carried([{ jobs: ["configuration"], keep }])), "no");
  });

  it("shows a week: what starts when, what repeats, and what starts in the same minute on the same computer", () => {
    const { week, repeating, collisions } = plans.lab.calendar;
    assert.equal(week.length, 7);
    for (const { starts } of week) {
      assert.deepEqual(starts.find(({ at }) => at === "01:00")?.jobs, ["users-pool01", "users-pool02"]);
    }
    assert.deepEqual(
      repeating.map(({ job, everyMinutes }) => `${job} ${String(everyMinutes)}`),
      ["configuration-on-change 60", "sql-sql01-rtc-log 60", "sql-sql11-rtc-log 60"],
    );
    const users = collisions.find(({ jobs }) => jobs.join() === "configuration-on-change,users-pool01,users-pool02");
    assert.deepEqual(users?.at, ["01:00"]);
    assert.deepEqual(users?.hosts, ["fe01.contoso.com", "fe02.contoso.com", "fe11.contoso.com"]);
  });

  it("has every obligation and every job of any deployment in every format", () => {
    fc.assert(
      fc.property(anyTopology, (topology) => {
        const estate = everythingOf(topology);
        const plan = planOf(estate);
        const [page, html] = [renderMarkdown(plan), renderHtml(plan)];
        const { obligations } = dutiesOf(estate.topology);
        assert.deepEqual(
          plan.obligations.map(({ datum, scope }) => `${datum} ${scopeText(scope)}`),
          obligations.map(({ datum, scope }) => `${datum} ${scopeText(scope)}`),
        );
        for (const { datum, scope } of obligations) {
          const { title } = rowOf(datum);
          assert.match(page, new RegExp(`^\\| ${title} \\| ${escapedForPattern(scopeText(scope))} \\|`, "m"));
          assert.ok(html.includes(`<td>${scopeText(scope)}</td>`), scopeText(scope));
        }
        for (const { name } of jobsOf(estate)) {
          assert.ok(page.includes(`\n| ${name} |`), name);
          assert.ok(html.includes(`<th scope="row">${name}</th>`), name);
        }
      }),
      { numRuns: 15 },
    );
  });

  it("lets no text of the estate become a heading, a cell, a link or a tag", () => {
    const hostile = fc.oneof(
      fc.constantFrom(...HOSTILE.filter((text) => text.trim() !== "" && text.length < 1000)),
      fc.constantFrom("| a | b |", "\n# Heading\n", "[x](javascript:alert(1))", "<img src=x onerror=alert(1)>", "&lt;"),
      fc.string({ unit: "binary", minLength: 1, maxLength: 40 }).filter((text) => text.trim() !== ""),
    );
    const without = planOf(saying("x"));
    const calm = { page: skeletonOfMarkdown(renderMarkdown(without)), html: skeletonOf(without) };
    fc.assert(
      fc.property(hostile, (text) => {
        const plan = planOf(saying(text));
        assert.equal(skeletonOfMarkdown(renderMarkdown(plan)), calm.page);
        assert.equal(skeletonOf(plan), calm.html);
      }),
      { numRuns: 25 },
    );
  });

  it("shows what has no shape by its number", () => {
    assert.equal(visible("a\u202eb\u0000c\n d"), "aU+202EbU+0000c d");
  });

  it("is one HTML file that loads nothing, runs nothing, and that a screen reader finds its way in", () => {
    const html = renderHtml(plans.lab);
    assert.doesNotMatch(html, /<script|<link|<img|<iframe|src=|url\(|@import|https?:/i);
    assert.match(html, /^<!doctype html>\n<html lang="en">/);
    assert.equal(html.match(/<h1>/g)?.length, 1);
    const levels = [...html.matchAll(/<h([1-6])/g)].map(([, level]) => Number(level));
    for (const [index, level] of levels.entries())
      assert.ok(level <= (levels[index - 1] ?? 0) + 1, "no level is left out");
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    assert.equal(new Set(ids).size, ids.length);
    for (const [, id] of html.matchAll(/(?:href="#|aria-labelledby=")([^"]+)"/g)) assert.ok(ids.includes(id), id);
    const tables = html.match(/<table/g)?.length;
    assert.equal(html.match(/<caption/g)?.length, tables);
    assert.equal(html.match(/<thead>/g)?.length, tables);
    assert.doesNotMatch(html, /<th(?! scope=)[ >]/);
    for (const day of ["Monday", "Sunday"]) assert.match(html, new RegExp(`<th scope="col">${day}</th>`));
    assert.match(html, /@media print/);
    const open: string[] = [];
    for (const [, close, tag = ""] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)/g)) {
      if (tag === "meta") continue;
      if (close === "") open.push(tag);
      else assert.equal(open.pop(), tag);
    }
    assert.deepEqual(open, []);
  });

  it("speaks of the tools of the product, and of what the topology has", () => {
    const pageFor = (topology: Topology): string => renderMarkdown(planOf(everythingOf(topology)));
    const alone = pageFor(standardAlone);
    assert.match(alone, /Lync Server Management Shell/);
    assert.doesNotMatch(alone, /\*\*Mirrors\.|Backup Service of paired pools|Skype for Business/);
    const later = pageFor({ ...standardAlone, product: "sfb2019" });
    assert.match(later, /Skype for Business Server Management Shell/);
    assert.match(later, /the module SkypeForBusiness/);
    assert.doesNotMatch(later, /Lync Server Management Shell|Persistent Chat pool/);
    assert.match(pages.lab, /\*\*Mirrors\.\*\*/);
    assert.match(pages.lab, /\| Backup Service of paired pools \| TCP 445/);
  });

  it("puts a note where a person rebuilds what it is about", () => {
    const notes = [
      { of: "pool01.contoso.com", says: "has two network cards" },
      { of: String.raw`SQL03.contoso.com\archive`, says: "collation with case" },
    ];
    const plan = planOf(defineEstate("noted", { ...lab, plan: { notes } }));
    const rows = (name: string) => plan.worksheets.find((sheet) => sheet.name === name)?.rows ?? [];
    assert.equal(rows("pools")[0]?.at(-1), "has two network cards");
    assert.equal(
      rows("sql-servers")
        .find(([name]) => name?.includes("archive"))
        ?.at(-1),
      "collation with case",
    );
  });

  it("names no cmdlet and no parameter that a product with it does not know", () => {
    const texts = [...STAGES.map(({ how }) => how), ...Object.values(RESTORED_BY)].join("\n");
    const calls = [...texts.matchAll(/`([A-Z][a-z]+-Cs[A-Za-z]+)([^`]*)`/g)];
    assert.ok(calls.length > 15);
    for (const [, cmdlet = "", rest = ""] of calls) {
      const products = Product.options.filter((product) => syntaxOf(cmdlet, product));
      assert.ok(products.includes("lync2013"), `${cmdlet} is no cmdlet of Lync Server 2013`);
      for (const [, parameter = ""] of rest.matchAll(/ -([A-Z][A-Za-z]+)/g)) {
        for (const product of products) {
          assert.ok(syntaxOf(cmdlet, product)?.parameters.has(parameter), `${cmdlet} -${parameter} in ${product}`);
        }
      }
    }
  });
});

const escapedForPattern = (text: string): string =>
  text.replaceAll("\\", "\\\\").replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** An estate that says a text wherever anybody may say anything. */
function saying(text: string): Estate {
  const said = text.trim();
  return defineEstate("hostile", {
    ...everythingOf(standardAlone),
    plan: {
      responsibilities: [{ who: said, does: ["back-up"], tools: [said], reached: said }],
      places: [{ name: "cellar", where: said, media: said, hardware: [said], access: said }],
      atHand: [{ what: said, where: said }],
      choosing: said,
      departments: [{ who: said, does: said }],
      notes: [{ of: "vault", says: said }],
    },
    external: [{ name: "directory", data: ["active-directory"], tool: said, owner: said, rpoHours: 25, where: said }],
    waivers: [{ name: "later", data: ["dns"], reason: said, owner: said, until: "2030-01-01" }],
  });
}

/** Tags without the text between them; code is text of another face. */
function skeletonOf(plan: BackupPlan): string {
  return renderHtml(plan)
    .replaceAll(/<\/?code>/g, "")
    .replaceAll(/>[^<]*</g, "><");
}

/** For each line how it begins and how many cells it has. */
function skeletonOfMarkdown(page: string): string {
  return page
    .split("\n")
    .map(
      (line) =>
        `${/^(#+ |\| |\|-|\d+\. |)/.exec(line)?.[0] ?? ""}${String(line.replaceAll(/\\./g, "").split("|").length)}`,
    )
    .join("\n");
}
