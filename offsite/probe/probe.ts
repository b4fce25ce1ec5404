import type { StoreReference } from "../../estate/documents";
import { CAPABILITIES, type Capability } from "../../estate/stores/capabilities";
import { PROFILES } from "../../estate/stores/profiles";
import { OffsiteError } from "../error";
import { openStore, type StoreOptions } from "../store/open";
import { Ground } from "./ground";
import { TRIALS, type Outcome } from "./trials";

/** What a store can do, found out by trying: what it accepts proves nothing; what it refuses and tells does. */
export interface ProbeReport {
  /** To be recorded in the estate. What could not be decided is not in it. */
  capabilities: Partial<Record<Capability, boolean>>;
  findings: Finding[];
  /** Objects of the probe that these credentials may not delete, or that a lock keeps for a minute. */
  left: string[];
}

export interface Finding {
  capability: Capability;
  holds: boolean | undefined;
  /** For a person. */
  because: string;
}

/** Somebody waits for the answer. */
const PATIENCE_MS = 20_000;

/** Writes some small objects below `probe/` of the prefix, and takes them away again. */
export async function probe(reference: StoreReference, options: StoreOptions): Promise<ProbeReport> {
  // Neither what was recorded before nor what is said of its kind must keep anything from being tried.
  const profile = PROFILES[reference.profile].addressing === "path" ? "generic" : reference.profile;
  const store = await openStore(
    { ...reference, profile, capabilities: {} },
    { ...options, patience: { forMs: PATIENCE_MS, ...options.patience } },
  );
  try {
    const ground = new Ground(store);
    const report: ProbeReport = { capabilities: {}, findings: [], left: [] };
    await ground.begin();
    for (const capability of Object.keys(CAPABILITIES) as Capability[]) {
      const finding = findingOf(capability, await outcomeOf(() => TRIALS[capability](ground)));
      if (finding.holds !== undefined) report.capabilities[capability] = finding.holds;
      report.findings.push(finding);
    }
    report.left = await ground.tidy();
    return report;
  } finally {
    store.close();
  }
}

/** A refusal means that the store cannot do it; that these credentials may not do it proves nothing. */
async function outcomeOf(trial: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await trial();
  } catch (error) {
    if (!(error instanceof OffsiteError)) throw error;
    if (error.code === "access-denied") return { undecided: error.message };
    if (["lacks", "refused", "damaged"].includes(error.code)) return false;
    throw error;
  }
}

function findingOf(capability: Capability, outcome: Outcome): Finding {
  if (typeof outcome === "object") {
    return { capability, holds: undefined, because: `it could not be decided: ${outcome.undecided}` };
  }
  const what = CAPABILITIES[capability];
  return { capability, holds: outcome, because: outcome ? `it ${what}` : `nothing there ${what}` };
}
