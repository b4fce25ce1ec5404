import { BackupPlan } from "../documents";
import type { Estate } from "../estate";
import { calendarOf } from "./calendar";
import { decisionsOf } from "./decisions";
import { factsOf } from "./facts";
import { plannedJobs, plannedObligations } from "./obligations";
import { plannedCopies } from "./offsite";
import { practicesOf } from "./practices";
import { rebuildingSheets } from "./rebuilding";
import { placesOf, requirementsOf, responsibilitiesOf, validationOf } from "./requirements";
import { scenariosOf } from "./restoration";
import { backupSheets } from "./worksheets";

/** The backup and restoration plan that a declaration amounts to. No clock: the same declaration is the same plan. */
export function planOf(estate: Estate): BackupPlan {
  const facts = factsOf(estate);
  const { deployment, product, cumulativeUpdate, domain } = estate.topology;
  const parts = {
    requirements: requirementsOf(facts),
    obligations: plannedObligations(facts),
    responsibilities: responsibilitiesOf(facts),
    places: placesOf(facts),
    scenarios: scenariosOf(facts),
    validation: validationOf(facts),
  };
  return BackupPlan.make({
    ...{ deployment, product, domain, ...parts },
    ...(cumulativeUpdate === undefined ? {} : { cumulativeUpdate }),
    exempt: facts.duties.exempt,
    jobs: plannedJobs(facts),
    copies: plannedCopies(facts),
    calendar: calendarOf(facts),
    worksheets: [...backupSheets(facts), ...rebuildingSheets(facts)],
    practices: practicesOf(facts),
    decisions: decisionsOf(facts, parts),
  });
}
