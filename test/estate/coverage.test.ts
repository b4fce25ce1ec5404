import assert from "node:assert/strict";
import fc from "fast-check";
import { parse as parseYaml } from "yaml";
import { z } from "zod";
import { rowOf } from "../../estate/catalogue";
import { coverageOf, lineToAdd, type CoverageRow } from "../../estate/coverage";
import {
  ExternalProtection,
  ProtectingJob,
  Waiver,
  type Cover,
  type Protection,
  type Topology,
} from "../../estate/documents";
import { ENTRIES, ESTATE } from "../../estate/estate/schema";
import { dutiesOf, type Obligation } from "../../estate/obligations";
import * as known from "./topologies";

const NOW = "2026-03-01T12:00:00.000Z";

const job = (name: string, covers: Cover[], more: Partial<ProtectingJob> = {}): ProtectingJob =>
  ProtectingJob.parse({
    by: "job",
    name,
    series: name,
    covers,
    setKind: "full",
    enabled: true,
    schedule: { every: "day", at: ["02:00"] },
    zone: "UTC",
    startWhenMissed: true,
    minutes: 10,
    target: { name: "vault", host: "bk01.contoso.com", location: "remote" },
    retention: {},
    ...more,
  });
const external = (name: string, more: Partial<ExternalProtection> = {}): ExternalProtection =>
  ExternalProtection.parse({
    by: "external",
    name,
    data: ["active-directory"],
    tool: "Windows Server Backup",
    owner: "directory team",
    rpoHours: 24,
    lastSuccess: "2026-03-01T02:00:00.000Z",
    lastRestoreTest: "2025-11-01",
    ...more,
  });
const waiver = (name: string, more: Partial<Waiver> = {}): Waiver =>
  Waiver.parse({
    by: "waiver",
    name,
    data: ["dhcp"],
    reason: "there are no phones",
    owner: "head of operations",
    until: "2026-06-30",
    ...more,
  });

/** What an estate may say, as far as a line to add fills it. */
const SHAPES: Readonly<Record<string, z.ZodType>> = {
  configuration: ENTRIES.configuration,
  userData: ENTRIES.userData.partial(),
  responseGroups: ENTRIES.responseGroups.partial(),
  persistentChat: ENTRIES.persistentChat.partial(),
  fileStores: ENTRIES.fileStores.partial(),
  sql: ENTRIES.sql.partial(),
  external: ESTATE.external.unwrap().element.partial().extend({ lastSuccess: z.string(), lastRestoreTest: z.string() }),
};
const declared = (line: string): [string, unknown] => {
  const [entry] = Object.entries(parseYaml(`{ ${line} }`) as Record<string, unknown>);
  assert.ok(entry, line);
  return entry;
};

const obligationsOf = (topology: Topology): Obligation[] => dutiesOf(topology).obligations;
const gapsOf = (rows: readonly CoverageRow[]): string[] =>
  rows.filter(({ state }) => state === "gap").map(({ obligation }) => obligation.key);
const only = (datum: string, ...protections: Protection[]): CoverageRow => {
  const rows = coverageOf(obligationsOf(known.enterpriseMirrored), protections, NOW).rows;
  const row = rows.find(({ obligation }) => obligation.datum === datum);
  assert.ok(row, `there is no obligation for ${datum}`);
  return row;
};

/**
 * A protection of its own for each obligation: the job kind that the datum needs, or an external tool. A log comes with
 * the full backup that it begins with.
 */
function oneEach(obligations: readonly Obligation[]): { protection: Protection; serves: string }[] {
  return obligations.flatMap(({ datum, scope, key }, index) => {
    const name = `p${String(index)}`;
    const { protectedBy, arises } = rowOf(datum);
    const serves = (protection: Protection): { protection: Protection; serves: string } => ({
      protection,
      serves: key,
    });
    if (protectedBy[0] === "external") return [serves(external(name, { data: [datum], scopes: [scope] }))];
    if (arises.per !== "log") return [serves(job(name, [{ datum, scope }]))];
    return [
      serves(job(name, [{ datum, scope }], { setKind: "log" })),
      serves(job(`${name}-full`, [{ datum: "database", scope }], { series: name })),
    ];
  });
}

