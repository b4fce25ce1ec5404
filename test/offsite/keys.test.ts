import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { bucketLayout, compactTime } from "../../estate/documents";
import { marked, parseKey } from "../../offsite/keys";
import { HOSTILE } from "../support/hostile";

const [series, set, sha256] = ["file-store-north", "20260301T020000Z-0a1b2c3d", "0123456789abcdef".repeat(4)];
const at = "2026-03-01T02:00:00.000Z";

describe("The keys of a bucket", () => {
  it("are read as they are written", () => {
    const data = bucketLayout.data(series, sha256, 3);
    assert.deepEqual(
      [
        bucketLayout.readme,
        bucketLayout.manifest(series, set),
        bucketLayout.contents(series, set),
        bucketLayout.contents(series, set, 12),
        bucketLayout.verified(series, set, at),
        data,
        bucketLayout.pack(series, sha256, 0),
        bucketLayout.pruneMark(series, data, at),
      ].map(parseKey),
      [
        { kind: "readme" },
        { kind: "manifest", series, set },
        { kind: "contents", series, set, turn: 0 },
        { kind: "contents", series, set, turn: 12 },
        { kind: "verified", series, set, at: compactTime(at) },
        { kind: "data", series, sha256, turn: 3 },
        { kind: "pack", series, sha256, turn: 0 },
        { kind: "mark", series, object: marked(data), at: compactTime(at) },
      ],
    );
  });

  it("are no others", () => {
    const near = [
      "series",
      `series/${series}`,
      `series/${series}/data/${sha256}`,
      `series/${series}/data/${sha256}.0.zip`,
      `series/${series}/packs/${sha256}.0`,
      `series/${series}/data/${sha256.toUpperCase()}.0`,
      `series/${series}/sets/${set}/contents.0.jsonl`,
      `series/${series}/sets/${set}/contents.jsonl/x`,
      `series/${series}/sets/20261301T020000Z-0a1b2c3d/manifest.json`,
      `series/CON/sets/${set}/manifest.json`,
      `x/series/${series}/sets/${set}/manifest.json`,
    ];
    for (const key of [...HOSTILE, ...near]) assert.equal(parseKey(key), undefined, key);
  });
});
