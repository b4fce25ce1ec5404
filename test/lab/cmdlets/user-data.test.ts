import assert from "node:assert/strict";
import fs from "node:fs";
import { describe, it } from "mocha";
import { addContact, loseSqlServer, moveContacts, movePoolUsers } from "../../../lab/commands";
import { usersOf } from "../../../lab/model/directory-users";
import type { UserRow } from "../../../lab/model/users";
import { readZip } from "../../../lab/zip";
import {
  call,
  contents,
  contentsNow,
  everything,
  exportUsers,
  FE,
  file,
  lab,
  look,
  P1,
  P2,
  realOf,
  refusalOf,
  restart,
  USERS,
} from "./support";

const importUsers = (folder: string, PoolFqdn = P1): Promise<unknown> =>
  call(folder, "Import-CsUserData", { PoolFqdn, FileName: USERS });

const rowsOf = async (folder: string, at = P1, home = at): Promise<Record<string, UserRow>> =>
  (await contents(folder, at, "rtcxds")).homes[home]?.users ?? {};
/** A user of the pool whose contacts are in Lync. */
const aUser = (folder: string, pool = P1): Promise<string> =>
  look(folder, (world) => {
    const found = usersOf(world, pool).find(({ contactStore }) => contactStore === "lync");
    assert.ok(found);
    return found.sip;
  });
const contactsOf = async (folder: string, sip: string): Promise<string[]> =>
  (await rowsOf(folder))[sip]?.contacts ?? [];

describe("An import of user data", () => {
  const lostContacts = async (): Promise<{ folder: string; sip: string }> => {
    const folder = await lab();
    const sip = await aUser(folder);
    await addContact(folder, sip, "sip:kept@contoso.com");
    await exportUsers(folder);
    await look(folder, (world) => {
      const row = contentsNow(world, P1, "rtcxds").homes[P1]?.users[sip];
      if (row) row.contacts = [];
    });
    await importUsers(folder);
    return { folder, sip };
  };

  it("takes no effect before all Front Ends were stopped and started (Import-CsUserData)", async () => {
    const { folder, sip } = await lostContacts();
    assert.deepEqual(await contactsOf(folder, sip), []);
    await restart(folder);
    assert.ok((await contactsOf(folder, sip)).includes("sip:kept@contoso.com"));
  });

  it("takes no effect when they are restarted one after the other (Restoring a Lync Server pool)", async () => {
    const { folder, sip } = await lostContacts();
    for (const host of FE) await restart(folder, [host]);
    assert.deepEqual(await contactsOf(folder, sip), []);
  });

  it("takes effect at the start when it was done while all were stopped (Restoring a Lync Server pool)", async () => {
    const folder = await lab();
    const sip = await aUser(folder);
    await addContact(folder, sip, "sip:kept@contoso.com");
    await exportUsers(folder);
    for (const host of FE) await call(folder, "Stop-CsWindowsService", {}, { host });
    await look(folder, (world) => {
      contentsNow(world, P1, "rtcxds").homes = {};
    });
    await importUsers(folder);
    assert.deepEqual(await contactsOf(folder, sip), []);
    await call(folder, "Start-CsWindowsService", {}, { host: FE[1] });
    assert.ok((await contactsOf(folder, sip)).includes("sip:kept@contoso.com"));
  });

  it("corrupts contacts that were exported under the other contact-store mode (Invoke-CsUcsRollback)", async () => {
    const folder = await lab();
    const sip = await aUser(folder);
    await exportUsers(folder);
    await moveContacts(folder, sip, "exchange");
    await importUsers(folder);
    await restart(folder);
    const rows = await rowsOf(folder);
    assert.equal(rows[sip]?.corrupted, true);
    assert.equal(Object.values(rows).filter(({ corrupted }) => corrupted).length, 1);
  });

  it("brings back neither line nor policies nor pool (general knowledge)", async () => {
    const folder = await lab();
    const sip = await aUser(folder);
    await exportUsers(folder);
    await look(folder, (world) => {
      for (const user of usersOf(world, P1)) Object.assign(user, { lineUri: null, policies: {} });
    });
    await importUsers(folder);
    await restart(folder);
    const [user] = await call(folder, "Get-CsUser", { Identity: sip });
    assert.deepEqual([user?.["LineURI"], user?.["VoicePolicy"]], ["", null]);
  });

  it("for one user changes nobody else (Import-CsUserData)", async () => {
    const folder = await lab();
    const sip = await aUser(folder);
    await exportUsers(folder);
    await look(folder, (world) => (contentsNow(world, P1, "rtcxds").homes = {}));
    const UserFilter = sip.replace("sip:", "");
    await call(folder, "Import-CsUserData", { PoolFqdn: P1, FileName: USERS, UserFilter });
    await restart(folder);
    assert.deepEqual(Object.keys(await rowsOf(folder)), [sip]);
  });
});

describe("An update of user data", () => {
  it("takes effect at once (Update-CsUserData)", async () => {
    const folder = await lab();
    const sip = await aUser(folder);
    await addContact(folder, sip, "sip:kept@contoso.com");
    await exportUsers(folder);
    await look(folder, (world) => (contentsNow(world, P1, "rtcxds").homes = {}));
    await call(folder, "Update-CsUserData", { FileName: USERS, UserFilter: sip.replace("sip:", "") });
    assert.ok((await contactsOf(folder, sip)).includes("sip:kept@contoso.com"));
    assert.deepEqual(Object.keys(await rowsOf(folder)), [sip]);
  });

  it("only looks with -TestMode, which came with 2015 (Update-CsUserData)", async () => {
    const folder = await lab(everything("sfb2015"));
    await exportUsers(folder);
    await look(folder, (world) => (contentsNow(world, P1, "rtcxds").homes = {}));
    await call(folder, "Update-CsUserData", { FileName: USERS, TestMode: true, TargetPoolFqdn: P1 });
    assert.deepEqual(await rowsOf(folder), {});
  });
});

