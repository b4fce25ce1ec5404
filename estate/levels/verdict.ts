import type { Check, Verdict } from "../documents";
import { durationText } from "../schedules";

/** How verdicts are made: every one with its working in one line, and for machines. */

export interface Question {
  check: Check;
  level: string;
  about: string;
}

export interface Term {
  label: string;
  amount: number;
  /** Where it is said otherwise than by amount and label. */
  text?: string;
}

export type Answer = Omit<Verdict, keyof Question>;

const plain = (outcome: Verdict["outcome"], by: string | undefined, working: string, missing: string[]): Answer => ({
  ...(by === undefined ? {} : { by }),
  outcome,
  working,
  missing,
});
export const met = (by: string, working: string): Answer => plain("met", by, working, []);
export const missed = (working: string, by?: string): Answer => plain("missed", by, working, []);
/** What is missing is said for machines too: somebody may supply it. */
export const unknown = (missing: string, by?: string): Answer =>
  plain("unknown", by, `not known: ${missing}`, [missing]);

interface Limit {
  amount: number;
  /** What is promised: RPO, RTO, promised, budget. */
  name: string;
  must: "not exceed" | "reach";
  unit: "minutes" | "bytes";
}

/** Terms that add up, compared with what is promised. */
export function compared(by: string, terms: readonly Term[], limit: Limit): Answer {
  const total = terms.reduce((sum, { amount }) => sum + amount, 0);
  const isMet = limit.must === "reach" ? total >= limit.amount : total <= limit.amount;
  const sign = { "not exceed": { true: "<=", false: ">" }, reach: { true: ">=", false: "<" } }[limit.must];
  const say = SAY[limit.unit];
  const left = terms.map(({ amount, label, text }) => text ?? `${say(amount)} ${label}`).join(" + ");
  const sum = terms.length > 1 ? ` = ${say(total)}` : "";
  return {
    by,
    outcome: isMet ? "met" : "missed",
    working: `${left}${sum} ${sign[isMet ? "true" : "false"]} ${limit.name} ${say(limit.amount)}`,
    sum: {
      unit: limit.unit,
      terms: terms.map(({ label, amount }) => ({ label, amount })),
      total,
      limit: limit.amount,
      must: limit.must,
    },
    missing: [],
  };
}

const SAY = { minutes: durationText, bytes: sizeText };

export function sizeText(bytes: number): string {
  const [unit, size] =
    bytes < 1e6 ? (["kB", 1e3] as const) : bytes < 1e9 ? (["MB", 1e6] as const) : (["GB", 1e9] as const);
  const amount = bytes / size;
  return `${amount >= 100 ? String(Math.ceil(amount)) : String(Math.ceil(amount * 10) / 10)} ${unit}`;
}

const RANK = { met: 2, unknown: 1, missed: 0 };

/** What an obligation rests on is the best of what protects it; among equals, what is farthest on the safe side. */
export function best(answers: readonly Answer[]): Answer | undefined {
  return answers.reduce<Answer | undefined>((one, other) => (one && !isBetter(other, one) ? one : other), undefined);
}

function isBetter(one: Answer, other: Answer): boolean {
  if (one.outcome !== other.outcome) return RANK[one.outcome] > RANK[other.outcome];
  if (!one.sum || !other.sum) return one.sum !== undefined && other.sum === undefined;
  return one.sum.must === "reach" ? one.sum.total > other.sum.total : one.sum.total < other.sum.total;
}

export const asked = ({ check, level, about }: Question, answer: Answer): Verdict => ({
  check,
  level,
  about,
  ...answer,
});
