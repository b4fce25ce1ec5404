import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { locationOf } from "../../../lab/model/locations";
import { call, contents, contentsNow, file, lab, look, P1, P2 } from "./support";

describe("An import of locations", () => {
  const LIS = file("Lis.zip");
  const room = locationOf({ place: "Rooms 20-40", company: "c", street: "s", city: "c", country: "CH" });

  it("re-adds, reverts and keeps, and may leave a location that nothing leads to (Import-CsLisConfiguration)", async () => {
    const folder = await lab();
    await call(folder, "Export-CsLisConfiguration", { FileName: LIS });
    const before = (await contents(folder, P1, "lis")).draft;
    await look(folder, (world) => {
      const { draft } = contentsNow(world, P1, "lis");
      draft.locations.push(room);
      draft.elements.shift();
      const [changed] = draft.elements;
      if (changed) changed.location = room.id;
      draft.elements.push({ kind: "subnet", id: "192.168.0.0", location: room.id });
    });
    await call(folder, "Import-CsLisConfiguration", { FileName: LIS });
    const { draft } = await contents(folder, P1, "lis");
    const names = (elements: typeof draft.elements): string[] =>
      elements.map(({ kind, id, location }) => `${kind} ${id} ${location}`).sort();
    assert.deepEqual(
      names(draft.elements),
      names([...before.elements, { kind: "subnet", id: "192.168.0.0", location: room.id }]),
    );
    assert.deepEqual(draft.locations, [...before.locations, room]);
  });

  it("is told to clients when it is published, and not before (Publish-CsLisConfiguration)", async () => {
    const folder = await lab();
    await call(folder, "Export-CsLisConfiguration", { FileName: LIS });
    await look(folder, (world) =>
      Object.assign(contentsNow(world, P1, "lis"), { draft: { locations: [], elements: [] }, published: null }),
    );
    await call(folder, "Import-CsLisConfiguration", { FileName: LIS });
    assert.equal((await contents(folder, P1, "lis")).published, null);
    await call(folder, "Publish-CsLisConfiguration");
    const { draft, published } = await contents(folder, P1, "lis");
    assert.deepEqual(published, draft);
    assert.deepEqual(await call(folder, "Debug-CsLisConfiguration"), []);
  });

  it("takes bytes as well as a file (Export-CsLisConfiguration)", async () => {
    const folder = await lab();
    const [output] = await call(folder, "Export-CsLisConfiguration", { AsBytes: true });
    await look(folder, (world) => (contentsNow(world, P1, "lis").draft = { locations: [], elements: [] }));
    await call(folder, "Import-CsLisConfiguration", { ByteInput: output?.["Bytes"] });
    assert.ok((await contents(folder, P1, "lis")).draft.locations.length > 0);
  });

  it("is no part of what a standby of the Central Management store has (Managing disaster recovery)", async () => {
    const folder = await lab();
    assert.deepEqual((await contents(folder, P2, "lis")).draft, { locations: [], elements: [] });
    assert.ok((await contents(folder, P2, "xds")).topology);
  });
});
