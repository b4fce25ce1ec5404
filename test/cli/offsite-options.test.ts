import assert from "node:assert/strict";
import { InvalidArgumentError } from "commander";
import { describe, it } from "mocha";
import {
  encryption,
  fraction,
  lock,
  names,
  refuseKeyAsName,
  refuseSecretInUrl,
  retention,
  wholeNumber,
} from "../../cli/offsite/options";
import { meantBy, referenceOf } from "../../cli/offsite/store";

describe("Options of offsite commands", () => {
  it("mean what they say", () => {
    assert.deepEqual(retention("last=7,daily=30,maximum-age-days=400"), {
      ...{ last: 7, daily: 30, weekly: 0, monthly: 0, yearly: 0 },
      maximumAgeDays: 400,
    });
    assert.deepEqual(lock("compliance:30"), { mode: "compliance", days: 30 });
    assert.deepEqual(encryption("sse-kms:alias/lync"), { by: "sse-kms", key: "alias/lync" });
    assert.deepEqual([fraction("5%"), fraction("0.05"), fraction("1")], [0.05, 0.05, 1]);
    assert.deepEqual(names("files,archiving", names("configuration")), ["configuration", "files", "archiving"]);
    assert.equal(wholeNumber(1, 256)("16"), 16);
  });

  it("say what is expected where they mean nothing", () => {
    for (const [parse, text, says] of [
      [retention, "hourly=3", /last=3,daily=14/],
      [retention, "last=0", /last: /],
      [retention, "last", /last=3,daily=14/],
      [retention, "constructor=3", /last=3,daily=14/],
      [lock, "forever", /compliance:30/],
      [lock, "compliance:0", /compliance:30/],
      [encryption, "rot13", /sse-s3/],
      [fraction, "120%", /0\.05 or 5%/],
      [fraction, "some", /0\.05 or 5%/],
      [names, "No Name", /lower-case letters/],
      [wholeNumber(1, 256), "0", /from 1 to 256/],
      [wholeNumber(1, 256), "1e2", /from 1 to 256/],
    ] as const) {
      assert.throws(
        () => parse(text),
        (error) => error instanceof InvalidArgumentError && says.test(error.message),
        text,
      );
    }
  });

  it("find the store of an estate by its stack, and say so where there is none", async () => {
    const command = { credentials: "default" };
    const { reference } = await meantBy({ ...command, stack: "lab", endpoint: "https://elsewhere.example" });
    assert.deepEqual(
      [reference.endpoint, reference.bucket, reference.profile],
      ["https://elsewhere.example", "contoso-lync-offsite", "versitygw"],
    );
    await assert.rejects(meantBy({ ...command, stack: "staging" }), /estate of staging copies nothing offsite/);
    await assert.rejects(meantBy({ ...command, stack: "lab", bucket: "other" }), /--bucket: contoso-lync-offsite/);
  });

  it("take a key for a key, and names, profiles and paths for what they are", () => {
    for (const key of [
      "AKIAIOSFODNN7EXAMPLE",
      "ASIAIOSFODNN7EXAMPLE",
      "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
      "AKIAIOSFODNN7EXAMPLE:wJalrXUtnFEMI",
    ]) {
      assert.throws(
        () => {
          refuseKeyAsName(key);
        },
        (error) => error instanceof Error && !error.message.includes(key),
      );
    }
    for (const name of [
      "default",
      "lync-offsite",
      "/etc/lync-backup/offsite.json",
      String.raw`C:\ProgramData\a.json`,
    ]) {
      assert.doesNotThrow(() => {
        refuseKeyAsName(name);
      });
    }
    assert.throws(() => {
      refuseSecretInUrl("https://user:secret@s3.example.com", "--endpoint");
    }, /--endpoint must not contain/);
  });

  it("describe a store: Amazon where nothing else is said, and anything else where there is an endpoint", () => {
    const of = (more: object): unknown => referenceOf({ bucket: "backups", ...more });
    assert.deepEqual(of({ region: "eu-central-1" }), {
      ...{ profile: "aws", region: "eu-central-1", bucket: "backups", prefix: "", capabilities: {} },
    });
    const endpoint = "https://s3.example.com";
    assert.deepEqual(of({ region: "eu", endpoint, prefix: "lync/" }), {
      ...{ profile: "generic", region: "eu", endpoint, bucket: "backups", prefix: "lync/", capabilities: {} },
    });
    assert.throws(() => of({ endpoint: "not a url" }), /endpoint: /);
    assert.throws(() => of({ store: "/nowhere/store.json" }), /cannot be read from \/nowhere\/store\.json/);
  });
});
