import { bucketLayout, MANIFEST, Name, RunId } from "../estate/documents";

/** What the keys of a bucket mean: the way back from `bucketLayout`. What has another form is none of ours. */
export type ObjectKey =
  | { kind: "readme" }
  | { kind: "manifest"; series: string; set: string }
  | { kind: "contents"; series: string; set: string; turn: number }
  | { kind: "verified"; series: string; set: string; at: string }
  | { kind: "data" | "pack"; series: string; sha256: string; turn: number }
  | { kind: "mark"; series: string; object: string; at: string };

const TIME = String.raw`\d{8}T\d{6}Z`;
const HASH = "[0-9a-f]{64}";
const FORMS = {
  sets: new RegExp(
    `^(?<set>[^/]+)/(?:${MANIFEST.replace(".", "\\.")}|(?<file>contents)(?:\\.(?<turn>[1-9]\\d{0,8}))?\\.jsonl)$`,
  ),
  side: new RegExp(`^(?<set>[^/.]+)\\.verified\\.(?<at>${TIME})\\.json$`),
  data: new RegExp(`^(?<sha256>${HASH})\\.(?<turn>\\d{1,9})$`),
  packs: new RegExp(`^(?<sha256>${HASH})\\.(?<turn>\\d{1,9})\\.zip$`),
  marks: new RegExp(`^(?<object>[^/]+)\\.(?<at>${TIME})\\.json$`),
} as const;

export function parseKey(key: string): ObjectKey | undefined {
  if (key === bucketLayout.readme) return { kind: "readme" };
  const [, series = "", folder = "", rest = ""] = /^series\/([^/]+)\/([^/]+)\/(.+)$/.exec(key) ?? [];
  if (!Name.safeParse(series).success || !isFolder(folder)) return undefined;
  const { set = "", file, at = "", sha256 = "", turn = "", object = "" } = FORMS[folder].exec(rest)?.groups ?? {};
  switch (folder) {
    case "sets":
      if (!RunId.safeParse(set).success) return undefined;
      return file === undefined
        ? { kind: "manifest", series, set }
        : { kind: "contents", series, set, turn: Number(turn || "0") };
    case "side":
      return RunId.safeParse(set).success ? { kind: "verified", series, set, at } : undefined;
    case "data":
    case "packs":
      if (sha256 === "") return undefined;
      return { kind: folder === "data" ? "data" : "pack", series, sha256, turn: Number(turn) };
    case "marks":
      return object === "" ? undefined : { kind: "mark", series, object, at };
  }
}

const isFolder = (folder: string): folder is keyof typeof FORMS => Object.hasOwn(FORMS, folder);

/** How a mark names its object. */
export const marked = (object: string): string => object.replaceAll("/", "_");
