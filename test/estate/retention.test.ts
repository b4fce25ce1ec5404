import assert from "node:assert/strict";
import { runId, type Retention } from "../../estate/documents";
import { decideRetention, type RetainableSet } from "../../estate/retention";
import { DAY, keptOf, NOW, rulesOf, setOf } from "./retention-support";

const reasonsOf = (sets: readonly RetainableSet[], rules = rulesOf({})): Record<string, string[]> =>
  Object.fromEntries(decideRetention(sets, rules).map(({ set, reasons }) => [set, reasons]));

describe("Retention rules", () => {
  const daily = Array.from({ length: 90 }, (_, days) =>
    setOf(new Date(Date.parse("2026-03-31T02:00:00.000Z") - days * DAY).toISOString()),
  );
  const daysOf = (policy: Partial<Retention>, sets = daily, now = NOW): string[] =>
    [...keptOf(sets, rulesOf(policy, { now }))].map((set) => set.slice(0, 8)).sort();

  it("keep the last ones", () => {
    assert.deepEqual(daysOf({ last: 3 }), ["20260329", "20260330", "20260331"]);
  });

  it("keep the newest of each week, which begins on Monday", () => {
    assert.deepEqual(daysOf({ weekly: 3 }), ["20260322", "20260329", "20260331"]);
  });

  it("keep one of a week that two years share", () => {
    const around = ["2025-12-28", "2025-12-29", "2025-12-31", "2026-01-01", "2026-01-04", "2026-01-05"];
    const sets = around.map((day) => setOf(`${day}T23:59:59.999Z`));
    assert.deepEqual(daysOf({ weekly: 9 }, sets), ["20251228", "20260104", "20260105"]);
  });

  it("keep the newest of each month and year", () => {
    assert.deepEqual(daysOf({ monthly: 3 }), ["20260131", "20260228", "20260331"]);
    assert.deepEqual(daysOf({ yearly: 2 }), ["20260331"]);
  });

  it("keep one a day of several", () => {
    const hourly = ["01:00", "13:00", "23:59"].flatMap((at) =>
      ["29", "30"].map((day) => setOf(`2026-03-${day}T${at}:00.000Z`)),
    );
    assert.deepEqual([...keptOf(hourly, rulesOf({ daily: 2 }))].sort(), [
      "20260329T235900Z-00000000",
      "20260330T235900Z-00000000",
    ]);
  });

  it("keep every set of the last days, counted from the newest: a pause costs no history", () => {
    assert.deepEqual(daysOf({ withinDays: 2 }), ["20260329", "20260330", "20260331"]);
    assert.deepEqual(daysOf({ withinDays: 2 }, daily, "2027-01-01T00:00:00.000Z"), daysOf({ withinDays: 2 }));
  });

  it("lose against the maximum age, to the millisecond, and say so", () => {
    const atTheLimit = setOf("2026-03-01T12:00:00.000Z");
    const beyond = setOf("2026-03-01T11:59:59.999Z");
    const reasons = reasonsOf([...daily.slice(0, 1), atTheLimit, beyond], rulesOf({ last: 9, maximumAgeDays: 30 }));
    assert.deepEqual(reasons[atTheLimit.set], ["one of the last 9"]);
    assert.deepEqual(reasons[beyond.set], ["older than 30 days"]);
  });

  it("have nothing to say about nothing", () => {
    assert.deepEqual(decideRetention([], rulesOf({})), []);
  });

  it("decide on a year of logs in a moment, in a few words each", () => {
    const full = setOf("2025-04-01T00:00:00.000Z");
    const logs = Array.from({ length: 20_000 }, (_, nth) => {
      const startedAt = new Date(Date.parse(full.startedAt) + (nth + 1) * 900_000).toISOString();
      return setOf(startedAt, { needs: [full.set] });
    });
    const reasons = reasonsOf([full, ...logs], rulesOf({ withinDays: 366 }));
    assert.deepEqual(reasons[full.set], ["within 366 days", `needed by ${String(logs.at(-1)?.set)} and 19999 more`]);
  });
});

