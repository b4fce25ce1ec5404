import assert from "node:assert/strict";
import type { z } from "zod";
import {
  CopyPath,
  coverKey,
  Drilled,
  ExternalProtection,
  ProtectingJob,
  ServiceLevel,
  type Check,
  type Cover,
  type Protection,
  type Topology,
  type Verdict,
} from "../../../estate/documents";
import { judgeLevels, type Promised } from "../../../estate/levels";
import { dutiesOf, type Obligation } from "../../../estate/obligations";

export const NOW = "2026-03-01T12:00:00.000Z";

export const job = (name: string, covers: Cover[], more: Partial<z.input<typeof ProtectingJob>> = {}): ProtectingJob =>
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
    minutes: 40,
    target: { name: "vault", host: "bk01.contoso.com", location: "local" },
    retention: { last: 14 },
    ...more,
  });

export const copy = (more: Partial<z.input<typeof CopyPath>> = {}): CopyPath =>
  CopyPath.parse({
    copy: "north",
    place: "north/ (minio, local)",
    schedule: { every: "run", of: "all", lookEveryMinutes: 15 },
    zone: "UTC",
    minutes: 30,
    profile: "minio",
    ...more,
  });

export const external = (
  name: string,
  datum: Cover["datum"],
  more: Partial<z.input<typeof ExternalProtection>> = {},
): ExternalProtection =>
  ExternalProtection.parse({
    by: "external",
    name,
    data: [datum],
    tool: "Snapshots",
    owner: "storage team",
    rpoHours: 24,
    lastSuccess: "2026-03-01T02:00:00.000Z",
    lastRestoreTest: "2026-01-10",
    ...more,
  });

export const level = (more: Partial<z.input<typeof ServiceLevel>> = {}): ServiceLevel =>
  ServiceLevel.parse({ name: "all", ...more });

export const drill = (series: string, more: Partial<z.input<typeof Drilled.schema>> = {}): Drilled =>
  Drilled.make({
    series,
    sets: ["20260201T020000Z-00000000"],
    at: "2026-02-01T08:00:00.000Z",
    scenario: "pool",
    verdict: "passed",
    minutes: 90,
    goodForDays: 90,
    ...more,
  });

export const obligationOf = (topology: Topology, key: string): Obligation => {
  const found = dutiesOf(topology).obligations.find((obligation) => obligation.key === key);
  return found ?? assert.fail(`there is no obligation ${key}`);
};

/** The verdicts on one obligation, by what was checked. */
export function verdictsOn(
  topology: Topology,
  cover: Cover,
  protections: readonly Protection[],
  asks: Partial<z.input<typeof ServiceLevel>>,
  more: Partial<Promised> = {},
): Partial<Record<Check, Verdict>> {
  const { verdicts } = judgeLevels({
    topology,
    obligations: [obligationOf(topology, coverKey(cover))],
    protections,
    levels: [level(asks)],
    now: NOW,
    ...more,
  });
  return Object.fromEntries(verdicts.map((verdict) => [verdict.check, verdict]));
}

/** Outcome and working, as a test reads best. */
export const told = (verdict: Verdict | undefined): string =>
  verdict ? `${verdict.outcome}: ${verdict.working}` : "nothing is told";
