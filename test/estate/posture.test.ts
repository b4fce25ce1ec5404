import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import type { z } from "zod";
import type { Posture } from "../../estate/documents";
import { type PromisedCopy } from "../../estate/documents";
import { defineEstate, type Estate } from "../../estate/estate";
import { promisesOf, regressions, todayOf } from "../../estate/posture";
import { lab as whole } from "../../stacks/lab";
import { anyPosture, change, STRONG, WEAKER, type Weaker } from "./postures";

const ids = (before: Posture, after: Posture): string[] => regressions(before, after).map(({ id }) => id);

describe("regressions between two postures", () => {
  it("are none between a posture and itself", () => {
    fc.assert(
      fc.property(anyPosture, (posture) => {
        assert.deepEqual(ids(posture, structuredClone(posture)), []);
      }),
    );
  });

  for (const [kind, { make, id }] of Object.entries(WEAKER)) {
    it(`name ${kind}, alone; and the way back passes in silence`, () => {
      const after = make(STRONG);
      assert.deepEqual(ids(STRONG, after), [id]);
      // To another place and back is another place twice.
      if (!/^(?:waiver|place):/.test(id))
        assert.deepEqual(
          ids(after, STRONG).filter((one) => !one.startsWith("job:")),
          [],
        );
    });
  }

  it("are listed exactly in any combination, in one order", () => {
    const kinds = Object.values(WEAKER);
    fc.assert(
      fc.property(fc.uniqueArray(fc.constantFrom(...kinds), { selector: ({ of }) => of }), (chosen: Weaker[]) => {
        const after = chosen.reduce((posture, { make }) => make(posture), STRONG);
        assert.deepEqual(ids(STRONG, after), chosen.map(({ id }) => id).sort());
      }),
    );
  });

  it("never add up from changes of which each passes in silence", () => {
    fc.assert(
      fc.property(anyPosture, fc.array(change, { maxLength: 40 }), (first, changes) => {
        let posture = first;
        for (const one of changes) {
          const next = one(posture);
          if (ids(posture, next).length === 0) posture = next;
        }
        assert.deepEqual(ids(first, posture), []);
      }),
    );
  });

  it("have an identifier each, which names the promise as it was and as it would be", () => {
    fc.assert(
      fc.property(anyPosture, anyPosture, (a, b) => {
        const found = ids(a, b);
        assert.equal(new Set(found).size, found.length);
        for (const id of found) assert.match(id, /^[a-z-]+:.+: .+ -> .+$/);
      }),
    );
  });
});

/** What its service levels promise is tried by itself. */
const lab: Estate = { ...whole, serviceLevels: [] };

