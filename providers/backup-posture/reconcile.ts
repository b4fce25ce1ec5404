import { ownerText, Posture } from "../../estate/documents";
import { acknowledged, regressions } from "../../estate/posture";
import type { ResourceType } from "../base/resource-type";
import { BackupPostureInputs, BackupPostureOutputs } from "./schema";

const STATE_ONLY = "it stands in the state of the stack alone: what comes later is compared with it";

/**
 * What the whole estate promises. It lies on no host: the state of the stack keeps what was promised last, and a check
 * refuses what promises less, until the declaration says that this is meant.
 */
export const backupPosture: ResourceType<BackupPostureInputs, BackupPostureOutputs> = {
  type: "BackupPosture",
  inputs: BackupPostureInputs,
  outputs: BackupPostureOutputs,
  identity: [],
  computed: [],
  unmanaged: {
    adopt: "there is nothing to take over",
    promises: STATE_ONLY,
    uncovered: "a preview with any of it fails",
    acknowledge: STATE_ONLY,
  },

  id: ({ owner }) => ownerText(owner),

  judge({ promises, uncovered, acknowledge }, last) {
    if (!last) return uncovered;
    const fresh = acknowledge.filter((one) => !last.acknowledge.includes(one));
    const found = regressions(Posture.read(last.promises), promises).filter(({ id }) => !acknowledged(id, fresh));
    const spent = new Set(acknowledge.filter((one) => !fresh.includes(one)));
    return [
      ...uncovered,
      ...found.map(({ id, says }) => {
        const again = acknowledged(id, [...spent])
          ? " (what is acknowledged already counted once: say why, behind a #)"
          : "";
        return `safety regression: ${says}. If this is meant, add acknowledge: [${JSON.stringify(id)}]${again}`;
      }),
    ];
  },

  observe(inputs) {
    const all = Object.values(Posture.read(inputs.promises).obligations);
    const outputs = {
      obligations: all.length,
      protectedObligations: all.filter(({ by }) => by === "job" || by === "external").length,
    };
    return Promise.resolve({ owner: inputs.owner, found: inputs, outputs });
  },

  ensure: () => Promise.resolve(),
  remove: () => Promise.resolve(),
};
