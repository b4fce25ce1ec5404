import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { Carried, targetLayout, type CourierSource, type StoreReference } from "../../../estate/documents";
import { fetchSet, type FetchReport } from "../../../offsite/fetch/fetch";
import { push, type PushOptions, type PushReport } from "../../../offsite/push/push";
import type { StoreOptions } from "../../../offsite/store/open";
import type { Store } from "../../../offsite/store/store";
import type { MadeSet, SetMaker } from "./sets";
import type { S3Server } from "./store";

/** What most tests of the courier do: carry, look, bring back, compare. */
export const COPY = "offsite";

export async function withStore<T>(
  server: S3Server,
  reference: StoreReference,
  work: (store: Store) => Promise<T>,
  options: Partial<StoreOptions> = {},
): Promise<T> {
  const store = await server.open(reference, options);
  try {
    return await work(store);
  } finally {
    store.close();
  }
}

export const carry = (
  server: S3Server,
  reference: StoreReference,
  maker: SetMaker,
  source: Partial<CourierSource> = {},
  options: Partial<PushOptions> = {},
  access: Partial<StoreOptions> = {},
): Promise<PushReport> =>
  withStore(
    server,
    reference,
    (store) =>
      push(store, [{ series: "all", legalHold: false, ...source, target: maker.target }], { copy: COPY, ...options }),
    access,
  );

/** Nothing was refused; how many were carried. */
export async function carryAll(...args: Parameters<typeof carry>): Promise<PushReport> {
  const report = await carry(...args);
  assert.deepEqual(
    report.sets.flatMap(({ problem }) => problem ?? []),
    [],
  );
  return report;
}

/** What a push refused, and why, line by line. */
export const problemsOf = ({ sets }: PushReport): string => sets.flatMap(({ problem }) => problem ?? []).join("\n");

/** Fetches a set into a new folder and compares it, file by file, with the one that was carried. */
export async function fetchedAndSame(
  server: S3Server,
  reference: StoreReference,
  { series, set, folder }: MadeSet,
  access: Partial<StoreOptions> = {},
): Promise<FetchReport> {
  const destination = fs.mkdtempSync(path.join(server.folder, "fetched-"));
  try {
    const report = await withStore(server, reference, (store) => fetchSet(store, series, set, { destination }), access);
    assert.deepEqual(filesIn(destination), filesIn(folder));
    return report;
  } finally {
    fs.rmSync(destination, { recursive: true, force: true });
  }
}

/** Files below a folder, each with the hash of its bytes. */
export function filesIn(folder: string): Map<string, string> {
  const found = fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  return new Map(
    found
      .sort()
      .map((file) => [
        path.relative(folder, file).split(path.sep).join("/"),
        createHash("sha256").update(fs.readFileSync(file)).digest("hex"),
      ]),
  );
}

export function receiptOf(maker: SetMaker, { series, set }: MadeSet, copy = COPY): Carried | undefined {
  const file = path.join(maker.target, targetLayout.carried(series, set, copy));
  return fs.existsSync(file) ? Carried.parse(fs.readFileSync(file, "utf8")) : undefined;
}

export const gather = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
};

export const keysIn = (server: S3Server, reference: StoreReference): Promise<string[]> =>
  withStore(server, reference, async (store) => (await gather(store.list(""))).map(({ key }) => key));
