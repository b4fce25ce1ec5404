import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach } from "mocha";
import type { StoreReference } from "../../../estate/documents";
import type { Store } from "../../../offsite/store/store";
import { withStore } from "./courier";
import { SetMaker } from "./sets";
import { S3Server, serverIsHere, type BucketKind } from "./store";

/** One server for the tests of a file; a target and a bucket for each of them. */
export interface Fixture {
  readonly server: S3Server;
  readonly maker: SetMaker;
  bucket: StoreReference;
  use<T>(work: (store: Store) => Promise<T>): Promise<T>;
}

export function fixture(kind: BucketKind = "plain"): Fixture {
  let server: S3Server | undefined;
  let maker: SetMaker | undefined;
  let bucket: StoreReference | undefined;
  before(async function () {
    if (!serverIsHere) this.skip();
    server = await S3Server.start();
  });
  after(() => server?.stop());
  beforeEach(async () => {
    maker = SetMaker.temporary();
    bucket = await server?.bucket(kind, { prefix: "production/" });
  });
  afterEach(() => {
    maker?.remove();
  });
  const there = <T>(value: T | undefined): T => {
    assert.ok(value !== undefined);
    return value;
  };
  return {
    get server() {
      return there(server);
    },
    get maker() {
      return there(maker);
    },
    get bucket() {
      return there(bucket);
    },
    set bucket(other) {
      bucket = other;
    },
    use: (work) => withStore(there(server), there(bucket), work),
  };
}
