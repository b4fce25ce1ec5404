import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { describe, it } from "mocha";
import { Product, type Pool } from "../../estate/documents";
import { fileStoresOf } from "../../estate/topology/stores";
import { createLab, DEPLOYMENTS, labStatus, resetLab } from "../../lab/commands";
import { fabrikam } from "../../lab/deployments/fabrikam";
import { impossible } from "../../lab/model/impossible";
import type { World } from "../../lab/world";
import { call, look } from "./cmdlets/support";
import { temporaryFolder } from "./fixture";

const BACKUP = String.raw`FABRIKAM\lync-backup$`;
const SFB2015 = { deployment: "fabrikam-sfb2015" };

const labOf = async (options: { deployment: string; seed?: string }): Promise<string> => {
  const folder = path.join(temporaryFolder(), ".lab");
  await createLab(folder, options);
  return folder;
};

function filesIn(world: World): number {
  let count = 0;
  for (const { path: store } of fileStoresOf(world.deployment.topology)) {
    const [, , host = "", share = ""] = store.split("\\");
    const local = world.computer(host).shares[share]?.path ?? "";
    count += [...world.disk.files({ host, local })].length;
  }
  return count;
}

describe("The large deployment", function () {
  this.timeout(60_000);

  it("has 20 pools, 60 computers and 100,000 files, none of which is written", async () => {
    const folder = await labOf(SFB2015);
    await look(folder, (world) => {
      assert.equal(world.deployment.topology.pools.length, 20);
      assert.equal(world.computers().length, 60);
      assert.equal(filesIn(world), 100_000);
      assert.deepEqual(impossible(world), []);
    });
    assert.ok(!fs.existsSync(path.join(folder, "files")));
    assert.equal((await labStatus(folder)).hosts.length, 60);
  });

  it("has every kind of pool and of Back End that its product knows", () => {
    for (const product of Product.options) {
      const { pools } = fabrikam(product, "test");
      const kinds = new Set<Pool["kind"]>(pools.map(({ kind }) => kind));
      const chats = product === "lync2013" || product === "sfb2015";
      assert.equal(kinds.has("persistent-chat"), chats, product);
      for (const kind of ["enterprise", "standard", "director", "mediation", "edge", "branch"] as const) {
        assert.ok(kinds.has(kind), `${product} ${kind}`);
      }
      const backEnds = pools.flatMap(({ backEnd }) => (backEnd ? [backEnd] : []));
      assert.equal(pools.length, 20);
      assert.ok(backEnds.some(({ mirror, witness }) => mirror !== undefined && witness !== undefined));
      assert.ok(backEnds.some(({ mirror, listener }) => mirror === undefined && listener === undefined));
      assert.equal(
        backEnds.some(({ listener }) => listener !== undefined),
        product !== "lync2013",
      );
      assert.equal(
        pools.some((pool) => pool.product !== undefined),
        product !== "lync2013",
      );
    }
    assert.equal(Object.keys(DEPLOYMENTS).filter((name) => name.startsWith("fabrikam")).length, Product.options.length);
  });

  it("is the same for the same seed, and another for another", () => {
    for (const product of Product.options) {
      assert.deepEqual(fabrikam(product, "one"), fabrikam(product, "one"));
      const some = ["one", "two", "three", "four"].map((seed) => JSON.stringify(fabrikam(product, seed)));
      assert.ok(new Set(some).size > 2);
    }
  });

  it("answers cmdlets for each of its products, and on servers of the one before", async () => {
    for (const product of ["lync2013", "sfb2019"]) {
      const folder = await labOf({ deployment: `fabrikam-${product}` });
      for (const host of ["pool01a.fabrikam.com", "se05.fabrikam.com", "tools01.fabrikam.com"]) {
        const pools = await call(folder, "Get-CsPool", {}, { host, account: BACKUP });
        assert.equal(pools.length, 20);
      }
    }
  });

  it("stays what it is until its folder is removed, and a reset makes the same again", async () => {
    const folder = await labOf({ ...SFB2015, seed: "mine" });
    const topology = await look(folder, (world) => structuredClone(world.deployment.topology));
    assert.deepEqual(topology, fabrikam("sfb2015", "mine"));
    assert.equal((await createLab(folder)).deployment, SFB2015.deployment);
    await assert.rejects(createLab(folder, { deployment: "contoso" }), /There is a lab of fabrikam-sfb2015/);
    await assert.rejects(createLab(path.join(folder, "other"), { deployment: "none" }), /no lab deployment none/);
    await resetLab(folder);
    assert.deepEqual(await look(folder, (world) => structuredClone(world.deployment.topology)), topology);
  });
});
