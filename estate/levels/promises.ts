import { rowOf } from "../catalogue";
import { scopeKey, type Priority, type ServiceLevel } from "../documents";
import type { Obligation } from "../obligations";

/** What is promised for an obligation, by the levels that speak of it. */

export interface Promise<T> {
  value: T;
  level: string;
}

export interface Promises {
  rpoMinutes?: Promise<number>;
  poolLossMinutes?: Promise<number>;
  missedStarts?: Promise<number>;
  downMinutes?: Promise<number>;
  rtoMinutes?: Promise<number>;
  keepMinutes?: Promise<number>;
  /** Each priority with the level that sets it. */
  priorities: Map<Priority, string>;
}

export function speaksOf(level: ServiceLevel, { datum, scope }: Obligation): boolean {
  const { data, scopes } = level;
  if (data === "all" ? rowOf(datum).arises.per === "log" : !data.includes(datum)) return false;
  return scopes === "all" || scopes.some((one) => scopeKey(one) === scopeKey(scope));
}

/** One that names scopes before one that names data before one for all. */
const rankOf = ({ data, scopes }: ServiceLevel): number => (scopes === "all" ? 0 : 2) + (data === "all" ? 0 : 1);

/** By the levels that speak of an obligation: undefined where none does. */
export function promisesBy(speaking: readonly ServiceLevel[]): Promises | undefined {
  if (speaking.length === 0) return undefined;
  const particularFirst = [...speaking].sort((a, b) => rankOf(b) - rankOf(a));
  const most = <T>(of: (level: ServiceLevel) => T | undefined): { value: T; level: ServiceLevel }[] => {
    const saying = particularFirst.flatMap((level) => {
      const value = of(level);
      return value === undefined ? [] : [{ value, level }];
    });
    return saying.filter(({ level }) => rankOf(level) === rankOf(saying[0]?.level ?? level));
  };
  const strictest = (
    name: keyof Omit<Promises, "priorities">,
    of: (level: ServiceLevel) => number | undefined,
    isStricter: (one: number, other: number) => boolean,
  ): Partial<Promises> => {
    const [first, ...rest] = most(of);
    if (!first) return {};
    const { value, level } = rest.reduce((best, one) => (isStricter(one.value, best.value) ? one : best), first);
    return { [name]: { value, level: level.name } };
  };
  const less = (one: number, other: number): boolean => one < other;
  const more = (one: number, other: number): boolean => one > other;
  const minutes = (amount: number | undefined, each: number): number | undefined =>
    amount === undefined ? undefined : amount * each;
  const priorities = most(({ priorities: set }) => (set.length > 0 ? set : undefined));
  return {
    ...strictest("rpoMinutes", ({ rpoHours }) => minutes(rpoHours, 60), less),
    ...strictest("poolLossMinutes", ({ poolLossRpoMinutes }) => poolLossRpoMinutes, less),
    ...strictest("missedStarts", ({ missedStarts }) => (missedStarts > 0 ? missedStarts : undefined), more),
    ...strictest("downMinutes", ({ downMinutes }) => downMinutes, more),
    ...strictest("rtoMinutes", ({ rtoHours }) => minutes(rtoHours, 60), less),
    ...strictest("keepMinutes", ({ keepDays }) => minutes(keepDays, 1440), more),
    priorities: new Map(priorities.flatMap(({ value, level }) => value.map((priority) => [priority, level.name]))),
  };
}
