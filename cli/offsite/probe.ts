import type { StoreReference } from "../../estate/documents";
import { known, whoSays } from "../../estate/stores/known";
import { probe, type Finding, type ProbeReport } from "../../offsite/probe/probe";
import { answer, colours, note, table } from "../output";
import type { StoreCommand } from "./options";
import { meantBy, withInterrupt } from "./store";

/** Tries what a store can do. As JSON it is the document of the store, ready for `--store` and for an estate. */
export async function probeOffsite(command: StoreCommand): Promise<void> {
  const { reference, options } = await meantBy(command);
  const report = await withInterrupt((signal) => probe(reference, { ...options, signal }));
  answer(command, { ...reference, capabilities: report.capabilities }, () =>
    [reportText(report), ...surprises(reference, report)].join("\n"),
  );
  for (const key of report.left)
    note(`The probe could not remove ${key}: its credentials may not, or a lock keeps it for a minute.`);
}

function reportText({ findings }: ProbeReport): string {
  const rows = findings.map(({ capability, holds, because }) => [markOf(holds), capability, because]);
  return [
    table(["", "capability", "why"], rows),
    "With --json, this is the document of the store that --store takes and an estate records.",
  ].join("\n");
}

/** Where this bucket is unlike its kind, what is said of the kind may be out of date. */
function surprises(reference: StoreReference, { findings }: ProbeReport): string[] {
  const kind = { ...reference, capabilities: {} };
  return findings
    .filter(({ capability, holds }) => {
      const said = known(kind, capability);
      return holds !== undefined && said !== undefined && said !== holds;
    })
    .map(({ capability, holds }) => {
      const verdict = holds === true ? "has" : "lacks";
      return `This bucket ${verdict} ${capability}, otherwise than ${whoSays(kind, capability)}: the probe counts once it is recorded.`;
    });
}

function markOf(holds: Finding["holds"]): string {
  if (holds === undefined) return colours.dim("?");
  return holds ? colours.green("✓") : colours.red("✗");
}
