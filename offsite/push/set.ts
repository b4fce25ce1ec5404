import { bucketLayout } from "../../estate/documents";
import { OffsiteError } from "../error";
import { buildPack } from "../packs/build";
import { inParallel, shuffled, type Slabs } from "../parallel";
import type { FileLine, ObjectLine } from "../sets/contents";
import type { SetFile } from "../sets/files";
import { notAsSealed, withFile } from "../sets/read";
import type { SealedSet } from "../sets/target";
import { bodyOf } from "../store/body";
import type { Known } from "./known";
import { sendInParts } from "./parts";
import { planOf, type Plan } from "./plan";
import type { SetProgress } from "./progress";
import type { Shelf } from "./shelf";
import { SLAB } from "./sizes";

/** Everything that carries one set: what its files are, where content already lies, and how to send the rest. */
export interface SetWork {
  sealed: SealedSet;
  files: readonly SetFile[];
  shelf: Shelf;
  known: Known;
  slabs: Slabs;
  progress: SetProgress;
  transfers: number;
  othersMs: number;
}

export interface CarriedContent {
  objects: ObjectLine[];
  files: FileLine[];
}

/** A prune, or somebody's hand, may take away what was there; each time the rest is sent again. */
const ROUNDS = 8;
/** Of more objects than these, couriers that begin together seldom take the same one first. */
const FEW = 8;

/**
 * Brings the content of the set into the bucket, and makes sure at the end, by a new listing, that all of it is there
 * and nothing of it is about to be pruned. From then on there is so much time to publish.
 */
export async function carryContent(work: SetWork): Promise<CarriedContent> {
  const { shelf, files, known, sealed } = work;
  for (let round = 0; round < ROUNDS; round++) {
    const plan = planOf(sealed.series, files, shelf.inventory, known, shelf.avoid);
    announce(work, plan);
    const content = await deliver(work, plan);
    if (!content) continue;
    if ((await shelf.vanished(content.objects.map(({ object }) => object))).length === 0) return content;
    work.progress.note("content that the set needs was taken away or marked by a prune meanwhile, and is sent again");
  }
  throw new OffsiteError(
    "refused",
    `${sealed.series}/${sealed.set}: what it needs vanished from ${shelf.store.where} again and again while it was carried.`,
    "See what deletes there, then push again.",
  );
}

function announce({ progress, files }: SetWork, { packs, singles, placed, copies }: Plan): void {
  const sum = (some: Iterable<SetFile>): { files: number; bytes: number } => {
    let [count, bytes] = [0, 0];
    for (const file of some) [count, bytes] = [count + 1, bytes + file.bytes];
    return { files: count, bytes };
  };
  const toSend = sum([...packs.flat(), ...singles]);
  progress.plan(toSend, { files: files.length - toSend.files, bytes: sum([...placed.keys(), ...copies.keys()]).bytes });
}

/** Undefined where something that was counted on cannot be used: then there must be another plan. */
async function deliver(work: SetWork, plan: Plan): Promise<CarriedContent | undefined> {
  const { shelf, known } = work;
  const lines = new Map<string, ObjectLine>();
  const files = new Map<SetFile, FileLine>();
  let usable = true;

  const shared = new Map<string, { bytes: number; sha256: string }>();
  for (const [file, { in: key }] of plan.placed) {
    shared.set(key, { bytes: shelf.inventory.objects.get(key)?.bytes ?? file.bytes, sha256: hashIn(key) });
  }
  const tasks = [
    ...[...shared].map(([key, expected]) => async () => {
      const line = await shelf.check(key, expected);
      if (line) lines.set(key, line);
      else usable = false;
    }),
    ...plan.packs.map((pack) => () => sendPack(work, pack, lines, files)),
    ...plan.singles.map((file) => () => sendSingle(work, file, lines, files)),
  ];
  shelf.crowded = plan.packs.length + plan.singles.length <= FEW;
  await inParallel(shuffled(tasks), work.transfers, (task) => task());

  for (const line of files.values()) known.add(line);
  for (const [file, place] of plan.placed) files.set(file, { path: file.path, sha256: file.sha256, ...place });
  for (const [copy, original] of plan.copies) {
    const line = files.get(original);
    if (line) files.set(copy, { ...line, path: copy.path });
  }
  if (!usable) return undefined;
  return {
    objects: [...lines.values()].sort((a, b) => (a.object < b.object ? -1 : 1)),
    files: work.files.flatMap((file) => files.get(file) ?? []),
  };
}

/** Content is called by its hash. */
const hashIn = (key: string): string => /[0-9a-f]{64}/.exec(key)?.[0] ?? "";

async function sendPack(
  { sealed, shelf, slabs, progress }: SetWork,
  pack: readonly SetFile[],
  lines: Map<string, ObjectLine>,
  files: Map<SetFile, FileLine>,
): Promise<void> {
  await slabs.use(async (slab) => {
    const { body, sha256, placed } = await buildPack(sealed, pack, slab);
    const { line, sent } = await shelf.deliver(
      (turn) => bucketLayout.pack(sealed.series, sha256, turn),
      { bytes: body.bytes, sha256 },
      async (key) => ({ exists: (await shelf.store.put(key, body, shelf.keeping)) === "exists" }),
    );
    lines.set(line.object, line);
    for (const [index, { entry, offset }] of placed.entries()) {
      const file = pack[index];
      const { path, bytes } = entry;
      if (file) files.set(file, { path, bytes, sha256: entry.sha256, in: line.object, entry: path, offset });
    }
    if (sent) progress.sentObjects++;
    progress.settle(
      pack.reduce((sum, { bytes }) => sum + bytes, 0),
      sent,
    );
  });
}

async function sendSingle(
  { sealed, shelf, slabs, progress, othersMs }: SetWork,
  file: SetFile,
  lines: Map<string, ObjectLine>,
  files: Map<SetFile, FileLine>,
): Promise<void> {
  const { path, bytes, sha256 } = file;
  const keyOf = (turn: number): string => bucketLayout.data(sealed.series, sha256, turn);
  const onSent = (count: number, sent: boolean): void => {
    progress.settle(count, sent);
  };
  const { store, keeping } = shelf;
  const { line, sent } =
    bytes > SLAB
      ? await shelf.deliver(keyOf, { bytes, sha256 }, (key) =>
          sendInParts({ store, slabs, keeping, othersMs, onSent }, sealed, file, key),
        )
      : await slabs.use(async (slab) => {
          const content = slab.subarray(0, bytes);
          await withFile(sealed, file, (open) => open.fill(content, 0));
          const body = bodyOf(content);
          if (body.sha256.toString("hex") !== sha256) throw notAsSealed(sealed, file);
          const delivered = await shelf.deliver(keyOf, { bytes, sha256 }, async (key) => ({
            exists: (await store.put(key, body, keeping)) === "exists",
          }));
          onSent(bytes, delivered.sent);
          return delivered;
        });
  if (sent) progress.sentObjects++;
  lines.set(line.object, line);
  files.set(file, { path, bytes, sha256, in: line.object });
}
