import assert from "node:assert/strict";
import fc from "fast-check";
import { before, describe, it } from "mocha";
import type { Manifest } from "../../../estate/documents";
import { linksOf, planRestore, restoreCalls, type Chain, type KeptSet, type Link } from "../../../estate/restore";
import { asAdministrator, makeDatabase, setRecovery } from "../../../lab/sql/edits";
import { SqlError } from "../../../lab/sql/error";
import { findHeld, noteChanges } from "../../../lab/sql/log";
import type { Held, Session } from "../../../lab/sql/model";
import { executeSql } from "../../../lab/sql/statements";
import { ALONE, hostOf, sqlLab } from "./support";

/**
 * A year of mishaps in a minute: changes, backups of every kind, ours and foreign, recovery models, restores. A plan
 * that is made gives back what the database held at that moment; where none is made, the server would have refused it.
 */

const NAME = "Ledger";
const TARGET = String.raw`C:\Backup`;
const BEGIN = Date.parse("2026-03-28T20:00:00Z");

const events = fc.array(
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({ what: fc.constant("change" as const), key: fc.constantFrom("a", "b", "c") }),
    },
    {
      weight: 10,
      arbitrary: fc.record({
        what: fc.constant("backup" as const),
        kind: fc.constantFrom("full", "differential", "log", "log", "log", "copy-only"),
        files: fc.constantFrom("", "", "-2-files"),
        isForeign: fc.integer({ min: 0, max: 9 }).map((number) => number === 0),
      }),
    },
    { weight: 1, arbitrary: fc.record({ what: fc.constant("recovery" as const), simple: fc.boolean() }) },
    { weight: 2, arbitrary: fc.record({ what: fc.constant("restore" as const), back: fc.nat(90) }) },
  ),
  { minLength: 10, maxLength: 50 },
);
type Event = typeof events extends fc.Arbitrary<(infer E)[]> ? E : never;

/** What was in the database from a moment on, until the next. */
interface Moment {
  time: number;
  contents: string;
}

class Ledger {
  readonly sets: KeptSet[] = [];
  readonly moments: Moment[] = [];
  private time = BEGIN;
  private count = 0;

  constructor(readonly session: Session) {
    const { world, service } = session;
    world.disk.makeFolder({ host: service.host, local: TARGET });
    world.disk.makeFolder({ host: service.host, local: `${TARGET}\\Data` });
    const access = [{ account: "Everyone", sid: "S-1-1-0", right: "full" as const }];
    world.computer(service.host).access[TARGET.toLowerCase()] = access;
  }

  get held(): Held {
    const held = findHeld(this.session.world, this.session.server, NAME);
    assert.ok(held);
    return held;
  }

  meet(event: Event): void {
    this.pass();
    const { held } = this;
    if (event.what === "change") {
      const contents = held.contents as Record<string, number[]>;
      contents[event.key] = [...(contents[event.key] ?? []), ++this.count].slice(-3);
      noteChanges(this.session.world, held);
    } else if (event.what === "backup") this.backUp(event);
    else if (event.what === "restore") this.goBack(event.back);
    else {
      held.log.recovery = event.simple ? "SIMPLE" : "FULL";
      if (event.simple) {
        delete held.log.next;
        held.log.changes = [];
      }
    }
    this.note();
  }

  /** Some minutes; the clocks of the servers are set forward in that night. */
  private pass(): void {
    this.time += 7 * 60_000;
    this.session.world.clock.now = new Date(this.time).toISOString();
  }

  private note(): void {
    this.moments.push({ time: this.time, contents: textOf(this.held.contents) });
  }

  private execute(statement: string, parameters: Record<string, string>): Record<string, string | null>[] {
    const { world, login } = this.session;
    const actor = { host: hostOf(ALONE), account: login, logon: "batch" as const };
    return executeSql(world, actor, { instance: ALONE, statement, parameters, identifiers: {} });
  }

