import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { contactObjects } from "../../../lab/model/contact-objects";
import { allDatabases } from "../../../lab/model/databases";
import { usersOf } from "../../../lab/model/directory-users";
import { impossible } from "../../../lab/model/impossible";
import type { World } from "../../../lab/world";
import { describeSequences } from "./sequences";
import { contentsNow, FE, lab, look, P1, P2 } from "./support";

describeSequences(20);

describe("What no deployment can be in is found, when", () => {
  const BROKEN: Record<string, (world: World) => void> = {
    "a queue has no agents' group": (world) => (contentsNow(world, P1, "rgsconfig").agentGroups = []),
    "two queues have one name": (world) => {
      for (const pool of [P1, P2])
        for (const queue of contentsNow(world, pool, "rgsconfig").queues) queue.name = "Same";
    },
    "a contact object belongs to no pool": (world) => {
      contactObjects(world)["sip:x@contoso.com"] = { pool: "nowhere.contoso.com", workflow: "x" };
    },
    "a subnet has no location": (world) => (contentsNow(world, P1, "lis").draft.locations = []),
    "a room is in no category": (world) => (contentsNow(world, "chat.contoso.com", "mgc").categories = []),
    "a message is in no room": (world) => (contentsNow(world, "chat.contoso.com", "mgc").rooms = []),
    "a database is nowhere and has contents": (world) => {
      for (const database of allDatabases(world)) database.copies = [];
    },
    "a database has copies and no contents": (world) => {
      for (const database of allDatabases(world)) database.contents = null;
    },
    "two users have one line": (world) => {
      for (const user of usersOf(world, P1)) user.lineUri = "tel:+1";
    },
    "a user's contacts are in the wrong store": (world) => {
      for (const user of usersOf(world, P1)) user.contactStore = user.contactStore === "lync" ? "exchange" : "lync";
    },
    "a service runs without what it needs": (world) => {
      Object.assign(world.computer(FE[0]).services ?? {}, { RTCSRV: "stopped" });
    },
    "the master is no Front End": (world) => (world.deployment.store.master = "sql1.contoso.com"),
    "a setting is there twice": (world) => {
      const { policies } = contentsNow(world, P1, "xds");
      policies.push(...policies.slice(0, 1));
    },
  };
  for (const [when, breaks] of Object.entries(BROKEN)) {
    it(when, async () => {
      const folder = await lab();
      assert.deepEqual(await look(folder, impossible), []);
      await look(folder, breaks);
      assert.notDeepEqual(await look(folder, impossible), []);
    });
  }
});
