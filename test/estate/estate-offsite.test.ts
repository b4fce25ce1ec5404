import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { describe, it } from "mocha";
import type { z } from "zod";
import { defineEstate, offsiteOf, type Estate } from "../../estate/estate";
import { BackupEstate } from "../../providers/backup-estate";
import { RESOURCE_TYPES } from "../../providers/registry";
import { lab } from "../../stacks/lab";

type Copies = z.input<typeof Estate>["offsite"];

const bucket = { profile: "aws", region: "eu-central-1", bucket: "contoso-lync-backup" } as const;
const copy = { bucket, credentials: "lync-offsite" };
const estate = (...offsite: NonNullable<Copies>): Estate => defineEstate("test", { ...lab, offsite });
const problemsOf = (...offsite: NonNullable<Copies>): string => {
  try {
    estate(...offsite);
    return "";
  } catch (error) {
    return (error as Error).message;
  }
};

describe("an estate with copies offsite", () => {
  it("says a bucket and a key, and the rest follows: all sets of the target, carried by the computer that keeps them", () => {
    const [made] = offsiteOf(estate(copy));
    assert.deepEqual(made?.hosts, ["bk01.contoso.com"]);
    assert.deepEqual(
      made.sources.map(({ target, series }) => [target.path, series]),
      [[String.raw`\\bk01.contoso.com\LyncBackup$`, "all"]],
    );
    assert.deepEqual(made.schedule, { every: "run", of: "all", lookEveryMinutes: 15 });
    assert.deepEqual(offsiteOf(estate()), [], "and none that nobody has declared");
  });

  it("keeps and locks by datum, each line of sets once and none left out", () => {
    const lock = { mode: "compliance", days: 30 } as const;
    const from = [{ data: ["archiving" as const], lock }, { jobs: ["configuration"], legalHold: true }, {}];
    const sources = offsiteOf(estate({ ...copy, from }))[0]?.sources ?? [];
    const [archive, configuration, rest] = sources.map(({ series }) => series);
    assert.ok(Array.isArray(archive) && archive.length > 0 && archive.every((name) => name.startsWith("sql-")));
    assert.deepEqual(configuration, ["configuration"]);
    assert.ok(Array.isArray(rest) && rest.includes("users-pool01"));
    const all = sources.flatMap(({ series }) => series);
    assert.equal(new Set(all).size, all.length);
    assert.deepEqual(
      sources.map((source) => [source.lock?.days, source.legalHold]),
      [
        [30, false],
        [undefined, true],
        [undefined, false],
      ],
    );
  });

  for (const [what, offsite, names] of [
    ["a Front End", [{ ...copy, host: "fe01.contoso.com" }], /offsite\[0\]\.host: is a server of pool01.*Node\.js/],
    [
      "a host that is not its own",
      [{ ...copy, host: "bk02.contoso.com" }],
      /offsite\[0\]\.host: is not among the hosts/,
    ],
    ["a target that it has not", [{ ...copy, from: [{ target: "shelf" }] }], /offsite\[0\]\.from\[0\]\.target: is not/],
    ["a job that it has not", [{ ...copy, from: [{ jobs: ["nightly"] }] }], /from\[0\]\.jobs\[0\]: is no job/],
    [
      "an account that may not write receipts",
      [{ ...copy, account: "CONTOSO\\intern" }],
      /writers: leaves out CONTOSO\\intern/,
    ],
    ["two copies of one name", [copy, copy], /offsite\[1\]\.name: is that of another job too/],
    [
      "two buckets for the same sets under one name, by which receipts tell them apart",
      [copy, { ...copy, name: "second", bucket: { ...bucket, bucket: "contoso-second" } }],
      /offsite\[1\]\.copy: is what another copy of the same sets is called, offsite/,
    ],
    [
      "a lock that the store cannot keep",
      [
        {
          ...copy,
          bucket: { ...bucket, capabilities: { "object-lock": false } },
          from: [{ lock: { mode: "compliance", days: 9 } }],
        },
      ],
      /offsite\[0\]\.from\[0\]\.lock: asks for what contoso-lync-backup cannot do/,
    ],
    [
      "one line of sets in two places",
      [{ ...copy, from: [{ jobs: ["configuration"] }, { jobs: ["configuration"] }] }],
      /from\[1\]\.series\[0\]: is named twice/,
    ],
  ] as [string, NonNullable<Copies>, RegExp][]) {
    it(`refuses ${what}`, () => {
      assert.match(problemsOf(...offsite), names);
    });
  }

  it("becomes resources that every provider accepts: a bucket where it is to be made, and the copy after it", async () => {
    const made: { type: string; name: string; inputs: Record<string, unknown> }[] = [];
    await pulumi.runtime.setMocks({
      newResource: ({ type, name, inputs }) => {
        made.push({ type: type.split(":").at(-1) ?? type, name, inputs: inputs as Record<string, unknown> });
        return { id: name, state: inputs as Record<string, unknown> };
      },
      call: () => ({}),
    });
    const declared = estate(
      {
        ...copy,
        make: { credentials: "bucket-admin", versioning: "enabled" },
        verify: {},
        from: [{ keep: { last: 7 } }],
      },
      {
        ...copy,
        name: "elsewhere",
        bucket: { ...bucket, bucket: "contoso-lync-second" },
        copy: "second",
        runBy: "external",
      },
    );
    const { copies } = new BackupEstate("contoso", declared);
    assert.deepEqual([...copies.keys()], ["offsite", "elsewhere"]);
    await pulumi.runtime.disconnect();
    const ours = made.filter(({ type }) => type.startsWith("Offsite"));
    assert.deepEqual(ours.map(({ type, name }) => `${type} ${name}`).sort(), [
      "OffsiteBucket contoso-lync-backup",
      "OffsiteCopy elsewhere",
      "OffsiteCopy offsite",
    ]);
    for (const { type, inputs } of ours) {
      const { __provider: _provider, ...rest } = inputs;
      const known = RESOURCE_TYPES.find((one) => one.type === type);
      const declared = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
      const parsed = known?.inputs.safeParse(declared);
      assert.ok(parsed?.success, JSON.stringify(parsed?.error?.issues));
    }
  });
});
