import { parentOf } from "../paths";
import { OS_ERRORS, sqlError } from "./error";
import { dataFolder, placedFiles } from "./inventory";
import { databasesHeld } from "./log";
import type { BackupHeader, PlacedFile, Session } from "./model";

/** Where a restore puts the files of a database: where they were, unless WITH MOVE says otherwise. */

export interface Move {
  logical: string;
  path: string;
}

/** Into folders that are there, and over no other database's files. */
export function movedFiles(session: Session, header: BackupHeader, name: string, moves: readonly Move[]): PlacedFile[] {
  const files = header.files ?? placedFiles(session, { name: header.database, log: {} });
  const isCalled = (logical: string) => (file: { logical: string }) =>
    file.logical.toLowerCase() === logical.toLowerCase();
  for (const { logical } of moves) {
    if (!files.some(isCalled(logical))) throw sqlError(3234, logical, name);
  }
  const placed = files.map((file) => ({ ...file, path: moves.find(isCalled(file.logical))?.path ?? file.path }));
  for (const { path } of placed) {
    mustHaveFolder(session, path);
    const user = databasesHeld(session.world, session.server).find(
      (held) =>
        held.name.toLowerCase() !== name.toLowerCase() &&
        placedFiles(session, held).some((file) => file.path.toLowerCase() === path.toLowerCase()),
    );
    if (user) throw sqlError(1834, path, user.name);
  }
  return placed;
}

function mustHaveFolder(session: Session, path: string): void {
  const { world, server } = session;
  const place = parentOf({ host: server.node, local: path });
  if (place.local.toLowerCase() === dataFolder(session).toLowerCase()) return;
  if (
    world.computer(server.node).volumes[path.slice(0, 1).toUpperCase()] &&
    world.disk.stat(place)?.kind === "folder"
  ) {
    return;
  }
  throw sqlError(5133, path, OS_ERRORS["path-not-found"]);
}
