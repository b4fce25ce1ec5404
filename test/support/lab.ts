import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, afterEach, before, beforeEach } from "mocha";
import { createLab } from "../../lab/commands";

interface TemporaryLab {
  folder: string;
  remove: () => void;
}

/** A lab of its own for each test that asks for one; gone with the test. */
export async function temporaryLab(): Promise<TemporaryLab> {
  const lab = place();
  await createLab(lab.folder, { deployment: "contoso" });
  return lab;
}

/** A lab for each test of a suite. They begin alike, and what comes before them is done once. */
export function labForEach(prepare: (lab: string) => Promise<void> = () => Promise.resolve()): { folder: string } {
  const lab = { folder: "" };
  let original: TemporaryLab | undefined;
  let copy: TemporaryLab | undefined;
  before(async () => {
    original = await temporaryLab();
    await prepare(original.folder);
  });
  after(() => original?.remove());
  beforeEach(() => {
    copy = place();
    cpSync(original?.folder ?? "", copy.folder, { recursive: true });
    lab.folder = copy.folder;
  });
  afterEach(() => copy?.remove());
  return lab;
}

function place(): TemporaryLab {
  const folder = path.join(mkdtempSync(path.join(tmpdir(), "lync-backup-lab-")), "lab");
  return {
    folder,
    remove: () => {
      rmSync(path.dirname(folder), { recursive: true, force: true });
    },
  };
}