describe("A set that cannot be restored", () => {
  const old = setOf("2026-03-01T02:00:00.000Z");

  it("is counted by no rule, and goes once a newer one is good", () => {
    const damaged = setOf("2026-03-30T02:00:00.000Z", { good: false });
    const next = setOf("2026-03-31T02:00:00.000Z");
    assert.deepEqual(reasonsOf([old, damaged, next], rulesOf({ last: 2 })), {
      [next.set]: ["one of the last 2", "the newest good set"],
      [damaged.set]: ["not a good set"],
      [old.set]: ["one of the last 2"],
    });
  });

  it("stays as long as nothing newer is good: it may be the best there is of its time", () => {
    const damaged = setOf("2026-03-31T02:00:00.000Z", { good: false });
    const reasons = reasonsOf([old, damaged], rulesOf({ maximumAgeDays: 1 }));
    assert.deepEqual(reasons[damaged.set], ["nothing newer can be restored"]);
    assert.deepEqual(reasons[old.set], ["the newest good set"]);
  });

  it("may be one whose full backup is damaged or gone: then the newest good set is of the chain before", () => {
    for (const full of [[setOf("2026-03-20T02:00:00.000Z", { good: false })], []]) {
      const differential = setOf("2026-03-21T02:00:00.000Z", { needs: ["20260320T020000Z-00000000"] });
      const log = setOf("2026-03-22T02:00:00.000Z", { needs: [differential.set] });
      const reasons = reasonsOf([old, ...full, differential, log]);
      assert.deepEqual(reasons[old.set], ["one of the last 1", "the newest good set"]);
      assert.deepEqual(reasons[log.set], ["nothing newer can be restored"]);
      const next = setOf("2026-03-23T02:00:00.000Z");
      const later = reasonsOf([old, ...full, differential, log, next]);
      assert.deepEqual(later[log.set], ["needs what is damaged or not there"]);
      assert.deepEqual(later[old.set], ["no rule wants it"]);
    }
  });

  it("is waited for by no copy, because none will ever carry it", () => {
    const damaged = setOf("2026-03-30T02:00:00.000Z", { good: false });
    const log = setOf("2026-03-30T03:00:00.000Z", { needs: [damaged.set] });
    const next = setOf("2026-03-31T02:00:00.000Z");
    const reasons = reasonsOf([damaged, log, next], rulesOf({}, { awaits: ["north"] }));
    assert.deepEqual(reasons[damaged.set], ["not a good set"]);
    assert.deepEqual(reasons[log.set], ["needs what is damaged or not there"]);
    assert.ok(reasons[next.set]?.includes("not yet carried by north"));
  });
});

describe("A set from the future", () => {
  const future = setOf("2036-01-01T00:00:00.000Z");

  it("stays, and takes no other set's place", () => {
    const sets = [future, setOf("2026-03-31T02:00:00.000Z"), setOf("2026-03-30T02:00:00.000Z")];
    assert.deepEqual(reasonsOf(sets, rulesOf({ last: 1 })), {
      [future.set]: ["from the future: some clock was wrong"],
      "20260331T020000Z-00000000": ["one of the last 1", "the newest good set"],
      "20260330T020000Z-00000000": ["no rule wants it"],
    });
  });

  it("is every set, to a clock that runs behind: nothing goes", () => {
    const sets = [setOf("2026-03-31T02:00:00.000Z"), setOf("2026-03-30T02:00:00.000Z")];
    assert.equal(keptOf(sets, rulesOf({}, { now: "2006-01-01T00:00:00.000Z" })).size, 2);
  });
});

describe("A chain", () => {
  const full = setOf("2026-01-01T02:00:00.000Z");
  const log = setOf("2026-01-02T02:00:00.000Z", { needs: [full.set] });

  it("is kept to its full backup, past the maximum age", () => {
    const last = setOf("2026-03-31T02:00:00.000Z", { needs: [log.set] });
    const reasons = reasonsOf([full, log, last], rulesOf({ maximumAgeDays: 7 }));
    assert.deepEqual(reasons[log.set], [`needed by ${last.set}`]);
    assert.deepEqual(reasons[full.set], [`needed by ${log.set}`]);
  });

  it("is followed between sets of one second, whichever name comes first", () => {
    const deep = setOf(full.startedAt, { set: runId(full.startedAt, "00000002") });
    const middle = setOf(full.startedAt, { set: runId(full.startedAt, "00000001"), needs: [deep.set] });
    const last = setOf("2026-03-31T02:00:00.000Z", { needs: [middle.set] });
    assert.equal(keptOf([middle, deep, last], rulesOf({})).size, 3);
  });

  it("that bites its own tail ends the decision all the same", () => {
    const one = setOf("2026-03-30T02:00:00.000Z", { needs: ["20260331T020000Z-00000000"] });
    const other = setOf("2026-03-31T02:00:00.000Z", { needs: [one.set] });
    assert.deepEqual(reasonsOf([one, other])[one.set], [`needed by ${other.set}`]);
  });
});

