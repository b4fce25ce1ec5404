import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { describe, it } from "mocha";
import { fileStoreJob } from "../../../estate/jobs";
import { agentPackage } from "../../../hosts/agent/package";
import { buildDeployment, volume } from "../../../lab/deployments/build";
import { contoso } from "../../../lab/deployments/contoso";
import { labOf } from "../cmdlets/support";
import { apply, BK01, FE01, setJob, vault } from "../fixture";
import { declared, manifestOf, runJob, STORE, succeeded } from "./support";

describe("A file store of a hundred thousand files", () => {
  it("is copied whole, and afterwards only where it has changed", async function () {
    this.timeout(600_000);
    const more = [{ fqdn: BK01, site: "second", volumes: { D: volume(500, "bitlocker") } }];
    const folder = await labOf(
      buildDeployment(contoso, { seed: "many", usersPerPool: 1, filesPerStore: 100_000, more }),
    );
    const job = fileStoreJob({ ...declared("files"), store: STORE });
    await apply(folder, BK01, { kind: "set-target", target: vault });
    await apply(folder, FE01, { kind: "set-agent", agent: agentPackage() });
    await apply(folder, FE01, setJob(job));
    const first = succeeded(await runJob(folder, job));
    const { facts } = await manifestOf(folder, job, first);
    assert.ok(Number(facts["files"]) > 99_000);
    assert.equal(facts["changed"], facts["files"]);
    const second = await manifestOf(folder, job, succeeded(await runJob(folder, job)));
    assert.deepEqual([second.facts["changed"], second.needs], [0, [first.set]]);
    fs.rmSync(path.dirname(folder), { recursive: true });
  });
});
