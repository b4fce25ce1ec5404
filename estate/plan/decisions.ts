import { adviceOn } from "../topology/advice";
import type { Facts } from "./facts";
import { scopeText } from "./words";
import type { BackupPlan, Said } from "../documents";

/** What nobody has decided yet: gaps, what the topology leaves open, advice, and whatever the plan found undeclared. */

type Parts = Pick<
  BackupPlan,
  "obligations" | "requirements" | "responsibilities" | "places" | "validation" | "scenarios"
>;

export function decisionsOf({ estate, duties }: Facts, parts: Parts): Said[] {
  const { archiving, contactStore } = estate.topology;
  const undeclared = [
    ...parts.requirements,
    ...parts.responsibilities,
    ...parts.places,
    ...parts.validation,
    ...parts.scenarios.flatMap(({ title, people }) =>
      people.map((one) => ({ ...one, about: `${title}: ${one.about}` })),
    ),
  ].filter(({ add }) => add !== undefined);
  const once = new Map<string, Said>();
  for (const one of undeclared) if (!once.has(one.add ?? "")) once.set(one.add ?? "", one);
  return [
    ...gapsIn(parts.obligations),
    ...(archiving?.blocksMessagesOnFailure
      ? [
          {
            about: "Archiving blocks messages where it fails",
            says: "Then archiving is needed for service: restore it with the pool",
          },
        ]
      : []),
    ...(archiving?.toExchange || contactStore === "exchange" || contactStore === "mixed"
      ? [
          {
            about: "Data that live in Exchange",
            says: "They are restored by its owner, under the same contact store mode as at the backup",
          },
        ]
      : []),
    ...duties.open.map((says) => ({ about: "Not recorded in the topology", says })),
    ...adviceOn(estate.topology).map(({ path, says }) => ({ about: `topology.${path}`, says })),
    ...[...once.values()].map((one) => ({ ...one, says: "Not declared" })),
  ];
}

/** One line to add for a datum, wherever it is. */
function gapsIn(obligations: BackupPlan["obligations"]): Said[] {
  const byLine = new Map<string, { title: string; places: string[] }>();
  for (const { title, scope, add } of obligations) {
    if (add === undefined) continue;
    const gap = byLine.get(add) ?? { title, places: [] };
    gap.places.push(scopeText(scope));
    byLine.set(add, gap);
  }
  return [...byLine].map(([add, { title, places }]) => ({
    about: `${title}: ${places.join(", ")}`,
    says: "Nothing protects it",
    add,
  }));
}