describe("An export of user data", () => {
  it("that ends at an invalid URN leaves a file that opens and lacks the rest (Export-CsUserData)", async () => {
    const folder = await lab();
    await exportUsers(folder);
    const whole = String((await readZip(fs.readFileSync(realOf(folder, "Users.zip")))).get("DocItemSet.xml"));
    await look(folder, (world) => {
      const home = contentsNow(world, P1, "rtcxds").homes[P1];
      const [first, ...rest] = Object.entries(home?.users ?? {});
      assert.ok(home && first);
      home.users = Object.fromEntries([first, [String.raw`sip:a\b@contoso.com`, first[1]], ...rest]);
    });
    assert.equal(await refusalOf(exportUsers(folder)), "invalid-urn");
    const half = String((await readZip(fs.readFileSync(realOf(folder, "Users.zip")))).get("DocItemSet.xml"));
    const count = (text: string): number => text.match(/<DocItem /g)?.length ?? 0;
    assert.equal(count(half), 1);
    assert.ok(count(whole) > 1);
  });

  it("from a pool that was failed over has what was there before; its partner has the rest (ABC pool failover)", async () => {
    const folder = await lab();
    const sip = await aUser(folder);
    await movePoolUsers(folder, P1, "FailedOver");
    await look(folder, (world) => {
      const home = contentsNow(world, P2, "rtcxds").homes[P1];
      home?.users[sip]?.contacts.push("sip:meanwhile@contoso.com");
    });
    const exported = async (pool: string): Promise<string> => {
      await exportUsers(folder, pool);
      return String((await readZip(fs.readFileSync(realOf(folder, "Users.zip")))).get("DocItemSet.xml"));
    };
    assert.doesNotMatch(await exported(P1), /meanwhile/);
    assert.match(await exported(P2), /meanwhile/);
    const state = await call(folder, "Get-CsRegistrarConfiguration", { Filter: `service:Registrar:${P1}` });
    assert.deepEqual(
      state.map(({ PoolState }) => PoolState),
      ["FailedOver"],
    );
    await movePoolUsers(folder, P1, "Active");
    assert.match(await exported(P1), /meanwhile/);
    assert.doesNotMatch(await exported(P2), /meanwhile/);
  });

  it("of a lost pool is in its partner only after a failover (Failing over a pool)", async () => {
    const folder = await lab();
    await loseSqlServer(folder, "sql1.contoso.com");
    await loseSqlServer(folder, "mir1.contoso.com");
    const users = (await contents(folder, P2, "rtcxds")).homes[P1];
    assert.equal(users?.standby, true);
    assert.equal(Object.keys(users.users).length, 6);
  });

  it("has the users of a branch in the pool where their data lie (Appendix A: Survivable Branch Appliance)", async () => {
    const folder = await lab();
    const sip = await aUser(folder, "sba.contoso.com");
    assert.ok(sip in (await rowsOf(folder, P2)));
  });

  it("can be one directory of conferences, and nothing else (Export-CsUserData)", async () => {
    const folder = await lab();
    await call(folder, "Export-CsUserData", { PoolFqdn: P1, FileName: USERS, ConfDirectoryFilter: "1" });
    const parts = await readZip(fs.readFileSync(realOf(folder, "Users.zip")));
    assert.match(String(parts.get("ConferenceDirectories.xml")), /urn:confdir:1"/);
    assert.doesNotMatch(String(parts.get("DocItemSet.xml")), /urn:hcd/);
  });

  it("in the format of Lync Server 2010 is one XML document, which is imported again (Export-CsUserData)", async () => {
    const folder = await lab();
    const before = await rowsOf(folder);
    const legacy = { PoolFqdn: P1, FileName: file("Users.xml"), LegacyFormat: true };
    await call(folder, "Export-CsUserData", legacy);
    assert.match(fs.readFileSync(realOf(folder, "Users.xml"), "utf8"), /^<\?xml/);
    await look(folder, (world) => (contentsNow(world, P1, "rtcxds").homes = {}));
    await call(folder, "Import-CsUserData", legacy);
    await restart(folder);
    assert.deepEqual(await rowsOf(folder), before);
  });
});

describe("Get-CsUser", () => {
  const names = async (folder: string, parameters: Record<string, unknown>): Promise<unknown[]> =>
    (await call(folder, "Get-CsUser", parameters)).map(({ SipAddress }) => SipAddress);

  it("filters by comparisons, joined or not, and by number (Get-CsUser)", async () => {
    const folder = await lab();
    const all = await names(folder, {});
    const first = await names(folder, { Filter: `RegistrarPool -eq '${P1}'` });
    const both = await names(folder, { Filter: `{RegistrarPool -eq '${P1}' -or RegistrarPool -eq "sba.contoso.com"}` });
    assert.deepEqual([all.length, first.length, both.length], [24, 6, 12]);
    assert.equal((await names(folder, { ResultSize: 5 })).length, 5);
    const voice = await names(folder, { Filter: `EnterpriseVoiceEnabled -eq $True` });
    const none = await names(folder, { Filter: `EnterpriseVoiceEnabled -ne $True -and RegistrarPool -like '*'` });
    assert.equal(voice.length + none.length, all.length);
    assert.deepEqual(await names(folder, { Identity: String(first[0]).replace("sip:", "") }), [first[0]]);
  });
});
