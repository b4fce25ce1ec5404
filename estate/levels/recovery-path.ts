/** How long a restore takes, as the longest way through the steps of its runbook. */

export interface RestoreStep {
  id: string;
  /** What a person calls it; the id where there is none. */
  title?: string;
  minutes: number;
  /** Steps that must be done before this one begins. */
  after: readonly string[];
}

export interface CriticalPath {
  minutes: number;
  /** In the order in which they are done. */
  steps: RestoreStep[];
}

interface Reached {
  done: number;
  before?: string;
}

/** Steps that do not wait for each other go on at the same time. Refuses a graph that cannot be executed. */
export function criticalPath(steps: readonly RestoreStep[]): CriticalPath {
  const byId = new Map(steps.map((step) => [step.id, step]));
  if (byId.size < steps.length) throw new Error("two steps of the restore have the same id");
  const reached = new Map<string, Reached>();
  let last: RestoreStep | undefined;
  for (const step of inOrder(steps, byId)) {
    const before = latest(step.after, reached);
    const done = (before === undefined ? 0 : (reached.get(before)?.done ?? 0)) + step.minutes;
    reached.set(step.id, before === undefined ? { done } : { done, before });
    if (!last || done > (reached.get(last.id)?.done ?? 0)) last = step;
  }
  const path: RestoreStep[] = [];
  for (let step = last; step; step = byId.get(reached.get(step.id)?.before ?? "")) path.unshift(step);
  return { minutes: last ? (reached.get(last.id)?.done ?? 0) : 0, steps: path };
}

const latest = (after: readonly string[], reached: ReadonlyMap<string, Reached>): string | undefined =>
  after.reduce<string | undefined>((best, id) => {
    if (best === undefined) return id;
    return (reached.get(id)?.done ?? 0) > (reached.get(best)?.done ?? 0) ? id : best;
  }, undefined);

/** Each step after all that it waits for. */
function inOrder(steps: readonly RestoreStep[], byId: ReadonlyMap<string, RestoreStep>): RestoreStep[] {
  const waiting = new Map(steps.map((step) => [step.id, new Set(step.after).size]));
  const followers = new Map<string, string[]>();
  for (const { id, after } of steps) {
    for (const before of new Set(after)) {
      if (!byId.has(before))
        throw new Error(`the step ${id} of the restore waits for ${before}, which is not among them`);
      followers.set(before, [...(followers.get(before) ?? []), id]);
    }
  }
  const order = steps.filter(({ id }) => waiting.get(id) === 0);
  for (const { id } of order) {
    for (const follower of followers.get(id) ?? []) {
      const left = (waiting.get(follower) ?? 0) - 1;
      waiting.set(follower, left);
      const step = byId.get(follower);
      if (left === 0 && step) order.push(step);
    }
  }
  const stuck = steps.find(({ id }) => (waiting.get(id) ?? 0) > 0);
  if (stuck) throw new Error(`the step ${stuck.id} of the restore waits for itself, through others`);
  return order;
}
