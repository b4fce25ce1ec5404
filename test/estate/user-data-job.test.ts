import assert from "node:assert/strict";
import { userDataJob, type UserDataExport } from "../../estate/jobs";
import { declared } from "./jobs";
import { problemsIn } from "./support";
import { walk } from "./walk";

const POOL = "pool01.contoso.com";
const PARTNER = "pool02.contoso.com";
const paired: UserDataExport = { ...declared, pool: POOL, partner: PARTNER };
const SERVICES = [{ PoolFqdn: POOL, Version: "6" }];
const state = (PoolState: string) => [{ Identity: `Service:Registrar:${POOL}`, PoolState }];
const users = (count: number) => Array.from({ length: count }, () => ({}));
const ALLOWED = { "in-exchange": [{}], "in-lync": [] };
const normal = { services: SERVICES, state: [], settings: users(3), "in-exchange": [], "in-lync": [{}] };

describe("user data job", () => {
  it("exports the pool's users from the pool itself, and their settings beside them", () => {
    for (const found of [[], state("Active"), state("FailedBack")]) {
      const { called, artefacts, facts } = walk(userDataJob(paired), { ...normal, state: found });
      assert.deepEqual(
        called.filter((id) => id.startsWith("export")),
        ["export"],
      );
      assert.deepEqual(artefacts, [
        {
          file: { $work: `ExportedUserData.${POOL}.zip` },
          datum: "user-data",
          facts: { "exported-from": POOL },
        },
        { file: { $work: `UserSettings.${POOL}.jsonl` }, datum: "user-settings", facts: { users: 3 } },
      ]);
      assert.deepEqual(facts, {
        "active-pool": POOL,
        "failed-over": false,
        partner: PARTNER,
        "contact-store": "lync",
      });
    }
  });

  it("exports a pool that is failed over from its partner, and says so in the set", () => {
    const { called, artefacts, facts } = walk(userDataJob(paired), { ...normal, state: state("FailedOver") });
    assert.deepEqual(
      called.filter((id) => id.startsWith("export")),
      ["export-from-partner"],
    );
    assert.deepEqual(artefacts[0], {
      file: { $work: `ExportedUserData.${POOL}.zip` },
      datum: "user-data",
      facts: { "exported-from": PARTNER },
    });
    assert.deepEqual([facts["active-pool"], facts["failed-over"]], [PARTNER, true]);
  });

  it("fails during a failover, and where it does not know the partner of a pool that is failed over", () => {
    const { ended } = walk(userDataJob(paired), { ...normal, state: state("FailingOver") });
    assert.deepEqual(ended, { by: "settled", outcome: "fail" });
    const alone = walk(userDataJob({ ...declared, pool: POOL }), { ...normal, state: state("FailedOver") });
    assert.deepEqual(alone.ended, { by: "at-home", outcome: "fail" });
    assert.equal(walk(userDataJob({ ...declared, pool: POOL }), normal).ended, undefined);
  });

  it("fails before it exports anything where the pool holds no users of this product", () => {
    const { ended, called } = walk(userDataJob(paired), { ...normal, services: [] });
    assert.deepEqual([ended?.by, ended?.outcome, called], ["deployed", "fail", ["services"]]);
  });

  it("records under which contact-store mode the contacts were exported", () => {
    const mode = (found: object): unknown => walk(userDataJob(paired), { ...normal, ...found }).facts["contact-store"];
    assert.equal(mode({}), "lync");
    assert.equal(mode(ALLOWED), "exchange");
    assert.equal(mode({ "in-exchange": [{}], "in-lync": [{}, {}] }), "mixed");
  });

  it("lists the users of branches with the pool that holds their data", () => {
    const branches = ["sba01.contoso.com", "sba02.contoso.com"];
    const settings = userDataJob({ ...paired, branches }).steps.find(({ id }) => id === "settings");
    assert.ok(settings?.kind === "cmdlet");
    assert.deepEqual(settings.parameters, {
      Filter:
        "RegistrarPool -eq 'pool01.contoso.com' -or RegistrarPool -eq 'sba01.contoso.com' -or RegistrarPool -eq 'sba02.contoso.com'",
    });
    assert.deepEqual(settings.produces[0]?.scope, { of: "pool", pool: POOL });
  });

  it("lists what no import brings back: registrar, address, line and the policies that the product has", () => {
    const listed = (product: UserDataExport["product"]): string[] => {
      const settings = userDataJob({ ...paired, product }).steps.find(({ id }) => id === "settings");
      return settings?.kind === "cmdlet" ? settings.select : [];
    };
    for (const product of ["lync2013", "sfb2015", "sfb2019", "sfbse"] as const) {
      for (const name of ["RegistrarPool", "SipAddress", "LineURI", "VoicePolicy", "ConferencingPolicy", "DialPlan"]) {
        assert.ok(listed(product).includes(name), name);
      }
      assert.equal(new Set(listed(product)).size, listed(product).length);
    }
    assert.ok(
      listed("sfb2015").includes("PersistentChatPolicy") && !listed("sfb2019").includes("PersistentChatPolicy"),
    );
    assert.ok(listed("sfbse").includes("IPPhonePolicy") && !listed("lync2013").includes("CallViaWorkPolicy"));
  });

  it("of several hosts acts on the one beside the Central Management store", () => {
    const placement = [{ host: "fe01.contoso.com" }, { host: "fe11.contoso.com" }];
    const job = userDataJob({ ...paired, placement });
    const found = { ...normal, store: [{ ActiveMasterFqdn: "FE11.contoso.com" }] };
    assert.equal(walk(job, found, "fe11.contoso.com").ended, undefined);
    assert.deepEqual(walk(job, found, "fe01.contoso.com").ended, { by: "here", outcome: "stand-down" });
    const elsewhere = { ...found, store: [{ ActiveMasterFqdn: "fe12.contoso.com" }] };
    assert.deepEqual(walk(job, elsewhere, "fe01.contoso.com").ended, { by: "placed", outcome: "fail" });
  });

  it("refuses a pool that is its own partner or branch, and a branch twice", () => {
    const bad = (patch: Partial<UserDataExport>): readonly string[] =>
      problemsIn(() => userDataJob({ ...paired, ...patch }));
    assert.deepEqual(bad({ partner: POOL }), ["partner: is the pool itself"]);
    assert.deepEqual(bad({ branches: [POOL] }), ["branches[0]: is the pool itself"]);
    assert.deepEqual(bad({ branches: ["a.b", "a.b"] }), ["branches[1]: is named twice"]);
    assert.match(bad({ pool: "pool01" })[0] ?? "", /^pool: expected a fully qualified/);
  });
});
