import fs from "node:fs";
import path from "node:path";
import { Carried, targetLayout } from "../../estate/documents";

/** Receipts stand beside the sets on the target: one per set and copy, written when the set is complete offsite. */

export function readReceipt(target: string, series: string, set: string, copy: string): Carried | undefined {
  try {
    return Carried.parse(fs.readFileSync(path.join(target, targetLayout.carried(series, set, copy)), "utf8"));
  } catch {
    // A receipt that cannot be read is none: the bucket tells what is there, and a new one is written.
    return undefined;
  }
}

/** Complete or not there, also after a loss of power. */
export function writeReceipt(target: string, receipt: Carried): void {
  const file = path.join(target, targetLayout.carried(receipt.series, receipt.set, receipt.copy));
  const partial = `${file}.${String(process.pid)}.partial`;
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const handle = fs.openSync(partial, "w");
  try {
    fs.writeFileSync(handle, Carried.write(receipt));
    fs.fsyncSync(handle);
  } finally {
    fs.closeSync(handle);
  }
  fs.renameSync(partial, file);
}
