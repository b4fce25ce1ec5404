import { CMDLETS } from "../../estate/cmdlets";
import { ASSUMPTIONS } from "../../estate/catalogue";
import { SIMULATED } from "../../lab/cmdlets/call";
import { LAB_POINTS, SHARED_POINTS, type LabPoint } from "../../lab/evidence";
import { code, markdown, table, type Page } from "./page";

/** How far the lab can be trusted: which cmdlets it simulates, and what it rests on besides the documentation. */

export function labPages(): Page[] {
  const missing = Object.keys(CMDLETS).filter((name) => !SIMULATED.includes(name));
  return [
    markdown(
      "lab-evidence.md",
      "# How sure the lab is",
      "The refusals of cmdlets, their parameters, the groups they want and what each export holds follow Microsoft's documentation; the tests in `test/lab/cmdlets` name the topic for each, and those in `test/lab/sql` for what SQL Server refuses. What follows here does not, and a correction from a real server is welcome for each point.",
      "## Points of the lab",
      table(
        ["Point", "Rests on", "Stands in"],
        LAB_POINTS.map((point) => [point.says, EVIDENCE[point.evidence], code(point.in)]),
      ),
      "## Points of the whole product",
      "The lab behaves as if these were true, so no rehearsal in it can find out that one is not.",
      table(
        ["Point", "Rests on", "How to confirm it"],
        SHARED_POINTS.map((id) => [ASSUMPTIONS[id].says, EVIDENCE[ASSUMPTIONS[id].evidence], ASSUMPTIONS[id].confirm]),
      ),
      "## Cmdlets",
      `Simulated, with their refusals and consequences: ${list([...SIMULATED].sort())}.`,
      `Known by their syntax only; a call says that the lab does not simulate it yet: ${list(missing)}.`,
    ),
  ];
}

const list = (names: readonly string[]): string => names.map(code).join(", ");

const EVIDENCE: Record<LabPoint["evidence"], string> = {
  community: "reports of operators",
  general: "general knowledge",
  ours: "a form of the lab's own",
};