describe("coverage", () => {
  it("without any protection is a gap for every obligation, each with the line to add", () => {
    const obligations = obligationsOf(known.pairedWithCentralManagement);
    const { rows } = coverageOf(obligations, [], NOW);
    assert.deepEqual(
      gapsOf(rows),
      obligations.map(({ key }) => key),
    );
    for (const { add, says } of rows) {
      assert.deepEqual(says, ["nothing protects it"]);
      assert.ok(add !== undefined && add.length > 10);
    }
  });

  it("names the line to add in the words of an estate", () => {
    const lines = new Map(obligationsOf(known.enterpriseMirrored).map((one) => [one.key, lineToAdd(one)]));
    const instance = String.raw`sql1.contoso.com\rtc`;
    assert.equal(lines.get("user-data pool pool1.contoso.com"), 'userData: [{ pool: "pool1.contoso.com", … }]');
    assert.equal(
      lines.get(String.raw`file-store store \\fs1.contoso.com\lync`),
      String.raw`fileStores: [{ store: "\\\\fs1.contoso.com\\lync", … }]`,
    );
    assert.equal(
      lines.get(`transient-log database ${instance} rtcab`),
      String.raw`sql: [{ instance: "sql1.contoso.com\\rtc", databases: { names: ["rtcab"] }, log: {}, … }]`,
    );
    assert.match(lines.get("active-directory deployment") ?? "", /^external: \[\{ data: \["active-directory"\]/);
  });

  it("names it as an estate takes it", () => {
    for (const topology of [known.pairedWithCentralManagement, known.withPersistentChat, known.collocatedArchiving]) {
      for (const obligation of obligationsOf(topology)) {
        const line = lineToAdd(obligation);
        // What an operator must fill in is left out.
        const [field, value] = declared(line.replaceAll(/(, )?(?<!")…(?!")/g, ""));
        const shape = SHAPES[field];
        assert.ok(shape, `${field} is declared by nothing`);
        for (const one of Array.isArray(value) ? value : [value]) assert.ok(shape.safeParse(one).success, line);
      }
    }
  });

  it("is complete where every obligation has its protection", () => {
    fc.assert(
      fc.property(known.anyTopology, (topology) => {
        const obligations = obligationsOf(topology);
        const protections = oneEach(obligations).map(({ protection }) => protection);
        const { rows, idle } = coverageOf(obligations, protections, NOW);
        assert.deepEqual(gapsOf(rows), []);
        assert.deepEqual(idle, []);
        assert.ok(rows.every(({ state }) => state === "covered"));
      }),
    );
  });

  it("without any single protection of a covered estate has exactly the gaps of that one", () => {
    fc.assert(
      fc.property(known.anyTopology, fc.nat(), (topology, pick) => {
        const obligations = obligationsOf(topology);
        const each = oneEach(obligations);
        const without = pick % each.length;
        const left = each.toSpliced(without, 1).map(({ protection }) => protection);
        assert.deepEqual(gapsOf(coverageOf(obligations, left, NOW).rows), [each[without]?.serves]);
      }),
    );
  });

  it("where one protection serves many has the gaps of those that nothing else serves", () => {
    fc.assert(
      fc.property(
        known.anyTopology,
        fc.array(fc.nat({ max: 5 }), { minLength: 1 }),
        fc.nat({ max: 5 }),
        (topology, deal, gone) => {
          const obligations = obligationsOf(topology);
          // Each obligation falls to one of six owners, and some to a second one.
          const owners = obligations.map((_, index) => deal[index % deal.length] ?? 0);
          const held = (owner: number): Obligation[] =>
            obligations.filter((_, index) => owners[index] === owner || index % 7 === owner);
          const protections = [0, 1, 2, 3, 4, 5].flatMap((owner) =>
            held(owner).map(({ datum, scope }) =>
              external(`owner${String(owner)}`, { data: [datum], scopes: [scope] }),
            ),
          );
          const left = protections.filter(({ name }) => name !== `owner${String(gone)}`);
          const expected = obligations
            .filter((_, index) => owners[index] === gone && !(index % 7 < 6 && index % 7 !== gone))
            .map(({ key }) => key);
          assert.deepEqual(gapsOf(coverageOf(obligations, left, NOW).rows), expected);
        },
      ),
    );
  });

  it("is not given by a job that is disabled or only runs when asked to", () => {
    const covers: Cover[] = [{ datum: "configuration", scope: { of: "deployment" } }];
    const disabled = only("configuration", job("export", covers, { enabled: false, disabledReason: "migration" }));
    assert.equal(disabled.state, "gap");
    assert.deepEqual(disabled.says, ["export does not count: it is disabled (migration)"]);
    const asked = only("configuration", job("export", covers, { schedule: { every: "command" } }));
    assert.deepEqual(asked.says, ["export does not count: it runs only when it is asked to"]);
  });

  it("of a log is given by log backups only, and of a database never by them alone", () => {
    const instance = String.raw`sql1.contoso.com\rtc`;
    const log: Cover[] = ["rtcab", "rgsdyn", "cpsdyn"].map((database) => ({
      datum: "transient-log",
      scope: { of: "database", instance, database },
    }));
    assert.match(only("transient-log", job("nightly", log)).says.join(), /a full backup leaves the log as it is/);
    const logs = job("logs", log, { setKind: "log", series: "sql" });
    assert.match(only("transient-log", logs).says.join(), /in the series sql, so that the log has no beginning/);
    const full = job(
      "fulls",
      log.map(({ scope }) => ({ datum: "database", scope })),
      { series: "sql" },
    );
    assert.equal(only("transient-log", logs, full).state, "covered");
    assert.equal(only("transient-log", logs, { ...full, enabled: false }).state, "gap");
    assert.equal(only("transient-log", logs, { ...full, series: "other" }).state, "gap");

    const data: Cover[] = [{ datum: "archiving", scope: { of: "database", instance, database: "LcsLog" } }];
    const rows = (setKind: ProtectingJob["setKind"]): CoverageRow | undefined =>
      coverageOf(obligationsOf(known.collocatedArchiving), [job("sql", data, { setKind })], NOW).rows.find(
        ({ obligation }) => obligation.datum === "archiving",
      );
    assert.equal(rows("full")?.state, "covered");
    assert.equal(rows("copy-only")?.state, "covered");
    for (const kind of ["log", "differential"] as const) {
      assert.match(rows(kind)?.says.join() ?? "", /restores nothing without a full one/);
    }
  });

  it("by an external tool goes stale with its evidence", () => {
    assert.equal(only("active-directory", external("ad")).state, "covered");
    const says = (more: Partial<ExternalProtection>): string => {
      const row = only("active-directory", external("ad", more));
      assert.equal(row.state, "stale");
      return row.says.join();
    };
    assert.match(says({ lastSuccess: "2026-02-28T11:59:59.999Z" }), /older than the 24 h that it promises/);
    assert.match(says({ lastSuccess: undefined }), /no success of it is recorded/);
    assert.match(says({ lastRestoreTest: "2025-02-28" }), /restore test, 2025-02-28, is older than 365 days/);
    assert.match(says({ lastRestoreTest: undefined }), /no restore test of it is recorded/);
  });

  it("by a tool for certificates ends on the day on which one of them expires", () => {
    const at = (expires: string): string =>
      only("certificates", external("pki", { data: ["certificates"], expires })).state;
    assert.equal(at("2026-03-02"), "covered");
    assert.equal(at("2026-03-01"), "stale");
  });

  it("takes evidence by the day from its first moment, and none from the future", () => {
    const at = (now: string): string | undefined =>
      coverageOf(
        obligationsOf(known.standardAlone),
        [external("ad", { lastSuccess: "2026-03-01", rpoHours: 24 })],
        now,
      ).rows.find(({ obligation }) => obligation.datum === "active-directory")?.state;
    assert.equal(at("2026-03-02T00:00:00.000Z"), "covered");
    assert.equal(at("2026-03-02T00:00:00.001Z"), "stale");
    assert.equal(at("2026-02-28T23:59:59.999Z"), "stale");
  });

  it("by a waiver ends after its last day", () => {
    const at = (now: string): CoverageRow | undefined =>
      coverageOf(obligationsOf(known.standardAlone), [waiver("no-dhcp")], now).rows.find(
        ({ obligation }) => obligation.datum === "dhcp",
      );
    assert.equal(at("2026-06-30T23:59:59.999Z")?.state, "waived");
    assert.equal(at("2026-07-01T00:00:00.000Z")?.state, "gap");
    assert.match(at("2026-07-01T00:00:00.000Z")?.says.join() ?? "", /waived it until 2026-06-30, and that is over/);
  });

  it("rests on the strongest: a job before an external tool, fresh evidence before old, anything before a waiver", () => {
    const covers: Cover[] = [{ datum: "configuration", scope: { of: "deployment" } }];
    const all: Protection[] = [
      waiver("w", { data: ["configuration"] }),
      external("old", { data: ["configuration"], lastSuccess: undefined }),
      external("fresh", { data: ["configuration"] }),
      job("export", covers),
    ];
    assert.deepEqual(only("configuration", ...all).by, ["export", "fresh"]);
    assert.deepEqual(only("configuration", ...all.slice(0, 2)).by, ["old"]);
    assert.deepEqual(only("configuration", ...all.slice(0, 1)).by, ["w"]);
  });

  it("names protections that discharge nothing", () => {
    const misspelt = job("pool9", [{ datum: "user-data", scope: { of: "pool", pool: "pool9.contoso.com" } }]);
    const { idle } = coverageOf(obligationsOf(known.standardAlone), [misspelt, waiver("no-dhcp")], NOW);
    assert.deepEqual(idle, ["pool9"]);
  });

  it("never gets worse by one more protection", () => {
    const rank = { covered: 3, stale: 2, waived: 1, gap: 0 } as const;
    const anyProtection = (obligations: readonly Obligation[]): fc.Arbitrary<Protection> =>
      fc.nat({ max: obligations.length - 1 }).chain((index) => {
        const obligation = obligations[index];
        assert.ok(obligation);
        const { datum, scope } = obligation;
        return fc.constantFrom<Protection>(
          job("j", [{ datum, scope }], { enabled: false }),
          job("j", [{ datum, scope }], { setKind: "log" }),
          job("j", [{ datum, scope }]),
          external("e", { data: [datum] }),
          external("e", { data: [datum], lastSuccess: undefined }),
          waiver("w", { data: [datum] }),
          waiver("w", { data: [datum], until: "2026-01-01" }),
        );
      });
    const anyEstate = known.anyTopology.chain((topology) => {
      const obligations = obligationsOf(topology);
      const one = anyProtection(obligations);
      return fc.record({ obligations: fc.constant(obligations), some: fc.array(one), more: one });
    });
    fc.assert(
      fc.property(anyEstate, ({ obligations, some, more }) => {
        const before = coverageOf(obligations, some, NOW).rows;
        const after = coverageOf(obligations, [...some, more], NOW).rows;
        for (const [index, { state }] of before.entries()) {
          assert.ok(rank[after[index]?.state ?? "gap"] >= rank[state]);
        }
      }),
    );
  });
});
