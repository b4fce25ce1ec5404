import type { PutObjectCommand } from "@aws-sdk/client-s3";
import assert from "node:assert/strict";
import { before, describe, it } from "mocha";
import { mock } from "node:test";
import { bucketLayout } from "../../estate/documents";
import type { Capability } from "../../estate/stores/capabilities";
import * as carrying from "../../offsite/push/set";
import { Shelf } from "../../offsite/push/shelf";
import * as sending from "../../offsite/store/sender";
import { Sender } from "../../offsite/store/sender";
import { endure } from "./faults";
import { serverIsHere } from "./support/store";

/** Defects that a courier could have. Each replaces one thing that the courier does, for the time of a test. */
const DEFECTS: Record<string, () => void> = {
  "that publishes the manifest before the content": () => {
    const { carryContent } = carrying;
    mock.method(carrying, "carryContent", async (work: Parameters<typeof carryContent>[0]) => {
      const { series, set, sealed } = work.sealed;
      await work.shelf.store.put(bucketLayout.manifest(series, set), sealed);
      return carryContent(work);
    });
  },
  "that believes that what it sent is there": () => {
    mock.method(Shelf.prototype, "check", (key: string, { bytes, sha256 }: { bytes: number; sha256: string }) =>
      Promise.resolve({ object: key, bytes, sha256 }),
    );
    mock.method(Shelf.prototype, "vanished", () => Promise.resolve([]));
  },
  "that lets nobody compare what it sends": () => {
    mock.method(Sender.prototype, "can", (capability: Capability) => !capability.startsWith("checksum-"));
    mock.method(sending, "withHash", (command: PutObjectCommand) => {
      command.middlewareStack.add(
        (next) => (args) => {
          const { headers } = args.request as { headers: Record<string, string> };
          headers["x-amz-content-sha256"] = "UNSIGNED-PAYLOAD";
          return next(args);
        },
        { step: "build", name: "hashOfBody" },
      );
      return command;
    });
  },
  "that overwrites what is there": () => {
    mock.method(sending, "withHash", (command: PutObjectCommand) => {
      delete command.input.IfNoneMatch;
      return command;
    });
  },
};

describe("The test with faults finds a courier", function () {
  this.timeout(600_000);
  before(function () {
    if (!serverIsHere) this.skip();
  });

  for (const [name, introduce] of Object.entries(DEFECTS)) {
    it(name, async () => {
      introduce();
      try {
        await assert.rejects(endure(1000, "broken"), assert.AssertionError);
      } finally {
        mock.restoreAll();
      }
    });
  }
});
