import type { Step } from "../../../estate/documents";
import { breakCmdlet, closeFiles, cutHost, fillDisk, mendCmdlets, mendHost, removeShare } from "../../../lab/commands";
import { below, folderKey, type Place } from "../../../lab/paths";
import type { World } from "../../../lab/world";
import { apply, BK01, FE01, vault, WORK } from "../fixture";
import { look } from "./support";

/** What can break as a step of an export or a copy begins, and how it is mended. */

export interface Fault {
  /** All in one go: the step begins when the world is free again. */
  strike: (lab: string, step: Step, cancel: AbortController) => Promise<unknown>;
  mend: (lab: string) => Promise<unknown>;
  /** Which steps it can strike, and then the run fails; without it any step, some of which do not mind. */
  strikes?: (step: Step) => boolean;
}

const nothing = (): Promise<void> => Promise.resolve();
const GIGABYTE = 1024 ** 3;

const isOf =
  (...kinds: readonly Step["kind"][]) =>
  ({ kind }: Step): boolean =>
    kinds.includes(kind);

const broken = (fault: "refuse" | "hang" | "half"): Fault => ({
  strike: (lab, step) => (step.kind === "cmdlet" ? breakCmdlet(lab, FE01, step.cmdlet, fault) : nothing()),
  mend: (lab) => mendCmdlets(lab, FE01),
  strikes: (step) => step.kind === "cmdlet" && (fault !== "half" || step.cmdlet.startsWith("Export-")),
});

/** What the run has made so far and has not moved to the target. */
const eachMade = (lab: string, harm: (world: World, place: Place) => void): Promise<unknown> =>
  look(lab, (world) => {
    const work = { host: FE01, local: WORK };
    for (const { path } of [...world.disk.files(work)]) harm(world, below(work, path));
  });

const changed = (lab: string, change: (content: Buffer) => Buffer): Promise<unknown> =>
  eachMade(lab, ({ disk }, place) => {
    const content = disk.body(place)?.read();
    if (content && content.length > 0) disk.write(place, change(Buffer.from(content)));
  });

export const FAULTS: Readonly<Record<string, Fault>> = {
  "the target is cut off": { strike: (lab) => cutHost(lab, BK01), mend: (lab) => mendHost(lab, BK01) },
  "its cmdlet refuses": broken("refuse"),
  "its cmdlet does not answer": broken("hang"),
  "its cmdlet writes half a file": broken("half"),
  "what was made is cut short": {
    strike: (lab) => changed(lab, (content) => content.subarray(0, content.length - 3)),
    mend: nothing,
    strikes: isOf("check"),
  },
  "an antivirus program has open what was made": {
    strike: (lab) =>
      eachMade(lab, (world, { local }) => {
        (world.computer(FE01).openFiles ??= []).push(folderKey(local));
      }),
    mend: (lab) => closeFiles(lab, FE01),
    strikes: isOf("check", "hash", "publish"),
  },
  "what was made is another than was hashed": {
    strike: (lab) =>
      changed(lab, (content) => {
        const middle = Math.floor(content.length / 2);
        content[middle] = (content[middle] ?? 0) ^ 0x55;
        return content;
      }),
    mend: nothing,
    strikes: isOf("publish"),
  },
  "the target is full": {
    strike: (lab) => fillDisk(lab, BK01, "D", 0),
    mend: (lab) => fillDisk(lab, BK01, "D", 400 * GIGABYTE),
  },
  "the share of the target is gone": {
    strike: (lab) => removeShare(lab, BK01, vault.share ?? ""),
    mend: (lab) => apply(lab, BK01, { kind: "set-target", target: vault }),
  },
  "it is cancelled": {
    strike: (_lab, _step, cancel) => {
      cancel.abort();
      return nothing();
    },
    mend: nothing,
  },
};
