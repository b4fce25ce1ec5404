import type { Pool, Topology } from "../../estate/documents";
import { fileStoresOf, isFrontEnd } from "../../estate/topology/stores";
import { ADMINISTRATORS, SYSTEM, type Directory } from "../directory";
import { folderOf, OPEN_MEETING, ownersOf } from "../model/file-stores";
import { folderKey, joinWindows } from "../paths";
import { randomFrom } from "../random";
import { treeAt } from "../trees";
import type { Computer } from "../world";

/** What Lync keeps in its file stores when the lab begins, in the documented layout. None of these files is written. */

export interface Filling {
  seed: string;
  /** At least what every store has. */
  filesPerStore: number;
  now: string;
}

const DRIVE = "E";
const DRIVE_BYTES = 2 * 1024 ** 4;

/** Shares each store on the computer that serves it, and returns what is in them. Where a namespace leads nobody knows. */
export function placeFileStores(
  topology: Topology,
  computers: readonly Computer[],
  directory: Directory,
  filling: Filling,
): Record<string, string[]> {
  const parts: Record<string, string[]> = {};
  for (const { path, pools } of fileStoresOf(topology)) {
    const [, , server = "", share = ""] = path.split("\\");
    const computer = computers.find(({ fqdn }) => fqdn === server);
    if (!computer) continue;
    const folder = `${DRIVE}:\\${share}`;
    const access = [ADMINISTRATORS, SYSTEM, ...ownersOf(directory)];
    computer.volumes[DRIVE] ??= { capacityBytes: DRIVE_BYTES, otherBytes: 0, encryption: "none" };
    computer.shares[share.toLowerCase()] = { name: share, path: folder, access };
    computer.access[folderKey(folder)] = structuredClone(access);
    const files = filesOf(topology, path, pools, filling);
    parts[treeAt(server, DRIVE, share)] = files.map((file) => file.join("\t")).sort();
    computer.openFiles = files.flatMap(([file]) =>
      file.endsWith(OPEN_MEETING) ? [folderKey(joinWindows(folder, file))] : [],
    );
  }
  return parts;
}

/** Path below the store, size, time, and the seed of its contents. */
type File = [path: string, bytes: number, modified: number, seed: string];

/** So many different contents are enough for any number of files: each has to be made only once to know its hash. */
const CONTENTS = 400;
const DAY_MS = 86_400_000;

function filesOf(
  topology: Topology,
  store: string,
  pools: readonly Pool[],
  { seed, filesPerStore, now }: Filling,
): File[] {
  const random = randomFrom(`${seed} ${store}`);
  const files: File[] = [];
  const add = (path: string, daysAgo = 1 + random.below(300)): void => {
    const content = random.below(CONTENTS);
    const modified = Date.parse(now) - daysAgo * DAY_MS - random.below(DAY_MS);
    files.push([path, 200 + ((content * 7919) % 40_000), modified, `content ${String(content)}`]);
  };
  for (const pool of pools) for (const path of steadyFiles(topology, pool)) add(path);
  const frontEnds = pools.filter(isFrontEnd);
  for (const pool of frontEnds) add(`${folderOf(topology, pool, "WebServices")}\\CollabContent\\0${OPEN_MEETING}`, 0);
  for (let number = 0; frontEnds.length > 0 && files.length < filesPerStore; number++) {
    const pool = frontEnds[number % frontEnds.length];
    if (pool) add(`${folderOf(topology, pool, "WebServices")}\\${meetingFile(number)}`);
  }
  return files;
}

const CONTENT = ["CollabContent", "DataConf", "MeetingFiles"] as const;

/** Eight to a meeting: seven that somebody has uploaded, and what is known of them. */
function meetingFile(number: number): string {
  const meeting = String(Math.floor(number / 8) + 1).padStart(6, "0");
  if (number % 8 === 0) return `CollabMetadata\\${meeting}\\metadata.xml`;
  return `${CONTENT[number % CONTENT.length] ?? CONTENT[0]}\\${meeting}\\slides-${String(number % 8)}.pptx`;
}

/** Everything but what meetings leave behind. */
function steadyFiles(topology: Topology, pool: Pool): string[] {
  const inFolder = (service: Parameters<typeof folderOf>[2], ...files: string[]): string[] =>
    files.map((file) => `${folderOf(topology, pool, service)}\\${file}`);
  if (pool.kind === "persistent-chat") return inFolder("PersistentChatServer", String.raw`RoomFiles\plan.docx`);
  if (!isFrontEnd(pool)) return [];
  const { active, standby } = topology.centralManagement;
  const audio: Partial<Record<string, string[]>> = {
    "call-park": [String.raw`CPS\hold.wma`],
    announcement: [String.raw`RGS\AS\closed.wav`, String.raw`RGS\AS\moved.wav`],
    "response-group": [String.raw`Rgs\Instances\welcome.wav`],
  };
  const queues = ["replicas\\fe.xml", "fta\\queue.xml", "tmp\\0001.zip"].map(
    (one) => `CMSFileStore\\xds-master\\${one}`,
  );
  const addressBook = ["C-0a12.lsabs", "C-0a13.lsabs", "D-0a12-0a13.lsabs"].map((one) => `ABFiles\\${one}`);
  return [
    ...inFolder(
      "ApplicationServer",
      ...pool.roles.flatMap((role) => audio[role] ?? []).map((one) => `AppServerFiles\\${one}`),
    ),
    ...(pool.fqdn === active || pool.fqdn === standby ? inFolder("CentralMgmt", ...queues) : []),
    ...inFolder(
      "WebServices",
      ...addressBook,
      String.raw`DeviceUpdateStore\phones.cab`,
      String.raw`WebAuthStore\store.xml`,
    ),
    ...(pool.pairedWith === undefined ? [] : inFolder("BackupService", String.raw`ConfServices\batch-0001.zip`)),
  ];
}
