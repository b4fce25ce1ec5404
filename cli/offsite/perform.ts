import fs from "node:fs";
import path from "node:path";
import { CourierAnswer, CourierPlace, CourierStep, hostLayout } from "../../estate/documents";
import { performCourier } from "../../offsite/courier";
import { messageOf, OffsiteError } from "../../offsite/error";
import { CliError, print } from "../output";

/** The data folder of the module on this computer. */
export function dataFolder(given: string | undefined): string {
  if (given !== undefined) return given;
  const { ProgramData: programData } = process.env;
  if (programData !== undefined) return path.join(programData, "LyncBackup");
  throw new CliError("Say with --data where the module keeps its data: this computer has no %ProgramData%.", 2);
}

/** Notes where this installation is, so that courier steps of this computer's jobs start it. */
export function installCourier({ data }: { data?: string }): void {
  const folder = dataFolder(data);
  const file = path.join(folder, hostLayout.courier);
  const program = path.join(__dirname, "..", "main.js");
  writeWhole(file, CourierPlace.write(CourierPlace.make({ node: process.execPath, program })));
  print(`Courier steps on this computer now start ${program}, as ${file} says.`);
}

/** One courier step, for the module that has asked for it: the answer is complete, or not there. */
export async function performStep(asked: string, answered: string, command: { credentials: string }): Promise<void> {
  const step = CourierStep.parse(JSON.parse(fs.readFileSync(asked, "utf8")));
  const answer = await performCourier({
    step,
    folderOf: ({ path: folder }) => folder,
    credentialsFolder: command.credentials,
    now: () => new Date(),
  }).then(
    (done) => CourierAnswer.make({ done }),
    (error: unknown) =>
      CourierAnswer.make({
        failure: { code: error instanceof OffsiteError ? error.code : "failed", message: messageOf(error) },
      }),
  );
  writeWhole(answered, CourierAnswer.write(answer));
}

function writeWhole(file: string, text: string): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(`${file}.partial`, text);
  fs.renameSync(`${file}.partial`, file);
}
