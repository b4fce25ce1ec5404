import type { Actor } from "../files";
import { robocopy } from "../robocopy";
import type { World } from "../world";

/**
 * Programs as the module starts them: a command line comes in, an exit code and what they write goes out. They take no
 * time on the lab's clock, so that what says when or how fast has no effect here.
 */

export interface Ended {
  exitCode: number;
  output: string;
}

export function runProgram(world: World, actor: Actor, program: string, line: string): Ended {
  if (program.toLowerCase() !== "robocopy.exe") throw new Error(`The lab has no program ${program}.`);
  const call = robocopyCall(argumentsIn(line));
  const { exitCode, copied, skipped, failed, bytes, errors } = robocopy(world, actor, call);
  const row = (title: string, ...numbers: number[]): string => `   ${title} : ${numbers.map(String).join("   ")}`;
  const said = errors.map((error) => `2026/03/01 02:00:00 ERROR 32 (0x00000020) ${error}`);
  const all = copied + skipped + failed;
  const summary = [
    row("Dirs", 1, 0, 1, 0, 0, 0),
    row("Files", all, copied, skipped, 0, failed, 0),
    row("Bytes", bytes, bytes, 0, 0, 0, 0),
  ];
  return { exitCode, output: [...said, ...summary, ""].join("\r\n") };
}

/** As a program of Windows takes its command line apart: 2n backslashes before a quote are n, and 2n+1 quote it. */
export function argumentsIn(line: string): string[] {
  const found: string[] = [];
  let current: string | undefined;
  let quoted = false;
  for (let at = 0; at < line.length; at++) {
    const rest = /^(\\*)(")?/.exec(line.slice(at));
    const backslashes = rest?.[1]?.length ?? 0;
    if (rest?.[2] !== undefined) {
      current = (current ?? "") + "\\".repeat(Math.floor(backslashes / 2));
      at += backslashes;
      if (backslashes % 2 === 1) current += '"';
      else quoted = !quoted;
    } else if (backslashes > 0) {
      current = (current ?? "") + "\\".repeat(backslashes);
      at += backslashes - 1;
    } else if (!quoted && /[ \t]/.test(line.charAt(at))) {
      if (current !== undefined) found.push(current);
      current = undefined;
    } else {
      current = (current ?? "") + line.charAt(at);
    }
  }
  return current === undefined ? found : [...found, current];
}

function robocopyCall([source = "", destination = "", ...rest]: readonly string[]): Parameters<typeof robocopy>[2] {
  const names: string[] = [];
  const excluded = { "/XF": [] as string[], "/XD": [] as string[] };
  const options = new Map<string, string>();
  let list: string[] | undefined = names;
  for (const one of rest) {
    if (one === "/XF" || one === "/XD") list = excluded[one];
    else if (one.startsWith("/")) {
      const [option = "", value = ""] = one.split(":");
      options.set(option, value);
      list = undefined;
    } else list?.push(one);
  }
  const number = (option: string): number => Number(options.get(option) ?? 0);
  return {
    source,
    destination,
    ...(names.length > 0 ? { names } : {}),
    excludeFiles: excluded["/XF"],
    excludeFolders: excluded["/XD"],
    mirror: options.has("/MIR"),
    backupMode: options.has("/B"),
    security: (options.get("/COPY") ?? "").includes("S"),
    retries: number("/R"),
    waitSeconds: number("/W"),
  };
}
