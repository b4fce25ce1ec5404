import { scopeKey } from "../../estate/documents";
import { restoreCalls, scriptOf } from "../../estate/restore";
import { answer, print, printJson, sizeText, table } from "../output";
import { planned, refusal, type Asked, type Planned } from "./planned";

export interface RestorePlanCommand extends Asked {
  script?: boolean;
  json?: boolean;
}

/** Says which backups bring a database back to a moment, in which order, or what stands in the way. */
export async function showRestorePlan(command: RestorePlanCommand): Promise<void> {
  const plan = await planned(command);
  if ("refused" in plan) {
    if (command.json === true) printJson(plan);
    throw refusal(plan.refused);
  }
  if (command.script === true) print(scriptOf(plan.chain, plan.placing));
  else answer(command, reportOf(plan, command.database), () => wordsOf(plan));
}

function reportOf({ chain, placing, instance }: Planned, database: string) {
  return {
    of: scopeKey({ of: "database", instance, database }),
    as: placing.database,
    at: chain.at,
    ...(chain.stop === undefined ? {} : { stop: chain.stop }),
    notes: chain.notes,
    steps: restoreCalls(chain, placing).map(({ title, link, call }) => ({
      title,
      ...(link ? { kind: link.kind, series: link.series, set: link.set, files: link.files } : {}),
      statement: call.statement,
      parameters: call.parameters,
    })),
  };
}

function wordsOf({ chain, placing, sets }: Planned): string {
  const rows = chain.links.map(({ kind, set, files, at }, index) => {
    const artefacts = sets.find(({ manifest }) => manifest.set === set)?.manifest.artefacts ?? [];
    const bytes = artefacts.reduce((sum, one) => sum + (files.includes(one.path) ? one.bytes : 0), 0);
    return [
      String(index + 1),
      kind,
      set,
      files.join(", "),
      `${new Date(at).toISOString().slice(0, 19)}Z`,
      sizeText(bytes),
    ];
  });
  const stop = chain.stop === undefined ? "" : `, no further than ${chain.stop} by the clock of its server`;
  return [
    `${placing.database} as of ${chain.at}: ${String(rows.length)} backups in this order${stop}`,
    "",
    table(["", "kind", "set", "files", "finished", "size"], rows),
    ...(chain.notes.length === 0 ? [] : ["", ...chain.notes]),
    "",
    "The statements, with --script; nothing was asked of any server.",
  ].join("\n");
}
