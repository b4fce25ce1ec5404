import { closeFiles, damageFile, loseFileStore, openFile, removeFolder } from "../lab/commands";
import type { Change } from "./lab-sql";

/** What happens to files in the lab. */
export function addFileCommands(change: Change): void {
  change("open-file <host> <file>", "somebody has the file open", async (folder, host = "", file = "") => {
    await openFile(folder, host, file);
    return `${file} on ${host} is open: nobody else can read it.`;
  });
  change("close-files <host>", "nobody has a file open there any more", async (folder, host = "") => {
    await closeFiles(folder, host);
    return `No file on ${host} is open.`;
  });
  change("damage <host> <file>", "a byte of the file is another one", async (folder, host = "", file = "") => {
    await damageFile(folder, host, file);
    return `${file} on ${host} is damaged.`;
  });
  change("delete <host> <path>", "a colleague deletes a file or a folder", async (folder, host = "", path = "") => {
    await removeFolder(folder, host, path);
    return `${path} on ${host} is gone.`;
  });
  change("lose-file-store <share>", "a file store is gone, and all that was in it", async (folder, share = "") => {
    await loseFileStore(folder, share);
    return `${share} is gone.`;
  });
}
