import net from "node:net";
import path from "node:path";
import type { CmdletRefusal } from "../cmdlets/call";
import { callCmdlet } from "../cmdlets/call";
import { findAccount, groupsOf } from "../directory";
import { freeBytes, reach, reachAsBackup, volumeOf, type Actor } from "../files";
import type { FileError } from "../paths";
import { executeSql } from "../sql/statements";
import { Store } from "../store";
import { inWorld, type World } from "../world";
import { runProgram } from "./programs";

/**
 * The lab for whoever runs outside of this process: call a cmdlet as this account on this host, run this program, touch
 * these files, look at the clock. One line of JSON comes in, one goes out. It listens on this computer only, and to those
 * who know its key.
 */

export interface Simulator {
  port: number;
  key: string;
  close: () => Promise<void>;
}

type Asked = Record<string, unknown>;
type Answers = Record<string, (world: World, actor: Actor, asked: Asked) => unknown>;

const text = (value: unknown): string => (typeof value === "string" ? value : "");

const ANSWERS: Answers = {
  now: (world) => world.clock.now,

  computer: (world, { host }) => {
    const { fqdn, domain, operatingSystem, timeZone, lync } = world.computer(host);
    return { fqdn, domain, operatingSystem, timeZone, lync };
  },

  token: (world, { account }) => ({
    account,
    sid: findAccount(world.directory, account)?.sid ?? null,
    groups: [...groupsOf(world.directory, account)],
  }),

  sid: (world, _, { account }) => findAccount(world.directory, text(account))?.sid ?? null,

  /** Where a file of that computer lies on this one, for who may use it. */
  path: (world, actor, asked) => {
    const need = asked["change"] === true ? "change" : "read";
    const place = (asked["backup"] === true ? reachAsBackup : reach)(world, actor, text(asked["path"]), need);
    world.disk.materialise(place);
    return path.resolve(world.disk.realPath(place));
  },

  free: (world, actor, asked) => {
    const place = reach(world, actor, text(asked["path"]), "read");
    const capacity = volumeOf(world.computer(place.host), place.local)?.capacityBytes;
    return { freeBytes: freeBytes(world, place) ?? 0, capacityBytes: capacity ?? 0 };
  },

  cmdlet: (world, actor, { name, parameters }) => callCmdlet(world, actor, text(name), parameters as Asked),

  sql: (world, actor, { instance, statement, parameters }) =>
    executeSql(world, actor, {
      instance: text(instance),
      statement: text(statement),
      parameters: parameters as Record<string, string | number>,
    }),

  program: (world, actor, { program, line }) => runProgram(world, actor, text(program), text(line)),
};

export async function serveLab(folder: string, actor: Actor, key: string): Promise<Simulator> {
  const store = new Store(folder);
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    const chunks: Buffer[] = [];
    socket.on("error", () => undefined);
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    socket.on("end", () => {
      void answer(store, actor, key, Buffer.concat(chunks).toString("utf8")).then((line) => socket.end(`${line}\n`));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the simulator has no port");
  return {
    port: address.port,
    key,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
      }),
  };
}

async function answer(store: Store, actor: Actor, key: string, line: string): Promise<string> {
  try {
    const asked = JSON.parse(line) as Asked;
    if (asked["key"] !== key) throw new Error("Whoever asked does not know the key.");
    const does = ANSWERS[text(asked["ask"])];
    if (!does) throw new Error("The lab does not know what was asked.");
    // What it did before it refused stays done, as everywhere.
    const ended = await inWorld(store, async (world) => {
      try {
        return { found: (await does(world, actor, asked)) ?? null };
      } catch (error) {
        return { error };
      }
    });
    if ("error" in ended) throw ended.error;
    return JSON.stringify({ ok: true, found: ended.found });
  } catch (error) {
    const { code, advice } = error as Partial<CmdletRefusal & FileError>;
    return JSON.stringify({ ok: false, code: code ?? "internal", message: (error as Error).message, advice });
  }
}