describe("Of two sets in one second", () => {
  it("the one that started later is the newer, whatever its name", () => {
    const first = setOf("2026-03-31T02:00:00.100Z", { set: "20260331T020000Z-ffffffff" });
    const second = setOf("2026-03-31T02:00:00.900Z", { set: "20260331T020000Z-00000000" });
    assert.deepEqual([...keptOf([first, second], rulesOf({}))], [second.set]);
  });

  it("and one moment, the name decides", () => {
    const sets = ["0000000a", "0000000b"].map((token) =>
      setOf("2026-03-31T02:00:00.000Z", { set: runId("2026-03-31T02:00:00.000Z", token) }),
    );
    assert.deepEqual([...keptOf(sets, rulesOf({}))], ["20260331T020000Z-0000000b"]);
  });
});

describe("What newer sets no longer hold", () => {
  it("stays in the newest that does, on the target and offsite", () => {
    const carried = ["north"];
    const both = setOf("2026-03-01T02:00:00.000Z", { covers: ["archiving", "cdr", "qoe"], carried });
    const again = setOf("2026-03-02T02:00:00.000Z", { covers: ["archiving", "cdr", "qoe"] });
    const later = ["2026-03-30", "2026-03-31"].map((day) =>
      setOf(`${day}T02:00:00.000Z`, { covers: ["archiving"], carried }),
    );
    const reasons = reasonsOf([both, again, ...later]);
    assert.deepEqual(reasons[again.set], ["the newest good set with cdr and 1 more"]);
    assert.deepEqual(reasons[both.set], ["the newest set that is offsite with cdr and 1 more"]);
    assert.deepEqual(reasons["20260330T020000Z-00000000"], ["no rule wants it"]);
  });
});

describe("Copies offsite", () => {
  const sets = ["2026-03-28", "2026-03-29", "2026-03-30", "2026-03-31"].map((day) => setOf(`${day}T02:00:00.000Z`));
  const [first = setOf(NOW), second = setOf(NOW), third = setOf(NOW), fourth = setOf(NOW)] = sets;

  it("are waited for, past the maximum age, and so is what they need", () => {
    const full = setOf("2026-01-01T02:00:00.000Z", { carried: ["north", "south"] });
    const log = setOf("2026-01-02T02:00:00.000Z", { needs: [full.set] });
    const rules = rulesOf({ maximumAgeDays: 7 }, { awaits: ["north", "south"] });
    const reasons = reasonsOf([full, log, fourth], rules);
    assert.deepEqual(reasons[log.set], ["not yet carried by north", "not yet carried by south"]);
    assert.deepEqual(reasons[full.set], ["the newest set that is offsite", `needed by ${log.set}`]);
  });

  it("count where all that are waited for have carried a set; where none is, where any has", () => {
    const north = { ...second, carried: ["north"] };
    const both = { ...first, carried: ["north", "south"] };
    const kept = reasonsOf([both, north, third, fourth]);
    assert.deepEqual([kept[first.set], kept[second.set]], [["no rule wants it"], ["the newest set that is offsite"]]);
    const awaited = reasonsOf([both, north, third, fourth], rulesOf({}, { awaits: ["north", "south"] }));
    assert.deepEqual(awaited[first.set], ["the newest set that is offsite"]);
    assert.deepEqual(awaited[second.set], ["not yet carried by south"]);
  });

  it("are no copies of a log whose full backup is not there too", () => {
    const carried = ["north"];
    const log = { ...third, needs: [second.set], carried };
    const reasons = reasonsOf([{ ...first, carried }, second, log, fourth]);
    assert.deepEqual(reasons[first.set], ["the newest set that is offsite"]);
    assert.deepEqual(reasons[log.set], ["no rule wants it"]);
  });

  it("are all there is in a bucket: the newest good one stays there, and what a lock or a hold protects", () => {
    const carried = ["vault"];
    const reasons = reasonsOf([
      { ...first, carried, held: true },
      { ...second, carried, lockedUntil: "2026-04-01T00:00:00.000Z" },
      { ...third, carried, lockedUntil: NOW },
      { ...fourth, carried },
    ]);
    assert.deepEqual(reasons, {
      [fourth.set]: ["one of the last 1", "the newest good set", "the newest set that is offsite"],
      [third.set]: ["no rule wants it"],
      [second.set]: ["locked until 2026-04-01T00:00:00.000Z"],
      [first.set]: ["held"],
    });
  });
});
