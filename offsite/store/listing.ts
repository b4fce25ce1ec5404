import { ListObjectsV2Command, ListObjectVersionsCommand } from "@aws-sdk/client-s3";
import { OffsiteError } from "../error";
import type { Sender } from "./sender";

/** An object as a listing shows it. Keys are below the store's prefix everywhere. */
export interface ListedObject {
  key: string;
  bytes: number;
  modifiedAt: Date;
}

export interface ListedVersion extends ListedObject {
  version: string;
  latest: boolean;
  /** A delete marker: it hides what is below it, and holds nothing. */
  marker: boolean;
}

/** What a store lists. */
export class Listing {
  constructor(readonly sender: Sender) {}

  get reference(): Sender["reference"] {
    return this.sender.reference;
  }
  get prefix(): string {
    return this.sender.prefix;
  }
  /** For messages: which bucket, and where it is. */
  get where(): string {
    return this.sender.where;
  }

  /** Every object whose key begins so, in the order of keys. */
  async *list(below: string): AsyncGenerator<ListedObject> {
    for (let token: string | undefined; ;) {
      const page = await this.sender.must(`listing ${below}`, (client, at, options) =>
        client.send(
          new ListObjectsV2Command({
            ...at,
            Prefix: this.prefix + below,
            ...(token ? { ContinuationToken: token } : {}),
          }),
          options,
        ),
      );
      for (const { Key, Size, LastModified } of page.Contents ?? []) {
        yield { key: this.below(Key), bytes: Size ?? 0, modifiedAt: LastModified ?? new Date(0) };
      }
      if (!page.IsTruncated) return;
      token = this.next(page.NextContinuationToken, token, below);
    }
  }

  /** The names one level below, such as those of all series. */
  async names(below: string): Promise<string[]> {
    const found: string[] = [];
    for (let token: string | undefined; ;) {
      const page = await this.sender.must(`listing ${below}`, (client, at, options) =>
        client.send(
          new ListObjectsV2Command({
            ...at,
            Prefix: this.prefix + below,
            Delimiter: "/",
            ...(token ? { ContinuationToken: token } : {}),
          }),
          options,
        ),
      );
      for (const { Prefix } of page.CommonPrefixes ?? []) found.push(this.below(Prefix).slice(below.length, -1));
      if (!page.IsTruncated) return found;
      token = this.next(page.NextContinuationToken, token, below);
    }
  }

  /** Every version and delete marker; of each key the newest first. */
  async *versions(below: string): AsyncGenerator<ListedVersion> {
    for (let marker: { KeyMarker?: string; VersionIdMarker?: string } = {}; ;) {
      const page = await this.sender.must(`listing the versions of ${below}`, (client, at, options) =>
        client.send(new ListObjectVersionsCommand({ ...at, Prefix: this.prefix + below, ...marker }), options),
      );
      const found = [
        ...(page.Versions ?? []).map((one) => ({ one, bytes: one.Size ?? 0, marker: false })),
        ...(page.DeleteMarkers ?? []).map((one) => ({ one, bytes: 0, marker: true })),
      ].map(({ one, ...rest }) => ({
        ...rest,
        key: this.below(one.Key),
        version: one.VersionId ?? "null",
        latest: one.IsLatest === true,
        modifiedAt: one.LastModified ?? new Date(0),
      }));
      // The answer has versions and markers apart: the newest says so itself, the others go by their time.
      yield* found.sort(
        (a, b) =>
          (a.key < b.key ? -1 : a.key > b.key ? 1 : 0) ||
          Number(b.latest) - Number(a.latest) ||
          b.modifiedAt.getTime() - a.modifiedAt.getTime(),
      );
      if (!page.IsTruncated) return;
      const KeyMarker = this.next(page.NextKeyMarker, undefined, below);
      if (KeyMarker === marker.KeyMarker && page.NextVersionIdMarker === marker.VersionIdMarker) {
        throw new OffsiteError("refused", `${this.where} lists the versions of ${below} in a circle.`);
      }
      marker = { KeyMarker, ...(page.NextVersionIdMarker ? { VersionIdMarker: page.NextVersionIdMarker } : {}) };
    }
  }

  /** Keys come back whole; what is above the prefix is nobody's business in here. */
  private below(key: string | undefined): string {
    if (key?.startsWith(this.prefix) !== true) {
      throw new OffsiteError("refused", `${this.where} lists a key that was not asked for.`);
    }
    return key.slice(this.prefix.length);
  }

  private next(token: string | undefined, last: string | undefined, below: string): string {
    if (token !== undefined && token !== "" && token !== last) return token;
    throw new OffsiteError("refused", `${this.where} says that the listing of ${below} goes on, and not where.`);
  }
}

/** All versions of one key at a time. */
export async function* byKey(versions: AsyncIterable<ListedVersion>): AsyncGenerator<ListedVersion[]> {
  let group: ListedVersion[] = [];
  for await (const version of versions) {
    if (group.length > 0 && group[0]?.key !== version.key) {
      yield group;
      group = [];
    }
    group.push(version);
  }
  if (group.length > 0) yield group;
}

/** What a request that reads must say. Buckets without versions call the only one null, and not all know it by that. */
export const versionToRead = ({
  version,
  latest,
}: {
  version: string | undefined;
  latest: boolean;
}): string | undefined => (version === "null" && latest ? undefined : version);
