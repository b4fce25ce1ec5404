import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { call, contents, contentsNow, file, lab, look, P1, P2 } from "./support";

const SERVICE = (pool: string): string => `service:ApplicationServer:${pool}`;
const GROUPS = file("Rgs.zip");
const workflowsOf = async (folder: string, pool: string, more: Record<string, unknown> = {}): Promise<unknown[]> =>
  (await call(folder, "Get-CsRgsWorkflow", { Identity: SERVICE(pool), ...more })).map(({ Name }) => Name);

describe("An export of Response Groups", () => {
  it("with -RemoveExportedConfiguration deletes them (Export-CsRgsConfiguration)", async () => {
    const folder = await lab();
    const names = await workflowsOf(folder, P1);
    assert.equal(names.length, 2);
    const parameters = { Source: SERVICE(P1), FileName: GROUPS };
    await call(folder, "Export-CsRgsConfiguration", { ...parameters, RemoveExportedConfiguration: true });
    assert.deepEqual(await workflowsOf(folder, P1), []);
    assert.deepEqual((await contents(folder, P1, "rgsconfig")).queues, []);
    // Their contact objects went with them, so they come back without anybody's leave.
    await call(folder, "Import-CsRgsConfiguration", { Destination: SERVICE(P1), FileName: GROUPS });
    assert.deepEqual(await workflowsOf(folder, P1), names);
  });
});

describe("An import of Response Groups", () => {
  const intoPartner = async (): Promise<string> => {
    const folder = await lab();
    await call(folder, "Export-CsRgsConfiguration", { Source: SERVICE(P1), FileName: GROUPS });
    await call(folder, "Import-CsRgsConfiguration", { Destination: SERVICE(P2), FileName: GROUPS });
    return folder;
  };

  it("into the backup pool leaves them to their owner, and is invisible without a switch (Response Group disaster recovery)", async () => {
    const folder = await intoPartner();
    assert.equal((await workflowsOf(folder, P2)).length, 2);
    assert.equal((await workflowsOf(folder, P2, { ShowAll: true })).length, 4);
    assert.deepEqual(await workflowsOf(folder, P2, { Owner: SERVICE(P1) }), await workflowsOf(folder, P1));
  });

  it("comes back with -Owner and -OverwriteOwner (Response Group disaster recovery)", async () => {
    const folder = await intoPartner();
    const before = await contents(folder, P1, "rgsconfig");
    await look(folder, (world) => {
      for (const kind of ["queues", "workflows", "agentGroups"] as const)
        contentsNow(world, P1, "rgsconfig")[kind] = [];
    });
    const back = { Source: SERVICE(P2), Owner: SERVICE(P1), FileName: file("Back.zip") };
    await call(folder, "Export-CsRgsConfiguration", { ...back, RemoveExportedConfiguration: true });
    const parameters = { Destination: SERVICE(P1), FileName: back.FileName, OverwriteOwner: true };
    await call(folder, "Import-CsRgsConfiguration", parameters);
    assert.deepEqual(await contents(folder, P1, "rgsconfig"), before);
    assert.deepEqual(await workflowsOf(folder, P2, { Owner: SERVICE(P1) }), []);
  });

  it("leaves the settings of the application as they are, unless they are to be replaced (Import-CsRgsConfiguration)", async () => {
    const folder = await lab();
    await call(folder, "Export-CsRgsConfiguration", { Source: SERVICE(P1), FileName: GROUPS });
    await look(folder, (world) => (contentsNow(world, P1, "rgsconfig").settings.musicOnHold = null));
    const parameters = { Destination: SERVICE(P1), FileName: GROUPS, OverwriteOwner: true };
    const music = async (): Promise<unknown> =>
      (await call(folder, "Get-CsRgsConfiguration", { Identity: SERVICE(P1) }))[0]?.["DefaultMusicOnHoldFile"];
    await call(folder, "Import-CsRgsConfiguration", parameters);
    assert.equal(await music(), null);
    await call(folder, "Import-CsRgsConfiguration", { ...parameters, ReplaceExistingRgsSettings: true });
    assert.equal(await music(), "hold.wma");
  });

  it("numbers what has a name that is taken, if it may (Import-CsRgsConfiguration)", async () => {
    const folder = await lab();
    await call(folder, "Export-CsRgsConfiguration", { Source: SERVICE(P1), FileName: GROUPS });
    await look(folder, (world) => {
      contentsNow(world, P1, "rgsconfig").queues = [];
      const [queue] = contentsNow(world, P2, "rgsconfig").queues;
      if (queue) queue.name = "Helpdesk 1";
    });
    const parameters = { Destination: SERVICE(P1), FileName: GROUPS, OverwriteOwner: true };
    await call(folder, "Import-CsRgsConfiguration", { ...parameters, ResolveNameConflicts: true });
    const names = (await contents(folder, P1, "rgsconfig")).queues.map(({ name }) => name);
    assert.deepEqual(names, ["Helpdesk 1 (2)", "Reception 1"]);
  });
});
