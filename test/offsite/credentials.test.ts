import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { StoreReference } from "../../estate/documents";
import { credentialsFolder, findCredentials, readersInWindows } from "../../offsite/store/credentials";
import { openStore } from "../../offsite/store/open";

describe("Credentials", () => {
  let folder: string;
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "lync-backup-credentials-"));
  });
  afterEach(() => {
    fs.rmSync(folder, { recursive: true, force: true });
  });
  const write = (name: string, text: string, mode = 0o600): void => {
    fs.writeFileSync(path.join(folder, `${name}.json`), text, { mode });
  };
  const key = { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "hush hush" };

  it("are those of a file, of a profile, or of the chain that all AWS tools go through", async () => {
    write("offsite", JSON.stringify({ ...key, sessionToken: "t" }));
    assert.deepEqual(await findCredentials("offsite", folder), { credentials: { ...key, sessionToken: "t" } });
    assert.deepEqual(await findCredentials("other", folder), { profile: "other" });
    assert.deepEqual(await findCredentials("default", folder), { chain: true });
    write("default", JSON.stringify(key));
    assert.deepEqual(await findCredentials("default", folder), { credentials: key });
  });

  it("are looked for where the environment says, or where this system keeps such files", () => {
    assert.equal(credentialsFolder({ LYNC_BACKUP_CREDENTIALS: "/x" }), "/x");
    assert.match(credentialsFolder({ XDG_CONFIG_HOME: "/y", ProgramData: "/y" }), /^[/\\]y[/\\]/);
  });

  it("are not used where others may read them", async function () {
    if (process.platform === "win32") this.skip();
    for (const mode of [0o640, 0o604, 0o644, 0o666]) {
      write("open", JSON.stringify(key));
      fs.chmodSync(path.join(folder, "open.json"), mode);
      await assert.rejects(
        findCredentials("open", folder),
        /are not used: others may read them .* Let only the account/,
      );
    }
  });

  it("are not used on Windows where more than accounts and administrators are in the list", () => {
    const system = "(A;;FA;;;SY)(A;;FA;;;BA)";
    assert.equal(readersInWindows(`offsite.json\r\nD:PAI${system}(A;;FR;;;S-1-5-21-1-2-3-1105)`), undefined);
    assert.equal(readersInWindows(`D:AI(A;ID;FR;;;BU)${system}`), "Users may use them");
    assert.equal(readersInWindows(`D:AI${system}(A;ID;0x1200a9;;;WD)`), "Everyone may use them");
    assert.equal(readersInWindows(`D:AI${system}(A;ID;0x1200a9;;;S-1-5-11)`), "Authenticated Users may use them");
    assert.equal(readersInWindows(`D:AI(D;;FA;;;WD)${system}`), undefined);
  });

  it("never stand in a message", async () => {
    for (const text of [
      "{ hush hush",
      JSON.stringify({ accessKeyId: "AKIAEXAMPLE", secret: "hush hush" }),
      '"hush hush"',
    ]) {
      write("wrong", text);
      await assert.rejects(findCredentials("wrong", folder), (error: Error) => {
        assert.doesNotMatch(`${error.message} ${String(error.cause)}`, /hush/);
        assert.match(error.message, /wrong\.json/);
        return true;
      });
    }
    await assert.rejects(findCredentials("../x", folder), /is no name of credentials/);
  });

  it("that are nowhere are asked for in a sentence that says where they can be", async () => {
    const config = path.join(folder, "aws");
    fs.writeFileSync(config, "[other]\naws_access_key_id = x\naws_secret_access_key = y\n");
    const before = { ...process.env };
    Object.assign(process.env, { AWS_SHARED_CREDENTIALS_FILE: config, AWS_CONFIG_FILE: config });
    try {
      const reference = StoreReference.parse({
        profile: "generic",
        endpoint: "http://127.0.0.1:1",
        region: "x",
        bucket: "bucket",
      });
      const look = async (credentials: string): Promise<unknown> => {
        const options = { credentials, credentialsFolder: folder, patience: { forMs: 10 } };
        const store = await openStore(reference, options);
        return store.head("a").finally(() => {
          store.close();
        });
      };
      await assert.rejects(look("nowhere"), /Looking at a failed .* Put them into a file in .* or into a profile/);
      await assert.rejects(look("other"), /ECONNREFUSED/, "the profile was found, and the store was asked");
    } finally {
      for (const name of ["AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"]) {
        if (before[name] === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = before[name];
      }
    }
  });

  it("of a proxy do not belong into a document, and a wrong file of an authority is told by its name", async () => {
    const store = { profile: "generic", endpoint: "http://127.0.0.1:1", region: "x", bucket: "bucket" };
    assert.equal(StoreReference.safeParse({ ...store, proxy: "http://user:word@proxy:3128" }).success, false);
    assert.equal(StoreReference.safeParse({ ...store, proxy: "http://proxy:3128/" }).success, true);
    write("offsite", JSON.stringify(key));
    const reference = StoreReference.parse({ ...store, authority: path.join(folder, "none.pem") });
    const opened = openStore(reference, { credentials: "offsite", credentialsFolder: folder });
    await assert.rejects(opened, /private authority cannot be read from .*none\.pem/);
  });
});
