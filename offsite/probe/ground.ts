import { PutObjectCommand, UploadPartCommand } from "@aws-sdk/client-s3";
import { randomBytes } from "node:crypto";
import { OffsiteError } from "../error";
import { bodyOf, sha256Of } from "../store/body";
import { Expected } from "../store/retry";
import { withHash } from "../store/sender";
import type { PutOptions, Store } from "../store/store";

/** Objects of one probe: made with a name of its own, and taken away at the end. */
export class Ground {
  private readonly folder = `probe/${randomBytes(6).toString("hex")}`;
  private count = 0;

  constructor(readonly store: Store) {}

  /** Without a plain put nothing else makes sense, and its failure says why. */
  async begin(): Promise<void> {
    await this.put(this.key(), { replace: true });
  }

  key(): string {
    return `${this.folder}/${String(++this.count)}`;
  }

  put(key: string, options: PutOptions = {}): Promise<{ version: string | undefined } | "exists"> {
    return this.store.put(key, CONTENT, options);
  }

  /** Whether the store refuses an object, or a part of an upload, whose checksum is that of other bytes. */
  async refusesOtherChecksum(key: string, upload?: string): Promise<boolean> {
    const body = bodyOf(CONTENT);
    const wrong = { ContentLength: CONTENT.length, ChecksumSHA256: OTHER };
    const answer = await this.store.sender.sends(
      `sending ${key}`,
      ["final", "doubtful"],
      body,
      (client, at, options, Body) => {
        const common = { ...at, ...wrong, Key: this.store.prefix + key, Body };
        return upload === undefined
          ? client.send(withHash(new PutObjectCommand(common), body, this.store.reference), options)
          : client.send(
              withHash(
                new UploadPartCommand({ ...common, UploadId: upload, PartNumber: 2 }),
                body,
                this.store.reference,
              ),
              options,
            );
      },
    );
    return answer instanceof Expected;
  }

  /** True where a delete is refused for this version, and these credentials can delete others. */
  async isProtected(key: string, version: string | undefined): Promise<boolean | { undecided: string }> {
    const open = this.key();
    const put = await this.put(open, { replace: true });
    if (put === "exists" || !(await this.removes(open, put.version))) {
      return { undecided: "these credentials may not delete versions, so it is not seen what else keeps them from it" };
    }
    return !(await this.removes(key, version));
  }

  private async removes(key: string, version: string | undefined): Promise<boolean> {
    try {
      await this.store.remove(key, version);
      return true;
    } catch (error) {
      if (error instanceof OffsiteError && ["access-denied", "refused"].includes(error.code)) return false;
      throw error;
    }
  }

  /** What is left afterwards. Some stores keep also what they refused. */
  async tidy(): Promise<string[]> {
    for (const { key, version } of await this.everything()) await this.removes(key, version);
    return [...new Set((await this.everything()).map(({ key }) => key))];
  }

  private async everything(): Promise<{ key: string; version: string | undefined }[]> {
    const found: { key: string; version: string | undefined }[] = [];
    try {
      for await (const { key, version } of this.store.versions(`${this.folder}/`)) {
        found.push({ key, version: version === "null" ? undefined : version });
      }
    } catch (error) {
      if (!(error instanceof OffsiteError && ["access-denied", "lacks"].includes(error.code))) throw error;
      for await (const { key } of this.store.list(`${this.folder}/`)) found.push({ key, version: undefined });
    }
    return found;
  }
}

export const CONTENT = Buffer.from("lync-backup looks what this store can do; this object may be deleted\n");
const OTHER = sha256Of(Buffer.from("something else")).toString("base64");