  private backUp({ kind, files, isForeign }: Extract<Event, { what: "backup" }>): void {
    const set = runAt(this.time, ++this.count);
    const folder = `${TARGET}\\series\\ledger\\sets\\${set}`;
    this.session.world.disk.makeFolder({ host: this.session.service.host, local: folder });
    const striped = kind === "log" ? "" : files;
    const names = striped === "" ? ["Ledger.bak"] : ["Ledger.1.bak", "Ledger.2.bak"];
    const devices = names.map((name, index) => [
      striped === "" ? "file" : `file${String(index + 1)}`,
      `${folder}\\${name}`,
    ]);
    try {
      const [row] = this.execute(`backup-${kind}${striped}`, {
        ...{ database: NAME, datum: "database", stem: NAME, name: "test" },
        ...(Object.fromEntries(devices) as Record<string, string>),
      });
      if (!isForeign) this.sets.push({ manifest: manifestOf(set, kind, names, row ?? {}) });
    } catch (error) {
      // No log where recovery is simple, no differential before a full one.
      if (!(error instanceof SqlError) || ![3035, 4208, 4214].includes(error.number)) throw error;
    }
  }

  /** Somebody brings the database itself back, and work goes on from there. */
  private goBack(minutes: number): void {
    const { chain } = this.plan(new Date(this.time - minutes * 60_000).toISOString());
    if (!chain) return;
    this.restore(chain, NAME, true);
    if (this.held.log.recovery !== "SIMPLE" && this.held.log.next === undefined) throw new Error("no chain");
  }

  plan(to: string, sets: readonly KeptSet[] = this.sets): ReturnType<typeof planRestore> {
    return planRestore({ sets, instance: ALONE, database: NAME, to });
  }

  /** By the statements alone. */
  restore(chain: Chain, database = "Drill", replaces = false): string {
    const moves =
      database === NAME
        ? []
        : ["", "_log"].map((end) => ({ logical: `${NAME}${end}`, path: `${TARGET}\\Data\\${database}${end}` }));
    for (const { call } of restoreCalls(chain, { database, target: TARGET, moves, replaces })) {
      this.execute(call.statement, call.parameters as Record<string, string>);
    }
    return textOf(findHeld(this.session.world, this.session.server, database)?.contents);
  }

  /** Whatever the server takes: each full backup, each differential on top of it, and every log that follows. */
  bruteForce(time: number): string[] {
    const links = linksOf(this.sets, { instance: ALONE, database: NAME }).filter(
      (link) => link.kind === "log" || link.at <= time,
    );
    const of = (kinds: readonly string[]): Link[] => links.filter(({ kind }) => kinds.includes(kind));
    const found: string[] = [];
    for (const full of of(["full", "copy-only"])) {
      for (const start of [[full], ...of(["differential"]).map((one) => [full, one])]) {
        found.push(...this.rolledForward(start, of(["log"]), time));
        this.drop();
      }
    }
    return found;
  }

  private rolledForward(start: readonly Link[], logs: readonly Link[], time: number): string[] {
    if (!start.every((link) => this.tries(link, time))) return [];
    const taken = logs.filter((log) => this.tries(log, time));
    const reached = taken.some(({ at }) => at >= time) || start.at(-1)?.at === time;
    if (!reached) return [];
    this.execute("recover", { database: "Drill" });
    return [textOf(findHeld(this.session.world, this.session.server, "Drill")?.contents)];
  }

  private tries(link: Link, time: number): boolean {
    const stop = new Date(time + (link.utcOffsetMinutes ?? 0) * 60_000).toISOString().slice(0, 19);
    const moves = ["", "_log"].map((end) => ({ logical: `${NAME}${end}`, path: `${TARGET}\\Data\\Drill${end}` }));
    const chain: Chain = { links: [link], at: "", stop, notes: [] };
    const [restore] = restoreCalls(chain, { database: "Drill", target: TARGET, moves });
    try {
      if (restore) this.execute(restore.call.statement, restore.call.parameters as Record<string, string>);
      return true;
    } catch (error) {
      if (error instanceof SqlError) return false;
      throw error;
    }
  }

