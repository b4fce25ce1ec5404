import fc from "fast-check";
import { rowOf } from "../../../estate/catalogue";
import type { Protection, Schedule, ServiceLevel, Topology } from "../../../estate/documents";
import { dutiesOf, type Obligation } from "../../../estate/obligations";
import { copy, external, job, NOW } from "./support";

/** Protections of all kinds, and a level that asks for everything. */

export const EVERYTHING: Partial<ServiceLevel> = {
  rpoHours: 24,
  poolLossRpoMinutes: 30,
  rtoHours: 4,
  keepDays: 30,
  budgetGigabytes: 100,
  priorities: ["continuity", "completeness", "criticality", "portability", "cost"],
};

const schedule = fc.constantFrom<Schedule>(
  { every: "day", at: ["02:00"] },
  { every: "day", at: ["02:00", "14:00"] },
  { every: "week", on: ["sunday"], at: ["01:00"] },
  { every: "minutes", minutes: 240, from: "00:00" },
  { every: "command" },
);
const path = fc
  .record({
    copy: fc.constantFrom("north", "south"),
    schedule: fc.constantFrom<Schedule>(
      { every: "run", of: "all", lookEveryMinutes: 15 },
      { every: "day", at: ["04:00"] },
    ),
    minutes: fc.integer({ min: 0, max: 60 }),
    lock: fc.option(fc.record({ mode: fc.constant("compliance" as const), days: fc.integer({ min: 1, max: 90 }) }), {
      nil: undefined,
    }),
    profile: fc.constantFrom("aws" as const, "minio" as const),
    retention: fc.option(fc.record({ daily: fc.integer({ min: 1, max: 60 }) }), { nil: undefined }),
  })
  .map(({ lock, retention, ...rest }) =>
    copy({ ...rest, ...(lock ? { lock } : {}), ...(retention ? { retention } : {}) }),
  );

/** A protection of an obligation, in a series of its own. */
export const protectionOf = ({ datum, scope }: Obligation, name: string): fc.Arbitrary<Protection> =>
  fc.oneof(
    fc
      .record({
        schedule,
        minutes: fc.integer({ min: 0, max: 120 }),
        remote: fc.boolean(),
        daily: fc.integer({ min: 0, max: 40 }),
        bytesPerSet: fc.option(fc.integer({ min: 0, max: 1e9 }), { nil: undefined }),
        enabled: fc.constantFrom(true, true, false),
        copies: fc.uniqueArray(path, { maxLength: 2, selector: (one) => one.copy }),
      })
      .map(({ remote, daily, bytesPerSet, ...rest }) =>
        job(name, [{ datum, scope }], {
          ...rest,
          setKind: rowOf(datum).arises.per === "log" ? "log" : "full",
          target: { name: "vault", host: "bk01.contoso.com", location: remote ? "remote" : "local" },
          retention: { last: 3, daily },
          ...(bytesPerSet === undefined ? {} : { bytesPerSet }),
        }),
      ),
    fc
      .record({ rpoHours: fc.integer({ min: 1, max: 48 }), isFresh: fc.boolean() })
      .map(({ rpoHours, isFresh }) =>
        external(name, datum, { scopes: [scope], rpoHours, lastSuccess: isFresh ? NOW : "2020-01-01" }),
      ),
  );
export function someProtections(topology: Topology): fc.Arbitrary<Protection[]> {
  const { obligations } = dutiesOf(topology);
  return fc
    .array(fc.nat(obligations.length - 1), { maxLength: 6 })
    .chain((picked) =>
      fc.tuple(
        ...picked.flatMap((nth, index) =>
          obligations[nth] ? [protectionOf(obligations[nth], `p${String(index)}`)] : [],
        ),
      ),
    );
}