describe("the promises of an estate", () => {
  const edited = (edit: (estate: Estate) => void): Posture => {
    const estate = structuredClone(lab);
    edit(estate);
    return promisesOf(defineEstate("edited", estate));
  };
  const found = (edit: (estate: Estate) => void): string[] => ids(promisesOf(lab), edited(edit));
  const job = { runNow: false, enabled: true, lostHosts: [], adopt: false };
  const users = { ...job, pool: "pool01.contoso.com" };
  const USERS = "user-data pool pool01.contoso.com";

  it("are those of its jobs, by what they protect", () => {
    const { obligations, jobs } = promisesOf(lab);
    assert.deepEqual(obligations[USERS], { by: "job", rpoMinutes: 1440, levels: {} });
    assert.equal(obligations["configuration deployment"]?.rpoMinutes, 60);
    const vault: PromisedCopy | undefined = jobs["users-pool01"]?.copies["target vault"];
    assert.equal(vault?.location, "remote");
    assert.deepEqual(
      vault?.keeps?.map(({ everyMinutes, forMinutes }) => [everyMinutes / 1440, forMinutes / 1440]),
      [
        [1, 14],
        [7, 56],
        [30, 360],
      ],
    );
  });

  it("get weaker with a schedule, and not with one that is only at another time", () => {
    const at = (schedule: Estate["userData"][number]["schedule"]) => (estate: Estate) => {
      estate.userData = [{ ...users, schedule }];
    };
    assert.deepEqual(found(at({ every: "day", at: ["05:00"] })), []);
    assert.ok(found(at({ every: "week", on: ["sunday"], at: ["01:00"] })).includes(`rpo:${USERS}: 24 h -> 7 d`));
    // Seven sets are half a week then, and one of each day stays for as long as before.
    assert.deepEqual(found(at({ every: "day", at: ["01:00", "13:00"] })), []);
  });

  it("get weaker with retention, a job that is disabled or gone, another target, protection and waivers", () => {
    const shorter = found(({ defaults }) => (defaults.retention = { ...defaults.retention, daily: 7 }));
    assert.equal(shorter.length, Object.keys(promisesOf(lab).jobs).length);
    assert.ok(
      shorter.includes(
        "retention:users-pool01/target vault: every 24 h for 14 d -> every 24 h for 7 d, every 7 d for 56 d, every 30 d for 360 d",
      ),
    );
    const disabled = found((estate) => (estate.userData = [{ ...users, enabled: false }]));
    assert.ok(disabled.includes("job:users-pool01: enabled -> disabled"));
    assert.ok(disabled.includes(`protection:${USERS}: job -> nothing`));
    const nearer = found(({ targets }) => targets.forEach((target) => (target.location = "local")));
    assert.ok(nearer.includes("location:users-pool01/target vault: remote -> local"));
    const until = "2026-12-31";
    const waiver = { name: "later", data: ["dhcp" as const], scopes: "all" as const, reason: "r", owner: "o", until };
    assert.deepEqual(
      found(({ waivers }) => waivers.push(waiver)),
      ["waiver:later: none -> dhcp in all scopes until 2026-12-31"],
    );
    const unprotected = { ...structuredClone(lab), protect: true };
    assert.deepEqual(ids(promisesOf(unprotected), promisesOf({ ...unprotected, protect: false })), [
      "protect:targets: yes -> no",
    ]);
  });

  it("get weaker with a pool that leaves the topology, by what it stored", () => {
    const gone = found(({ topology }) => {
      topology.pools = topology.pools
        .filter(({ fqdn }) => fqdn !== "pool02.contoso.com")
        .map(({ pairedWith: _partner, ...pool }) => pool);
      topology.centralManagement = { active: "pool01.contoso.com" };
    });
    assert.ok(gone.includes("topology:user-data pool pool02.contoso.com: there -> gone"), gone.join("\n"));
    assert.ok(gone.includes("job:users-pool02: enabled -> gone"));
  });

  it("are those of service levels too", () => {
    const level = { name: "gold", rpoHours: 26, rtoHours: 8, keepDays: 30, poolLossRpoMinutes: 15 };
    const promised = (more: object): Posture =>
      promisesOf(defineEstate("levels", { ...lab, serviceLevels: [{ ...level, ...more }] }));
    assert.deepEqual(promised({}).obligations[USERS]?.levels, {
      rpoMinutes: 1560,
      poolLossMinutes: 15,
      rtoMinutes: 480,
      keepMinutes: 43200,
    });
    const weaker = ids(
      promised({}),
      promised({ rpoHours: 48, rtoHours: undefined, keepDays: 7, poolLossRpoMinutes: 30 }),
    );
    assert.deepEqual(
      weaker.filter((id) => id.includes(`:${USERS}:`)),
      [
        `promised-pool-loss-rpo:${USERS}: 15 min -> 30 min`,
        `promised-retention:${USERS}: 30 d -> 7 d`,
        `promised-rpo:${USERS}: 26 h -> 2 d`,
        `promised-rto:${USERS}: 8 h -> none`,
      ],
    );
    assert.deepEqual(ids(promisesOf(lab), promised({})), []);
  });

  const bucket = { profile: "aws", region: "eu-central-1", bucket: "contoso-lync-backup", prefix: "lab" } as const;
  const lock = { mode: "compliance", days: 30 } as const;
  const from = [{ jobs: ["users-pool01"], lock, keep: { last: 7, daily: 90 } }, {}];
  const make = { credentials: "bucket-admin", versioning: "enabled", objectLock: { retention: lock } } as const;
  const offsite = { name: "nightly", bucket, credentials: "lync-offsite", copy: "north", from, make };
  const carried = (...copies: NonNullable<z.input<typeof Estate>["offsite"]>): Posture =>
    promisesOf(defineEstate("carried", { ...lab, offsite: copies }));

  it("are those of copies that leave the site too, each for what it carries", () => {
    const { jobs, buckets } = carried(offsite);
    const copies = Object.entries(jobs).map(([name, { copies }]) => [name, copies["copy north"]] as const);
    assert.deepEqual(jobs["users-pool01"]?.copies["copy north"], {
      location: "offsite",
      place: "contoso-lync-backup/lab (aws, eu-central-1)",
      keeps: [{ everyMinutes: 1440, forMinutes: 90 * 1440 }],
      lock,
      legalHold: false,
      carriedEveryMinutes: 15,
    });
    for (const [name, copy] of copies) assert.ok(copy, name);
    assert.equal(jobs["users-pool02"]?.copies["copy north"]?.keeps, null);
    assert.deepEqual(buckets, {
      "contoso-lync-backup": { versioning: "enabled", objectLock: { retention: lock }, waived: [] },
    });
    assert.deepEqual(carried({ ...offsite, make: undefined }).buckets, {}, "nor is any promised that others made");
  });

  it("get weaker with a copy that is dropped, disabled, moved, rarer, kept shorter or locked more loosely", () => {
    const users = from[0];
    const weaker = (...copies: Parameters<typeof carried>): string[] => {
      const found = ids(carried(offsite), carried(...copies));
      return found.filter((id) => id.includes(":users-pool01/") || id.startsWith("bucket"));
    };
    const dropped = "copy:users-pool01/copy north: kept -> dropped";
    const gone = "bucket:contoso-lync-backup: there -> gone";
    const { make: _make, ...unmade } = offsite;
    for (const [names, ...copies] of [
      [[gone, dropped]],
      [[dropped], { ...offsite, enabled: false, disabledReason: "too slow" }],
      [[dropped], { ...offsite, from: [{ jobs: ["users-pool02"] }] }],
      [[gone], unmade],
      [
        [
          "place:users-pool01/copy north: contoso-lync-backup/lab (aws, eu-central-1) -> contoso-lync-backup/new (aws, eu-central-1)",
        ],
        { ...offsite, bucket: { ...bucket, prefix: "new" } },
      ],
      [["carried:users-pool01/copy north: 15 min -> 24 h"], { ...offsite, schedule: { every: "day", at: ["06:00"] } }],
      [["carried:users-pool01/copy north: 15 min -> none"], { ...offsite, schedule: { every: "command" } }],
      [
        ["retention:users-pool01/copy north: every 24 h for 90 d -> every 24 h for 30 d"],
        { ...offsite, from: [{ ...users, keep: { last: 7, daily: 30 } }, {}] },
      ],
      [
        ["lock:users-pool01/copy north: compliance 30 d -> governance 30 d"],
        { ...offsite, from: [{ ...users, lock: { ...lock, mode: "governance" } }, {}] },
      ],
      [
        ["lock:users-pool01/copy north: compliance 30 d -> none"],
        { ...offsite, from: [{ ...users, lock: undefined }, {}] },
      ],
      [
        [
          "bucket-object-lock:contoso-lync-backup: {retention:{mode:compliance,days:30}} -> undeclared",
          "bucket-versioning:contoso-lync-backup: enabled -> suspended",
        ],
        { ...offsite, make: { credentials: "bucket-admin", versioning: "suspended" } },
      ],
      // What is carried longer, locked longer or by another name of the resource is no weaker.
      [[], { ...offsite, name: "hourly", from: [{ ...users, lock: { ...lock, days: 60 } }, {}] }],
      [[], offsite, { ...unmade, name: "second", copy: "south", bucket: { ...bucket, bucket: "contoso-second" } }],
    ] as [string[], ...Parameters<typeof carried>][]) {
      assert.deepEqual(weaker(...copies), names);
    }
    assert.ok(ids(carried({ ...offsite, from: [{ legalHold: true }] }), carried(offsite)).length > 0);
  });

  it("count offsite in the verdicts of service levels", () => {
    const levels = [{ name: "gold", data: ["user-data" as const], rpoHours: 30 }];
    const verdict = (copies: (typeof offsite)[]) => {
      const targets = lab.targets.map((target) => ({ ...target, location: "local" as const }));
      const estate = defineEstate("levels", { ...lab, targets, serviceLevels: levels, offsite: copies });
      const { verdicts } = todayOf(estate, "2026-03-02T09:00:00.000Z").levels;
      return verdicts.find(({ check, about }) => check === "rpo-offsite" && about === USERS);
    };
    assert.equal(verdict([])?.outcome, "missed");
    assert.equal(verdict([offsite])?.outcome, "met");
    assert.match(verdict([offsite])?.working ?? "", /until the look/);
  });

  it("are the same text every time, for a state that must not change by itself", () => {
    assert.equal(JSON.stringify(promisesOf(lab)), JSON.stringify(promisesOf(structuredClone(lab))));
  });
});
