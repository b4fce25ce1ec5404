import assert from "node:assert/strict";
import fs from "node:fs";
import { describe, it } from "mocha";
import { readZip } from "../../../lab/zip";
import { call, CHAT, contents, contentsNow, file, lab, look, P1, realOf } from "./support";

describe("Persistent Chat", () => {
  const PARAMETERS = { DBInstance: CHAT, FileName: file("Chat.zip") };
  const CHATS = "chat.contoso.com";

  it("is disabled by an export with -DisableExportedNodes (Export-CsPersistentChatData)", async () => {
    const folder = await lab();
    await call(folder, "Export-CsPersistentChatData", {
      ...PARAMETERS,
      Scope: ["Projects"],
      DisableExportedNodes: true,
    });
    const { rooms } = await contents(folder, CHATS, "mgc");
    assert.deepEqual(
      rooms.filter(({ disabled }) => disabled).map(({ name }) => name),
      ["Projects Alpha", "Projects Beta"],
    );
  });

  for (const [Level, expected] of Object.entries({
    User: [3, 0, 0, 0],
    Category: [3, 2, 0, 0],
    RoomDirectory: [3, 2, 4, 0],
    Content: [3, 2, 4, 12],
    All: [3, 2, 4, 12],
  })) {
    it(`of level ${Level} is ${expected.join(", ")} rows (Export-CsPersistentChatData)`, async () => {
      const folder = await lab();
      await call(folder, "Export-CsPersistentChatData", { ...PARAMETERS, Level });
      await look(folder, (world) => {
        Object.assign(contentsNow(world, CHATS, "mgc"), { principals: [], categories: [], rooms: [], messages: [] });
      });
      await call(folder, "Import-CsPersistentChatData", PARAMETERS);
      const { principals, categories, rooms, messages } = await contents(folder, CHATS, "mgc");
      assert.deepEqual([principals.length, categories.length, rooms.length, messages.length], expected);
    });
  }

  it("of the level RoomDirectory has what was said since a date (Export-CsPersistentChatData)", async () => {
    const folder = await lab();
    await call(folder, "Export-CsPersistentChatData", {
      ...PARAMETERS,
      Level: "RoomDirectory",
      StartDate: "2026-02-22",
    });
    const xml = String((await readZip(fs.readFileSync(realOf(folder, "Chat.zip")))).get("PersistentChat.xml"));
    assert.equal(xml.match(/urn:mgc:messages:/g)?.length, 4);
  });
});

describe("An extract of the archive", () => {
  const PARAMETERS = { Identity: "ArchivingDatabase:sql3.contoso.com", OutputFolder: file("") };
  const mails = (folder: string): string[] =>
    fs.readdirSync(realOf(folder, "")).filter((name) => name.endsWith(".eml"));

  it("that ends before it begins says nothing and writes nothing (Export-CsArchivingData)", async () => {
    const folder = await lab();
    const dates = { StartDate: "2026-02-10", EndDate: "2026-02-01" };
    assert.deepEqual(await call(folder, "Export-CsArchivingData", { ...PARAMETERS, ...dates }), []);
    assert.deepEqual(mails(folder), []);
  });

  it("is mail, and with -Purge what it has written is gone from the database (Export-CsArchivingData)", async () => {
    const folder = await lab();
    const dates = { StartDate: "2026-02-10", EndDate: "2026-02-11" };
    await call(folder, "Export-CsArchivingData", { ...PARAMETERS, ...dates, Purge: true });
    assert.deepEqual(mails(folder).sort(), ["2026-02-10.eml", "2026-02-11.eml"]);
    const days = Object.keys((await contents(folder, P1, "LcsLog")).days);
    assert.deepEqual([days.length, days.includes("2026-02-10")], [26, false]);
  });
});
