import assert from "node:assert/strict";
import fc from "fast-check";
import { before, describe, it } from "mocha";
import { asAdministrator, makeDatabase, setRecovery } from "../../../lab/sql/edits";
import { backUp } from "../../../lab/sql/backup";
import { findHeld, noteChanges } from "../../../lab/sql/log";
import type { BackupHeader, Held, Session } from "../../../lab/sql/model";
import { restoreDatabase, restoreLog } from "../../../lab/sql/restore";
import { SqlError } from "../../../lab/sql/error";
import { ALONE, sqlLab } from "./support";

/** Databases and their backups on one server, without any job: whatever happens, a chain gives back what there was. */

const NAME = "Ledger";
const FOLDER = String.raw`C:\Backup`;

type Kind = BackupHeader["kind"];
type Event =
  | { what: "change"; key: string; value: number }
  | { what: "backup"; kind: Kind; kept: boolean }
  | { what: "recovery"; simple: boolean }
  | { what: "restore"; index: number };

const events: fc.Arbitrary<Event[]> = fc.array(
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        what: fc.constant("change" as const),
        key: fc.constantFrom("a", "b", "c"),
        value: fc.integer({ min: 0, max: 9 }),
      }),
    },
    {
      weight: 10,
      arbitrary: fc.record({
        what: fc.constant("backup" as const),
        kind: fc.constantFrom<Kind>("full", "differential", "log", "log", "log", "copy-only"),
        // What somebody else has made is not there when we restore.
        kept: fc.integer({ min: 0, max: 9 }).map((number) => number > 1),
      }),
    },
    { weight: 1, arbitrary: fc.record({ what: fc.constant("recovery" as const), simple: fc.boolean() }) },
    { weight: 1, arbitrary: fc.record({ what: fc.constant("restore" as const), index: fc.nat(20) }) },
  ),
  { minLength: 10, maxLength: 60 },
);

interface Made {
  header: BackupHeader;
  device: string;
  contents: string;
}

class Ledger {
  readonly made: Made[] = [];
  private backups = 0;

  constructor(private readonly session: Session) {
    const { world, service } = session;
    world.disk.makeFolder({ host: service.host, local: FOLDER });
    world.computer(service.host).access[FOLDER.toLowerCase()] = [
      { account: "Everyone", sid: "S-1-1-0", right: "full" },
    ];
  }

  get held(): Held {
    const held = findHeld(this.session.world, this.session.server, NAME);
    assert.ok(held);
    return held;
  }

  meet(event: Event): void {
    const { held } = this;
    switch (event.what) {
      case "change": {
        const contents = held.contents as Record<string, number[]>;
        // Lists grow and shrink, keys come and go.
        if (event.value === 0) Reflect.deleteProperty(contents, event.key);
        else contents[event.key] = [...(contents[event.key] ?? []), event.value].slice(-(event.value % 4) - 1);
        noteChanges(this.session.world, held);
        return;
      }
      case "backup":
        return this.backUp(event.kind, event.kept);
      case "recovery":
        held.log.recovery = event.simple ? "SIMPLE" : "FULL";
        if (!event.simple) return;
        delete held.log.next;
        held.log.changes = [];
        return;
      case "restore": {
        const found = this.made[event.index % Math.max(1, this.made.length)];
        if (found) this.restore(found, NAME);
      }
    }
  }

  private backUp(kind: Kind, kept: boolean): void {
    const device = `${FOLDER}\\${String(this.backups++)}.bak`;
    try {
      const call = { kind, database: NAME, name: "", devices: [device], compressed: kind === "log", encrypted: false };
      const header = backUp(this.session, call);
      if (kept) this.made.push({ header, device, contents: JSON.stringify(this.held.contents) });
    } catch (error) {
      // No log where recovery is simple, no differential before a full one.
      if (!(error instanceof SqlError) || ![3035, 4208, 4214].includes(error.number)) throw error;
    }
  }

  /** By the numbers alone, as an administrator would; undefined: a part of the chain is nowhere. */
  chainOf({ header }: Made): Made[] | undefined {
    const own = this.made.find((one) => one.header === header);
    if (!own) return undefined;
    if (header.kind === "full" || header.kind === "copy-only") return [own];
    if (header.kind === "differential") {
      const base = this.made.find((one) => one.header.set === header.base?.set);
      return base && [base, own];
    }
    const before = this.made.slice(0, this.made.indexOf(own)).toReversed();
    for (const one of before) {
      const { kind, fork, last } = one.header;
      const isBefore = fork === header.firstFork && last <= (header.forkedAt ?? last);
      if (!(isBefore || fork === header.fork) || last < header.first || last > header.last) continue;
      if (kind === "log" && last !== header.first) continue;
      const chain = this.chainOf(one);
      if (chain) return [...chain, own];
    }
    return undefined;
  }

  restore(made: Made, database: string): boolean {
    const chain = this.chainOf(made);
    if (!chain) return false;
    for (const [index, { header, device }] of chain.entries()) {
      const call = { database, devices: [device], recovery: index === chain.length - 1, replace: true };
      (header.kind === "log" ? restoreLog : restoreDatabase)(this.session, call);
    }
    return true;
  }
}

