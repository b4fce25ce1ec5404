import type { PoolLoss } from "./backup-service";
import type { Circumstances } from "./delivery";
import type { Protectors } from "./protectors";
import { recoveryPoint } from "./recovery-point";
import { best, compared, unknown, type Answer } from "./verdict";

/** How much is lost with a pool: what had not reached the partner; or, where nothing does, what no set holds. */
export function poolLossPoint(
  { replica }: PoolLoss,
  protectors: Protectors,
  limit: number,
  given: Circumstances,
): Answer {
  const fromSets = recoveryPoint(protectors, limit, given);
  if ("minutes" in replica) {
    const terms = [{ label: "engineering target of the Backup Service", amount: replica.minutes }];
    const paired = compared("Backup Service", terms, {
      amount: limit,
      name: "RPO",
      must: "not exceed",
      unit: "minutes",
    });
    return best([paired, fromSets]) ?? paired;
  }
  if ("open" in replica) return best([unknown(replica.open, "Backup Service"), fromSets]) ?? fromSets;
  return { ...fromSets, working: `${replica.none}; from sets: ${fromSets.working}` };
}
