import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createLab } from "../../lab/commands";

/** A lab of its own for each test that asks for one; gone with the test. */
export async function temporaryLab(): Promise<{ folder: string; remove: () => void }> {
  const folder = path.join(mkdtempSync(path.join(tmpdir(), "lync-backup-lab-")), "lab");
  await createLab(folder, { deployment: "contoso" });
  return {
    folder,
    remove: () => {
      rmSync(path.dirname(folder), { recursive: true, force: true });
    },
  };
}