describe("A chain of backups", () => {
  let folder: string;
  before(async () => {
    folder = await sqlLab();
    await makeDatabase(folder, ALONE, NAME, {});
    await setRecovery(folder, ALONE, NAME, "FULL");
  });

  /** On a world that is thrown away afterwards. */
  const onLedger = async (work: (ledger: Ledger, session: Session) => void): Promise<void> => {
    const done = new Error("thrown away");
    const trying = asAdministrator(folder, ALONE, (session) => {
      work(new Ledger(session), session);
      throw done;
    });
    await trying.catch((error: unknown) => {
      if (error !== done) throw error;
    });
  };

  it("gives back exactly what the database held, at each backup that has its chain", async () => {
    const seen = { full: 0, "copy-only": 0, differential: 0, log: 0, broken: 0 };
    await fc.assert(
      fc.asyncProperty(events, async (list) => {
        await onLedger((ledger, session) => {
          for (const event of list) ledger.meet(event);
          for (const made of ledger.made) {
            if (!ledger.restore(made, "Drill")) {
              seen.broken++;
              continue;
            }
            seen[made.header.kind]++;
            const held = findHeld(session.world, session.server, "Drill");
            assert.equal(JSON.stringify(sorted(held?.contents)), JSON.stringify(sorted(JSON.parse(made.contents))));
          }
        });
      }),
      { numRuns: 150 },
    );
    assert.ok(
      Object.values(seen).every((count) => count > 20),
      `too little happened: ${JSON.stringify(seen)}`,
    );
  });

  it("is refused by the server where a link is left out, and never gives something else", async () => {
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(events, fc.nat(10), async (list, left) => {
        await onLedger((ledger, session) => {
          for (const event of list) ledger.meet(event);
          for (const made of ledger.made) {
            const chain = ledger.chainOf(made);
            if (!chain || chain.length < 2) continue;
            const without = chain.filter((_, index) => index !== left % (chain.length - 1));
            try {
              for (const [index, { header, device }] of without.entries()) {
                const call = {
                  database: "Drill",
                  devices: [device],
                  recovery: index === without.length - 1,
                  replace: true,
                };
                (header.kind === "log" ? restoreLog : restoreDatabase)(session, call);
              }
            } catch (error) {
              assert.ok(error instanceof SqlError);
              assert.ok([911, 3117, 3136, 3154, 4305, 4326, 4330].includes(error.number), error.message);
              refused++;
              continue;
            }
            // A differential takes the place of logs, and a log that reaches back that of the differential.
            const held = findHeld(session.world, session.server, "Drill");
            assert.equal(JSON.stringify(sorted(held?.contents)), JSON.stringify(sorted(JSON.parse(made.contents))));
          }
        });
      }),
      { numRuns: 100 },
    );
    assert.ok(refused > 50, `too little happened: ${String(refused)}`);
  });

  it("goes to a moment between two backups, and not past it", async () => {
    await onLedger((ledger, { world, server, ...rest }) => {
      const session = { world, server, ...rest };
      const at = (time: string): void => {
        world.clock.now = `2026-03-02T${time}:00.000Z`;
      };
      ledger.meet({ what: "change", key: "a", value: 1 });
      ledger.meet({ what: "backup", kind: "full", kept: true });
      for (const [time, value] of [
        ["10:00", 5],
        ["11:00", 6],
      ] as const) {
        at(time);
        ledger.meet({ what: "change", key: "b", value });
      }
      at("12:00");
      ledger.meet({ what: "backup", kind: "log", kept: true });
      const [full, log] = ledger.made;
      assert.ok(full && log);
      const restoredTo = (stopAt: string): unknown => {
        restoreDatabase(session, { database: "Drill", devices: [full.device], recovery: false, replace: true });
        restoreLog(session, { database: "Drill", devices: [log.device], recovery: true, stopAt });
        return findHeld(world, server, "Drill")?.contents;
      };
      assert.deepEqual(restoredTo("2026-03-02T10:30:00.000Z"), { a: [1], b: [5] });
      assert.deepEqual(restoredTo("2026-03-02T11:00:00.000Z"), { a: [1], b: [5, 6] });
      assert.equal(restoredTo("2026-03-02T13:00:00.000Z"), null);
      assert.ok(findHeld(world, server, "Drill")?.log.restoring, "it waits for the next log");
    });
  });

  it("is found damaged, cut short, foreign or missing at whatever byte", async () => {
    await onLedger((ledger, session) => {
      ledger.meet({ what: "change", key: "a", value: 7 });
      ledger.meet({ what: "backup", kind: "full", kept: true });
      const [full] = ledger.made;
      assert.ok(full);
      const place = { host: session.service.host, local: full.device };
      const whole = session.world.disk.body(place)?.read() ?? Buffer.alloc(0);
      const restored = (file: Buffer): boolean => {
        session.world.disk.write(place, file);
        try {
          restoreDatabase(session, { database: "Drill", devices: [full.device], recovery: true, replace: true });
          return true;
        } catch (error) {
          assert.ok(error instanceof SqlError && [3189, 3203, 3241, 3254].includes(error.number), String(error));
          return false;
        }
      };
      assert.ok(restored(whole));
      for (let at = 0; at < whole.length; at++) {
        const bad = Buffer.from(whole);
        bad[at] = (bad[at] ?? 0) ^ (1 << (at % 8));
        assert.ok(!restored(bad), `changed at ${String(at)}`);
        assert.ok(!restored(whole.subarray(0, at)), `cut at ${String(at)}`);
      }
      assert.ok(!restored(Buffer.concat([whole, Buffer.from("x")])), "longer than it was");
    });
  });
});

/** Keys in order: it is no matter how they came. */
function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
