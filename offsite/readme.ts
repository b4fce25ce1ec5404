import { bucketLayout } from "../estate/documents";
import { known } from "../estate/stores/known";
import { OffsiteError } from "./error";
import type { Store } from "./store/store";
import type { Keeping } from "./store/keeping";

/**
 * The README of a prefix: what lies there, and how it is restored with nothing but common tools. Written once; where
 * nobody knows whether the store keeps to that, it is put twice, and the store must refuse.
 */
export async function writeReadme(store: Store, { encryption }: Keeping): Promise<void> {
  const put = (): ReturnType<Store["put"]> =>
    store.put(bucketLayout.readme, Buffer.from(readmeText()), { encryption, contentType: "text/markdown" });
  if ((await put()) === "exists" || known(store.reference, "conditional-writes") !== undefined) return;
  if ((await put()) === "exists") return;
  throw new OffsiteError(
    "lacks",
    `${store.where} overwrites an object though it was asked not to (conditional-writes): two couriers could undo each other's work.`,
    "Choose another store. offsite probe tells what else this one can do.",
  );
}

export function readmeText(): string {
  const [series, set] = ["SERIES", "SET"];
  const hash = "SHA256";
  return `# Backup sets of Lync Server and Skype for Business Server

Written by lync-backup. Nothing in here is ever changed: what is published stays as it is.
Paths are below the prefix that this file stands in.

| object | what it is |
| --- | --- |
| \`${bucketLayout.manifest(series, set)}\` | the seal of a set. Without it there is no set, whatever else lies here |
| \`${bucketLayout.contents(series, set)}\` | which object holds which file of the set, as JSON lines; of several (\`contents.1.jsonl\` …) the highest number counts |
| \`${bucketLayout.data(series, hash, 0).replace(/0$/, "N")}\` | one file; its name is its SHA-256 |
| \`${bucketLayout.pack(series, hash, 0).replace("0.zip", "N.zip")}\` | a plain ZIP of small files; its name is its SHA-256 |
| \`series/${series}/side/\` | reports of verifications |
| \`series/${series}/marks/\` | objects that a prune wants to delete |

A series is a line of sets, made by one job. A set is called by the UTC time at which its run began: the manifest says
what it covers, with which product version, and which other sets of the series it needs (\`needs\`).
N is a number that grows when the same content had to be sent again.

## Restoring a set without lync-backup

With the AWS command line, jq, unzip and sha256sum. Set BUCKET, PREFIX (empty, or ending in a slash), SERIES and SET:

\`\`\`sh
base="s3://$BUCKET/\${PREFIX}"
aws s3 ls "\${base}series/$SERIES/sets/"
aws s3 cp "\${base}series/$SERIES/sets/$SET/manifest.json" .
aws s3 cp "\${base}series/$SERIES/sets/$SET/contents.jsonl" .
# The objects, each under its key:
jq -r 'select(.object) | .object' contents.jsonl | while IFS= read -r key; do
  mkdir -p "objects/$(dirname "$key")" && aws s3 cp "\${base}$key" "objects/$key"
done
# The files, in their places below set/:
jq -r 'select(.path) | [.path, .in, (.entry // "")] | @tsv' contents.jsonl |
while IFS="$(printf '\\t')" read -r path in entry; do
  mkdir -p "set/$(dirname "$path")"
  if [ -z "$entry" ]; then cp "objects/$in" "set/$path"
  else unzip -p "objects/$in" "$(printf '%s' "$entry" | sed 's/[][*?\\\\]/\\\\&/g')" > "set/$path"; fi
done
# Every file against its hash:
jq -r 'select(.path) | .sha256 + "  set/" + .path' contents.jsonl | sha256sum -c
\`\`\`

Where an object was deleted or overwritten, earlier versions may still be there: \`aws s3api list-object-versions\`, then
\`aws s3api get-object --version-id\`. The oldest version is the one that was published. Lines of \`contents.jsonl\` name
the version of each object where the bucket keeps versions.

A set of a file store holds the files that were new or changed, below \`files/\`. Its \`listing.jsonl\` names every file of
the store with the set that holds it: restore the sets in \`needs\` too, and take each file from the set that its line names.
`;
}
