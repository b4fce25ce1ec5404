import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { tool } from "./bootstrap";

interface SetupError extends Error {
  kind: string;
  exitCode: number;
  details?: string;
}

const { exitCodes, SetupError, asDiskFull } = tool<{
  exitCodes: Record<string, { code: number; means: string; todo: string }>;
  SetupError: new (kind: string, message: string, more?: { details?: string }) => SetupError;
  asDiskFull: (error: unknown) => unknown;
}>("setup/exit-codes.js");

describe("exit codes of the set-up", () => {
  it("are what is promised, each with a sentence and something to do", () => {
    const codes = Object.fromEntries(Object.entries(exitCodes).map(([kind, { code }]) => [kind, code]));
    assert.deepEqual(codes, {
      node: 10,
      packages: 11,
      go: 12,
      engine: 13,
      s3server: 14,
      compile: 15,
      disk: 16,
      port: 17,
    });
    for (const { means, todo } of Object.values(exitCodes)) {
      assert.match(means, /^[A-Z].*\.$/);
      assert.match(todo, /^[A-Z].*\.$/);
    }
  });

  it("know a full disk by the error's code and name the file", () => {
    const error = asDiskFull(Object.assign(new Error("write failed"), { code: "ENOSPC", path: "/somewhere/pulumi" }));
    assert.ok(error instanceof SetupError);
    assert.equal(error.exitCode, 16);
    assert.match(error.message, /^The disk is full while writing \/somewhere\/pulumi\./);
  });

  it("know a full disk by what a child process said", () => {
    for (const line of [
      "write /root/.cache/go-build/x: no space left on device",
      "npm error code ENOSPC",
      "There is not enough space on the disk.",
    ]) {
      const error = asDiskFull(new SetupError("engine", "Go could not build pulumi.", { details: line }));
      assert.ok(error instanceof SetupError && error.kind === "disk", line);
    }
  });

  it("leave other failures as they are, and do not take a compiler's quotation for one", () => {
    const other = new SetupError("compile", "The program does not compile.", { details: 'const code = "ENOSPC";' });
    assert.equal(asDiskFull(other), other);
    const plain = new Error("something else");
    assert.equal(asDiskFull(plain), plain);
    assert.equal(asDiskFull(undefined), undefined);
  });
});
