import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { Manifest, MANIFEST, Retention, targetLayout, Verified } from "../../../estate/documents";
import { sqlJobs } from "../../../estate/jobs/sql";
import { advance } from "../../../lab/commands";
import { below } from "../../../lab/paths";
import { asAdministrator, editDatabase, failOverDatabase, foreignBackup } from "../../../lab/sql/edits";
import { findHeld } from "../../../lab/sql/log";
import { TARGET } from "../fixture";
import { ALONE, BK, declared, hostOf, PAIR, restored, runOn, SQL01, SQL02, sqlLab } from "./support";

/** The jobs of a mirrored pair, at random, with what colleagues do beside them; what retention keeps can be restored. */

const SERIES = "sql-rtc";
const DATABASE = "rtcshared";

type Event = "change" | "full" | "differential" | "log" | "fail over" | "foreign full" | "foreign log";
const events = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.constant<Event>("change") },
    { weight: 2, arbitrary: fc.constantFrom<Event>("full", "differential") },
    { weight: 5, arbitrary: fc.constant<Event>("log") },
    { weight: 1, arbitrary: fc.constantFrom<Event>("fail over", "foreign full", "foreign log") },
  ),
  { minLength: 5, maxLength: 14 },
);

/** What somebody else has backed up is missing, until a full backup closes the gap. */
const GAP = ["change", "foreign log", "log", "full", "change", "log"] as const;

class History {
  private principal = SQL01;
  private changes = 0;
  /** What the database held when a set was sealed. */
  readonly held = new Map<string, string>();
  readonly outcomes: string[] = [];
  private readonly jobs = sqlJobs(
    declared(
      { databases: { names: [DATABASE] }, differential: true, log: {} },
      { instance: SQL01, placement: PAIR, retention: Retention.parse({ last: 5 }) },
    ),
  );

  constructor(private readonly folder: string) {}

  async meet(event: Event): Promise<void> {
    const { folder, principal } = this;
    await advance(folder, 10);
    switch (event) {
      case "change":
        this.changes += 1;
        return editDatabase(folder, principal, DATABASE, (contents) => {
          return { ...(contents as object), [`change-${String(this.changes % 4)}`]: [this.changes] };
        });
      case "fail over":
        await failOverDatabase(folder, principal, DATABASE);
        this.principal = principal === SQL01 ? SQL02 : SQL01;
        return;
      case "foreign full":
      case "foreign log":
        await foreignBackup(folder, principal, DATABASE, event === "foreign full" ? "full" : "log");
        return;
      default: {
        const job = this.jobs[event];
        assert.ok(job);
        const contents = await this.contents(principal, DATABASE);
        const { outcome, set } = await runOn(folder, job, hostOf(principal));
        this.outcomes.push(`${event} ${outcome}`);
        if (set !== undefined) this.held.set(set, contents);
      }
    }
  }

  private contents(instance: string, name: string): Promise<string> {
    return asAdministrator(this.folder, instance, ({ world, server }) =>
      JSON.stringify(findHeld(world, server, name)?.contents),
    );
  }

  /** Sealed, good, and with the database in it. */
  async kept(): Promise<string[]> {
    return asAdministrator(this.folder, ALONE, ({ world }) => {
      const top = { host: BK, local: TARGET };
      return world.disk.names(below(top, targetLayout.sets(SERIES))).filter((set) => {
        const text = world.disk.text(below(top, targetLayout.set(SERIES, set), MANIFEST));
        const verified = world.disk.text(below(top, targetLayout.verified(SERIES, set)));
        const isGood = verified === undefined || Verified.parse(verified).failures.length === 0;
        const scopes = text === undefined ? [] : Manifest.parse(text).artefacts.map(({ scope }) => scope);
        return isGood && scopes.some((scope) => scope.of === "database");
      });
    });
  }
}

describe("The sets that retention keeps of SQL backups in the lab", () => {
  it("give back what the database held when each of them was made, whatever happened", async () => {
    const seen = { restored: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(events, async (list) => {
        const folder = await sqlLab();
        const history = new History(folder);
        for (const event of ["full", "change", "log", ...list, ...GAP] as const) await history.meet(event);
        seen.refused += history.outcomes.filter((one) => one.endsWith("failed")).length;
        const kept = await history.kept();
        assert.ok(kept.length > 0);
        for (const set of kept) {
          const found = await restored(folder, { series: SERIES, set, database: DATABASE, into: ALONE });
          assert.deepEqual(found, JSON.parse(history.held.get(set) ?? ""), set);
          seen.restored += 1;
        }
      }),
      { numRuns: 5 },
    );
    assert.ok(seen.restored > 15 && seen.refused > 0, `too little happened: ${JSON.stringify(seen)}`);
  });
});
