import type { ProtectingJob } from "../documents";
import { durationText, worstGap } from "../schedules";
import { deliveryOf, type Circumstances, type Way } from "./delivery";
import type { Protectors, Source } from "./protectors";
import { best, compared, missed, unknown, type Answer, type Term } from "./verdict";

/**
 * How much is lost at worst where data are lost or corrupted: from the start of one run, because what changed later is
 * not in it, until the set of the next one can be restored from.
 */

/** As far as the target: enough where data are lost, and the target is not. */
export function recoveryPoint(protectors: Protectors, limit: number, given: Circumstances): Answer {
  const ways = protectors.sources.map((source) => answer(source, toTheTarget(source, given), limit));
  return bestOf(protectors, ways, limit);
}

/** As far as a place that survives the loss of the site, and verified there. */
export function offsiteRecoveryPoint(protectors: Protectors, limit: number, given: Circumstances): Answer {
  const ways = protectors.sources.flatMap((source) => {
    const jobs = [...source.points, ...source.basis];
    if (jobs.every(({ target }) => target.location === "remote")) {
      return [answer(source, toTheTarget(source, given), limit)];
    }
    const copies = jobs.map((job) => new Set(job.copies.map(({ copy }) => copy)));
    const [first = new Set<string>(), ...others] = copies;
    const common = [...first].filter((copy) => others.every((names) => names.has(copy)));
    return common.map((copy) => answer(source, toTheCopy(source, copy, given), limit, copy));
  });
  if (protectors.full.length > 0 && ways.length === 0) ways.push(missed("no copy of it leaves the site"));
  const elsewhere = protectors.others.map(({ name, owner }) =>
    unknown(`whether what ${owner} keeps would survive the loss of the site`, name),
  );
  return best([...ways, ...elsewhere]) ?? missed(protectors.nothing);
}

function bestOf(protectors: Protectors, ways: readonly Answer[], limit: number): Answer {
  const promised = protectors.externals.map(({ name, owner, rpoHours }) =>
    compared(name, [{ label: `promised by ${owner}`, amount: rpoHours * 60 }], limitOf(limit)),
  );
  const doubted = protectors.stale.map(({ external, says }) =>
    external.rpoHours * 60 > limit
      ? missed(
          `${durationText(external.rpoHours * 60)} promised by ${external.owner} > RPO ${durationText(limit)}`,
          external.name,
        )
      : unknown(`whether it still works: ${says}`, external.name),
  );
  return best([...ways, ...promised, ...doubted]) ?? missed(protectors.nothing);
}

const limitOf = (amount: number) => ({ amount, name: "RPO", must: "not exceed", unit: "minutes" }) as const;

function answer({ points, missing }: Source, way: Way, limit: number, copy?: string): Answer {
  const names = points.map(({ name }) => name).join(" and ");
  const by = copy === undefined ? names : `${names}, copy ${copy}`;
  if ("never" in way) return missed(way.never, by);
  const found = compared(by, way.terms, limitOf(limit));
  if (found.outcome === "met" && missing !== undefined) return unknown(missing, by);
  return way.assumed.length === 0 ? found : { ...found, working: `${found.working} (${way.assumed.join("; ")})` };
}

function toTheTarget({ points }: Source, given: Circumstances): Way {
  const [first] = points;
  if (!first) return { never: "nothing protects it" };
  const timetables = points.map(({ schedule, startWhenMissed, minutes }) => ({
    schedule,
    startWhenMissed,
    runMinutes: minutes,
  }));
  const gap = worstGap({ ...given, timetables, zone: first.zone });
  if (gap.kind === "never") return { never: `${first.name} ${gap.text}` };
  const run = Math.max(...points.map(({ minutes }) => minutes));
  const between = { label: "between starts", amount: gap.minutes, text: gap.text };
  return { terms: [between, ...(run > 0 ? [{ label: "run", amount: run }] : [])], assumed: gap.assumptions };
}

/** A set counts once all that it needs is there too: the slowest of its series decides. */
function toTheCopy(source: Source, name: string, given: Circumstances): Way {
  const way = toTheTarget(source, given);
  if ("never" in way) return way;
  let slowest: { job: ProtectingJob; terms: Term[]; total: number } | undefined;
  const assumed = new Set(way.assumed);
  for (const job of [...source.points, ...source.basis]) {
    const copy = job.copies.find((one) => one.copy === name);
    const delivery = copy ? deliveryOf(job, copy, given) : { never: `${name} does not carry ${job.name}` };
    if ("never" in delivery) return delivery;
    for (const one of delivery.assumed) assumed.add(one);
    const total = delivery.terms.reduce((sum, { amount }) => sum + amount, 0);
    if (!slowest || total > slowest.total) slowest = { job, terms: delivery.terms, total };
  }
  if (!slowest) return way;
  const { job, terms } = slowest;
  const of = source.points.includes(job) ? "" : ` of ${job.name}`;
  const delivered = terms.map(({ label, amount }) => ({ label: `${label}${of}`, amount }));
  return { terms: [...way.terms, ...delivered], assumed: [...assumed] };
}
