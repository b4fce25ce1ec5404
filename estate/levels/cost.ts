import type { ProtectingJob, Retention } from "../documents";
import { chainOf, chainsKept } from "./chains";
import { carriedBy, copyNames, type Series } from "./series";
import { compared, met, missed, sizeText, unknown, type Answer, type Term } from "./verdict";

/** What all sets together take at most, against a declared budget: on targets, and in each copy. */

interface Budget {
  bytes: number;
  growthPercent: number;
}

interface Rules {
  policy: Retention;
  /** Nothing younger goes, whatever the policy says: it is locked. */
  stayDays: number;
}

/** What a line takes; or what must be known to tell; or why it grows without end. */
type Size = { term: Term } | { missing: string } | { endless: string };

export function costOnTargets(lines: readonly Series[], budget: Budget): Answer {
  return judge(
    "targets",
    lines.map(({ name, jobs }) =>
      sizeOf(
        name,
        jobs,
        jobs.map(({ retention }) => ({ policy: retention, stayDays: 0 })),
        budget,
      ),
    ),
    budget,
  );
}

/** One answer for each copy. */
export function costOffsite(lines: readonly Series[], budget: Budget): Answer[] {
  const names = [...new Set(lines.flatMap(copyNames))];
  return names.map((name) =>
    judge(
      `copy ${name}`,
      lines.filter((line) => copyNames(line).includes(name)).map((line) => sizeInCopy(line, name, budget)),
      budget,
    ),
  );
}

function sizeInCopy(line: Series, name: string, budget: Budget): Size {
  const carried = carriedBy(line, name);
  const jobs = carried.map(({ job }) => job);
  const endless = carried.find(
    ({ copy }) => copy.legalHold || (copy.lifecycleDays === undefined && copy.retention === undefined),
  );
  if (endless) {
    const why = endless.copy.legalHold ? "is held without end" : "stays, because nothing is declared that removes it";
    return { endless: `what ${endless.job.name} carries there ${why}` };
  }
  const stayDays = Math.max(...carried.map(({ copy }) => copy.lock?.days ?? 0));
  const rules = carried.map(({ copy }) => ({ policy: withinLifecycle(copy.retention, copy.lifecycleDays), stayDays }));
  return sizeOf(line.name, jobs, rules, budget);
}

/** Where the store itself removes what is old, that is the retention, or its maximum age. */
function withinLifecycle(policy: Retention | undefined, lifecycleDays: number | undefined): Retention {
  const days = lifecycleDays === undefined ? {} : { maximumAgeDays: lifecycleDays };
  if (policy === undefined)
    return { ...NOTHING, ...(lifecycleDays === undefined ? {} : { withinDays: lifecycleDays }), ...days };
  return lifecycleDays !== undefined && lifecycleDays < (policy.maximumAgeDays ?? Infinity)
    ? { ...policy, ...days }
    : policy;
}
const NOTHING: Retention = { last: 1, daily: 0, weekly: 0, monthly: 0, yearly: 0 };

/** Of several jobs of one line each removes what its own policy does not want, so the smallest result holds for all. */
function sizeOf(line: string, jobs: readonly ProtectingJob[], rules: readonly Rules[], budget: Budget): Size {
  const chain = chainOf(jobs);
  if ("missing" in chain) return chain;
  const count = Math.min(...rules.map(({ policy, stayDays }) => chainsKept(chain, policy, stayDays)));
  // While a set is made, none has gone for it yet.
  const bytes = (count * chain.bytes + chain.largest) * (1 + budget.growthPercent / 100);
  const what = chain.isSingle ? "sets" : "chains";
  const label = `${line} (${String(count)} ${what} of ${sizeText(chain.bytes)}, one set being made, ${String(budget.growthPercent)} % growth)`;
  return { term: { label, amount: bytes } };
}

const SHOWN = 3;

function judge(by: string, sizes: readonly Size[], { bytes }: Budget): Answer {
  if (sizes.length === 0) return met(by, "nothing is kept");
  const endless = sizes.find((size) => "endless" in size);
  if (endless) return missed(`${endless.endless}: it grows without end`, by);
  const terms = sizes.flatMap((size) => ("term" in size ? [size.term] : [])).sort((a, b) => b.amount - a.amount);
  const limit = { amount: bytes, name: "budget", must: "not exceed", unit: "bytes" } as const;
  const known = compared(by, terms.length > SHOWN + 1 ? shortened(terms) : terms, limit);
  const missing = sizes.flatMap((size) => ("missing" in size ? [size.missing] : []));
  // Too much already is too much, whatever else there is.
  if (missing.length === 0 || known.outcome === "missed") return known;
  return { ...unknown(missing[0] ?? "", by), missing };
}

function shortened(terms: readonly Term[]): Term[] {
  const rest = terms.slice(SHOWN);
  const amount = rest.reduce((sum, term) => sum + term.amount, 0);
  return [...terms.slice(0, SHOWN), { label: `${String(rest.length)} others`, amount }];
}
