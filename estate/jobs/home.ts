import { Fqdn, type Condition, type StepInput } from "../documents";
import type { Problem } from "./declaration";

/**
 * Where the data of a pool live: in the pool itself, or in its partner while the pool is failed over. No cmdlet says so
 * plainly. What is documented is that the Registrar configuration has a state, and what it may be; that failover writes
 * it to the pool's own service is the assumption `pool-state`, and this file is the only one that rests on it.
 */
export const poolShape = {
  pool: Fqdn.describe("The Front End pool, or the Standard Edition server"),
  partner: Fqdn.optional().describe(
    "The pool that it is paired with: from there its data are exported while it is failed over",
  ),
};

export interface PoolHome {
  pool: string;
  partner?: string | undefined;
}

export function poolRules({ pool, partner }: PoolHome, problem: Problem): void {
  if (pool === partner) problem(["partner"], "is the pool itself");
}

const STATES = { $ref: "state.items.*.PoolState" };
export const AT_HOME: Condition = { value: STATES, is: "none-of", of: ["FailedOver"] };
export const AWAY: Condition = { value: STATES, is: "one-of", of: ["FailedOver"] };

/** A pool that was never failed over has no configuration of its own, and is at home. */
export function findHome({ pool, partner }: PoolHome): StepInput[] {
  const guards: StepInput[] = [
    {
      kind: "guard",
      id: "settled",
      title: "Make sure that no failover is under way",
      condition: { value: STATES, is: "none-of", of: ["FailingOver"] },
      otherwise: "fail",
      because: `${pool} is being failed over at this moment; run the job again when that has ended`,
    },
  ];
  if (partner === undefined) {
    guards.push({
      kind: "guard",
      id: "at-home",
      title: "Make sure that the pool is not failed over",
      condition: AT_HOME,
      otherwise: "fail",
      because: `${pool} is failed over, so its data live in its partner; declare the partner, so that they are exported from there`,
    });
  }
  return [
    {
      kind: "cmdlet",
      id: "state",
      title: "Ask whether the pool is failed over",
      cmdlet: "Get-CsRegistrarConfiguration",
      parameters: { Filter: `service:Registrar:${pool}` },
      select: ["Identity", "PoolState"],
    },
    ...guards,
  ];
}

/** What a restore must know of it. */
export function homeFacts({ pool, partner }: PoolHome): {
  facts: Record<string, string | boolean>;
  factsWhen: { when: Condition; facts: Record<string, string | boolean> }[];
} {
  const away = partner === undefined ? [] : [{ when: AWAY, facts: { "active-pool": partner, "failed-over": true } }];
  return {
    facts: { "active-pool": pool, "failed-over": false, ...(partner === undefined ? {} : { partner }) },
    factsWhen: away,
  };
}
