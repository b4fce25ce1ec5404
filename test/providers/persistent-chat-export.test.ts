import { RESOURCE_EXAMPLES } from "../../docs/examples/resources";
import { persistentChatExport } from "../../providers/persistent-chat-export/reconcile";
import { describeBackup } from "../support/backup-case";

const example = RESOURCE_EXAMPLES.PersistentChatExport.args;

describeBackup({
  type: persistentChatExport,
  example,
  changes: {
    pool: "chat02.contoso.com",
    instance: String.raw`sql04.contoso.com\chat`,
    mirror: String.raw`sql04.contoso.com\chat`,
    backup: String.raw`sql13.contoso.com\chat`,
    database: "mgc2",
    level: "User",
    startDate: { level: "RoomDirectory", startDate: "2026-01-31" },
  },
  artefacts: ["PersistentChatData.chat01.contoso.com.zip"],
  bad: [
    { with: { product: "sfb2019" }, names: "product: has no Persistent Chat" },
    { with: { startDate: "2026-01-31" }, names: "startDate: is for the level RoomDirectory only" },
    { with: { mirror: example.instance }, names: "mirror: is the principal's own instance" },
    { with: { database: "mgc; drop" }, names: "database: expected the name of a database" },
    { with: { level: "Rooms" }, names: "level" },
  ],
});