  drop(): void {
    const { world, login } = this.session;
    const actor = { host: hostOf(ALONE), account: login, logon: "batch" as const };
    const parameters = { database: "Drill", since: "2026-01-01T00:00:00Z" };
    executeSql(world, actor, {
      instance: ALONE,
      statement: "drop-restored",
      parameters,
      identifiers: { database: "Drill" },
    });
  }

  heldAt(time: number): string | undefined {
    return this.moments.findLast((moment) => moment.time <= time)?.contents;
  }

  /** Between all that happened, and at it. */
  get times(): number[] {
    return this.moments.flatMap(({ time }) => [time, time + 3 * 60_000]);
  }
}

const runAt = (time: number, number: number): string =>
  `${new Date(time).toISOString().replaceAll(/[-:]|\.\d+/g, "")}-${number.toString(16).padStart(8, "0")}`;

const NAMED: Readonly<Record<string, string>> = {
  base_set: "base-backup-set",
  first_fork: "first-recovery-fork",
  fork_point: "fork-point-lsn",
  utc_offset: "utc-offset-minutes",
};

/** As the seal step writes it, as far as a plan looks at it. */
function manifestOf(set: string, kind: string, files: string[], row: Record<string, string | null>): Manifest {
  const facts: [string, string | null][] = Object.entries(row).map(([key, value]) => [
    NAMED[key] ?? key.replaceAll("_", "-"),
    value,
  ]);
  const artefacts = files.map((path) => ({
    path,
    format: "bak",
    scope: { of: "database", instance: ALONE, database: NAME },
    facts: { type: kind, ...Object.fromEntries(facts) },
  }));
  return { set, series: "ledger", kind, needs: [], facts: {}, artefacts, startedAt: "" } as unknown as Manifest;
}

/** Keys in order: it is no matter how they came. */
const textOf = (value: unknown): string =>
  JSON.stringify(Object.entries(value ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)));

