import assert from "node:assert/strict";
import path from "node:path";
import { afterEach, beforeEach } from "mocha";
import { CommandLine } from "../../support/command-line";
import type { Outcome } from "../../support/engine";
import { fixture, type Fixture } from "./fixture";
import { CREDENTIALS, type BucketKind } from "./store";

/** The real command, with a target and a bucket for each test. */
export interface CliFixture {
  readonly here: Fixture;
  readonly cli: CommandLine;
  readonly offsite: (command: string, ...args: string[]) => Promise<Outcome>;
  /** Its standard output, where it ends well. */
  readonly ok: (running: Promise<Outcome>) => Promise<string>;
}

export function cliFixture(kind: BucketKind): CliFixture {
  const here = fixture(kind);
  let cli: CommandLine | undefined;
  beforeEach(() => {
    cli = new CommandLine();
  });
  afterEach(() => cli?.remove());
  const line = (): CommandLine => {
    assert.ok(cli);
    return cli;
  };
  return {
    here,
    get cli() {
      return line();
    },
    offsite: (command, ...args) => {
      const { bucket, server } = here;
      return line().run(
        ...["offsite", command, "--profile", bucket.profile, "--endpoint", server.endpoint],
        ...["--region", bucket.region, "--bucket", bucket.bucket, "--prefix", bucket.prefix],
        ...["--credentials", path.join(server.credentialsFolder, `${CREDENTIALS}.json`), ...args],
      );
    },
    ok: async (running) => {
      const { code, stdout, output } = await running;
      assert.equal(code, 0, output);
      return stdout;
    },
  };
}
