import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";

/** Of all that makes a lab what it is: the same history leaves the same one. */
export function fingerprint(folder: string): string {
  const digest = createHash("sha256");
  for (const part of ["world", "files"].map((name) => path.join(folder, name))) {
    const files = fs.existsSync(part) ? fs.readdirSync(part, { recursive: true, withFileTypes: true }) : [];
    for (const file of files.map((one) => path.join(one.parentPath, one.name)).sort()) {
      digest.update(path.relative(folder, file));
      if (fs.statSync(file).isFile()) digest.update(fs.readFileSync(file));
    }
  }
  return digest.digest("hex");
}
