import { EVERY_SCENARIO, rowOf, SCENARIOS, STAGES, type Scenario, type Stage } from "../catalogue";
import type { CoveringJob } from "../coverage";
import type { PlannedScenario, Said } from "../documents";
import { isFrontEnd } from "../topology/stores";
import { protectorsOf, type Facts } from "./facts";
import { destinationOf, restoreText } from "./obligations";
import { personText, said } from "./requirements";
import { plural, scopeText } from "./words";

/** For each loss: the stages in their order, what comes back from where and with what, and who decides. */

export function scenariosOf(facts: Facts): PlannedScenario[] {
  const has = featuresOf(facts);
  return EVERY_SCENARIO.map((scenario) => ({
    scenario,
    title: SCENARIOS[scenario].title,
    stages: STAGES.filter(({ scenarios, when }) => scenarios.includes(scenario) && (!when || has[when])).map(
      ({ name, title, how, where, rights, by }) => ({ name, title, how, where, rights, by }),
    ),
    restores: restoresIn(scenario, facts),
    people: peopleOf(scenario, facts),
  }));
}

function featuresOf({ estate, reading, duties }: Facts): Record<NonNullable<Stage["when"]>, boolean> {
  const { pools } = estate.topology;
  const has = (datum: string): boolean => duties.obligations.some((one) => one.datum === datum);
  return {
    mirrored: reading.stores.some(({ sql }) => sql.mirror !== undefined),
    paired: pools.some((pool) => isFrontEnd(pool) && pool.pairedWith !== undefined),
    "response-groups": has("response-groups"),
    "persistent-chat": has("persistent-chat"),
    "sql-data": ["archiving", "cdr", "qoe", "persistent-chat-compliance", "persistent-chat"].some(has),
  };
}

function restoresIn(scenario: Scenario, facts: Facts): PlannedScenario["restores"] {
  return facts.duties.obligations
    .filter(({ datum }) => rowOf(datum).restoredIn.includes(scenario))
    .map((obligation) => {
      const protectors = protectorsOf(obligation, facts);
      const jobs = protectors.filter((one): one is CoveringJob => one.by === "job");
      const sources = [...new Set(protectors.map((one) => sourceText(one, facts)))];
      return {
        what: `${rowOf(obligation.datum).title}, ${scopeText(obligation.scope)}`,
        from: sources.join("; ") || "nothing: it would be lost",
        with: restoreText(obligation, jobs, facts),
      };
    });
}

function sourceText(one: ReturnType<typeof protectorsOf>[number], facts: Facts): string {
  switch (one.by) {
    case "job": {
      const job = facts.jobs.find(({ name }) => name === one.name);
      return `the newest verified set of ${one.series}${job ? ` in ${destinationOf(job.target, facts)}` : ""}`;
    }
    case "external":
      return `${one.tool}: call ${one.owner}`;
    case "waiver":
      return `nothing: ${one.owner} waived it until ${one.until}`;
  }
}

function peopleOf(scenario: Scenario, { estate }: Facts): Said[] {
  const { responsibilities, times, choosing } = estate.plan;
  const who = (duty: "decide" | "restore"): string =>
    responsibilities
      .filter(({ does, scenarios }) => does.includes(duty) && (scenarios === "all" || scenarios.includes(scenario)))
      .map(personText)
      .join("; ");
  const hours = times.find((one) => one.scenario === scenario)?.hours;
  return [
    said("Decides", who("decide"), 'plan.responsibilities: [{ who: "…", does: ["decide"] }]'),
    said("Carries it out", who("restore"), 'plan.responsibilities: [{ who: "…", does: ["restore"] }]'),
    said("By what criteria", choosing, "plan.choosing"),
    said(
      "How long it takes",
      hours === undefined ? undefined : `at most ${plural(hours, "hour", "hours")}, as estimated or last rehearsed`,
      `plan.times: [{ scenario: "${scenario}", hours: … }]`,
    ),
  ];
}