describe("A plan to restore a database", () => {
  let folder: string;
  before(async () => {
    folder = await sqlLab();
    await makeDatabase(folder, ALONE, NAME, {});
    await setRecovery(folder, ALONE, NAME, "FULL");
  });

  /** On a world that is thrown away afterwards. */
  const onLedger = async (work: (ledger: Ledger) => void): Promise<void> => {
    const done = new Error("thrown away");
    const trying = asAdministrator(folder, ALONE, (session) => {
      work(new Ledger(session));
      throw done;
    });
    await trying.catch((error: unknown) => {
      if (error !== done) throw error;
    });
  };

  it("gives back what the database held at whatever moment, or is refused with the break", async () => {
    const seen: Record<string, number> = { restored: 0 };
    await fc.assert(
      fc.asyncProperty(events, fc.array(fc.nat(), { maxLength: 12 }), async (list, picks) => {
        await onLedger((ledger) => {
          for (const event of list) ledger.meet(event);
          const { times } = ledger;
          for (const pick of picks) {
            const time = times[pick % times.length] ?? BEGIN;
            const { chain, refused } = ledger.plan(new Date(time).toISOString());
            if (chain) {
              assert.equal(ledger.restore(chain), ledger.heldAt(time), new Date(time).toISOString());
              ledger.drop();
            }
            const key = refused?.code ?? "restored";
            seen[key] = (seen[key] ?? 0) + 1;
          }
        });
      }),
      { numRuns: 200 },
    );
    // That each has occurred at all: counts are a matter of chance.
    for (const code of ["restored", "too-early", "too-late", "log-gap", "recovery-model"]) {
      assert.ok((seen[code] ?? 0) > 0, `${code}: ${JSON.stringify(seen)}`);
    }
  });

  it("is refused only where the server could not have brought that back either", async () => {
    let refusals = 0;
    await fc.assert(
      fc.asyncProperty(events, fc.array(fc.nat(), { maxLength: 4 }), async (list, picks) => {
        await onLedger((ledger) => {
          for (const event of list) ledger.meet(event);
          for (const pick of picks) {
            const time = ledger.times[pick % ledger.times.length] ?? BEGIN;
            const { refused } = ledger.plan(new Date(time).toISOString());
            if (!refused) continue;
            // Whether the moment is within such a log nobody can tell beforehand.
            const found = refused.code === "recovery-path" ? [] : ledger.bruteForce(time);
            assert.ok(!found.includes(ledger.heldAt(time) ?? ""), `${refused.code}: ${refused.message}`);
            refusals++;
          }
        });
      }),
      { numRuns: 60 },
    );
    assert.ok(refusals > 0);
  });

  it("needs every backup in it: without one of them it is refused by name, or takes another way to the same end", async () => {
    const seen = { refused: 0, around: 0 };
    await fc.assert(
      fc.asyncProperty(events, fc.nat(), fc.nat(), async (list, pick, left) => {
        await onLedger((ledger) => {
          for (const event of list) ledger.meet(event);
          const { times } = ledger;
          const time = times[pick % times.length] ?? BEGIN;
          const to = new Date(time).toISOString();
          const { chain } = ledger.plan(to);
          if (!chain) return;
          const link = chain.links[left % chain.links.length] ?? chain.links[0];
          const [path = ""] = link.files;
          const problems = [{ path, what: "missing" as const, message: "it is not there" }];
          const without = ledger.plan(
            to,
            ledger.sets.map((kept) => (kept.manifest.set === link.set ? { ...kept, problems } : kept)),
          );
          if (without.refused) {
            assert.deepEqual([without.refused.code, without.refused.set], ["missing-file", link.set]);
            assert.equal(without.refused.path, path);
            seen.refused++;
            return;
          }
          assert.ok(without.chain.links.every(({ set }) => set !== link.set));
          assert.ok(without.chain.links.length >= chain.links.length, "the first plan was not the shortest");
          assert.equal(ledger.restore(without.chain), ledger.heldAt(time));
          seen.around++;
        });
      }),
      { numRuns: 400 },
    );
    assert.ok(seen.refused > 0 && seen.around > 0, JSON.stringify(seen));
  });

  it("is the same without what it does not need", async () => {
    await fc.assert(
      fc.asyncProperty(events, fc.nat(), async (list, pick) => {
        await onLedger((ledger) => {
          for (const event of list) ledger.meet(event);
          const to = new Date(ledger.times[pick % ledger.times.length] ?? BEGIN).toISOString();
          const { chain } = ledger.plan(to);
          if (!chain) return;
          const needed = new Set(chain.links.map(({ set }) => set));
          const again = ledger.plan(to, ledger.sets.filter(({ manifest }) => needed.has(manifest.set)).toReversed());
          assert.deepEqual(again.chain, chain);
        });
      }),
      { numRuns: 50 },
    );
  });

  it("goes to the end of the newest backup, and says what broke where it cannot", async () => {
    const seen = { restored: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(events, async (list) => {
        await onLedger((ledger) => {
          for (const event of list) ledger.meet(event);
          const newest = ledger.sets.at(-1)?.manifest.artefacts[0]?.facts["finished-at"];
          const { chain, refused } = ledger.plan("newest");
          if (chain) {
            assert.equal(ledger.restore(chain), ledger.heldAt(Date.parse(JSON.stringify(newest).slice(1, -1))));
            seen.restored++;
          } else {
            seen.refused++;
            if (refused.instead !== undefined) assert.ok(ledger.plan(refused.instead).chain, "instead");
          }
        });
      }),
      { numRuns: 100 },
    );
    assert.ok(seen.restored > 0 && seen.refused > 0, JSON.stringify(seen));
  });
});
