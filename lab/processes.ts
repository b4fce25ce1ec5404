import fs from "node:fs";

/** Which process holds something. Numbers are used again, so a process is known by its beginning too. */
export interface ProcessMark {
  pid: number;
  began: string;
}

const OWN = beganOf(process.pid) ?? String(performance.timeOrigin);

/** Of a process that runs; where the system does not tell when it began, its number has to do. */
export const markOf = (pid: number): ProcessMark => ({ pid, began: pid === process.pid ? OWN : (beganOf(pid) ?? "") });

export function isAlive({ pid, began }: ProcessMark): boolean {
  if (pid === process.pid) return began === OWN;
  if (!exists(pid)) return false;
  const found = beganOf(pid);
  return found === undefined || found === began;
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** As Linux tells it; undefined where nothing does. One that is dead, and only not buried yet, began never. */
function beganOf(pid: number): string | undefined {
  try {
    // The name before the parenthesis may hold anything.
    const [state = "", ...fields] =
      fs
        .readFileSync(`/proc/${String(pid)}/stat`, "utf8")
        .split(") ")
        .at(-1)
        ?.split(" ") ?? [];
    return "ZX".includes(state) ? "never" : fields[18];
  } catch {
    return undefined;
  }
}
