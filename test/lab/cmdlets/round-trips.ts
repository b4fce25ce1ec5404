import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import type { Topology } from "../../../estate/documents";
import { isFrontEnd, instanceOf, storesOf } from "../../../estate/topology/stores";
import { buildDeployment } from "../../../lab/deployments/build";
import { readDocItems, writeDocItems, type Plain } from "../../../lab/docitems";
import { changeConfiguration } from "../../../lab/model/central-management";
import { emptyContents, type Contents, type DatabaseName } from "../../../lab/model/databases";
import { impossible } from "../../../lab/model/impossible";
import { locationOf } from "../../../lab/model/locations";
import type { World } from "../../../lab/world";
import { HOSTILE } from "../../support/hostile";
import { anyTopology } from "../../estate/topologies";
import { ADMIN, call, contents, contentsNow, file, labOf, look, restart } from "./support";

/** What an export holds, its import brings back: for any deployment, whatever people call things. */

const texts = fc.oneof(
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.constantFrom(...HOSTILE.filter((one) => one.length < 100)),
);
const named = texts.filter((one) => one !== "");

interface Subject {
  folder: string;
  topology: Topology;
  /** Where the cmdlets are called. */
  host: string;
  frontEnds: Topology["pools"];
}

async function subjectOf(topology: Topology): Promise<Subject> {
  const folder = await labOf(buildDeployment(topology, { seed: "trip", usersPerPool: 4 }));
  const frontEnds = topology.pools.filter(isFrontEnd);
  const host = frontEnds[0]?.servers[0]?.fqdn ?? frontEnds[0]?.fqdn ?? "";
  return { folder, topology, host, frontEnds };
}

/** As after Install-CsDatabase -Clean. */
const empty = <N extends DatabaseName>(world: World, pool: string, name: N): void => {
  const found = contentsNow(world, pool, name);
  Object.assign(found, emptyContents(name) as Contents[N]);
};

const calls =
  ({ folder, host }: Subject) =>
  (cmdlet: string, parameters: Record<string, unknown>) =>
    call(folder, cmdlet, parameters, { host });

/** Each as many times as this. */
export function describeRoundTrips(numRuns: number): void {
  const runs = { numRuns };
  describe("An export that is imported again restores", () => {
    it("the configuration", async () => {
      await fc.assert(
        fc.asyncProperty(
          anyTopology,
          fc.array(fc.tuple(named, fc.dictionary(named, texts, { maxKeys: 3 }))),
          async (topology, made) => {
            const subject = await subjectOf(topology);
            const active = topology.centralManagement.active;
            await look(subject.folder, (world) => {
              changeConfiguration(world, (now) => {
                const unique = new Map(made.map(([identity, settings]) => [identity, settings]));
                for (const [identity, settings] of unique) now.policies.push({ kind: "Random", identity, settings });
              });
            });
            const before = await contents(subject.folder, active, "xds");
            await calls(subject)("Export-CsConfiguration", { FileName: file("Config.zip") });
            await look(subject.folder, (world) => {
              empty(world, active, "xds");
            });
            await calls(subject)("Import-CsConfiguration", { FileName: file("Config.zip") });
            const after = await contents(subject.folder, active, "xds");
            assert.deepEqual({ ...after, serial: 0, changedAt: "" }, { ...before, serial: 0, changedAt: "" });
            assert.deepEqual(await look(subject.folder, impossible), []);
          },
        ),
        runs,
      );
    });

    it("the locations", async () => {
      await fc.assert(
        fc.asyncProperty(anyTopology, fc.array(fc.tuple(named, named, texts)), async (topology, made) => {
          const subject = await subjectOf(topology);
          const active = topology.centralManagement.active;
          await look(subject.folder, (world) => {
            const { draft } = contentsNow(world, active, "lis");
            for (const [index, [id, place, street]] of made.entries()) {
              const location = locationOf({ place, street, company: String(index), city: "", country: "" });
              draft.locations.push(location);
              draft.elements.push({ kind: "subnet", id: `${String(index)} ${id}`, location: location.id });
            }
          });
          const before = await contents(subject.folder, active, "lis");
          await calls(subject)("Export-CsLisConfiguration", { FileName: file("Lis.zip") });
          await look(subject.folder, (world) => {
            empty(world, active, "lis");
          });
          await calls(subject)("Import-CsLisConfiguration", { FileName: file("Lis.zip") });
          await calls(subject)("Publish-CsLisConfiguration", {});
          assert.deepEqual(await contents(subject.folder, active, "lis"), {
            draft: before.draft,
            published: before.draft,
          });
        }),
        runs,
      );
    });

    it("the data of users, for each pool, once its Front Ends were restarted", async () => {
      const conferences = fc.array(fc.record({ id: texts, title: texts, at: texts }), { maxLength: 3 });
      await fc.assert(
        fc.asyncProperty(
          anyTopology,
          fc.array(texts, { maxLength: 5 }),
          conferences,
          async (topology, contacts, meetings) => {
            const subject = await subjectOf(topology);
            for (const { fqdn, servers } of subject.frontEnds) {
              await look(subject.folder, (world) => {
                const [row] = Object.values(contentsNow(world, fqdn, "rtcxds").homes[fqdn]?.users ?? {});
                Object.assign(row ?? {}, { contacts, conferences: meetings });
              });
              const before = [
                await contents(subject.folder, fqdn, "rtcxds"),
                await contents(subject.folder, fqdn, "rtcshared"),
              ];
              const parameters = { PoolFqdn: fqdn, FileName: file(`${fqdn}.zip`) };
              await calls(subject)("Export-CsUserData", parameters);
              await look(subject.folder, (world) => {
                empty(world, fqdn, "rtcxds");
                empty(world, fqdn, "rtcshared");
              });
              await calls(subject)("Import-CsUserData", parameters);
              const names = servers.map((server) => server.fqdn);
              await restart(subject.folder, names.length > 0 ? names : [fqdn]);
              const after = [
                await contents(subject.folder, fqdn, "rtcxds"),
                await contents(subject.folder, fqdn, "rtcshared"),
              ];
              assert.deepEqual(after, before);
            }
          },
        ),
        runs,
      );
    });

    it("Response Groups with their settings, for each pool that has them", async () => {
      await fc.assert(
        fc.asyncProperty(anyTopology, named, texts, async (topology, name, music) => {
          const subject = await subjectOf(topology);
          for (const { fqdn, roles } of subject.frontEnds) {
            if (!roles.includes("response-group")) continue;
            await look(subject.folder, (world) => {
              const groups = contentsNow(world, fqdn, "rgsconfig");
              const [queue] = groups.queues;
              if (queue) queue.name = `${fqdn} ${name}`;
              groups.settings.musicOnHold = music;
            });
            const before = await contents(subject.folder, fqdn, "rgsconfig");
            const service = `service:ApplicationServer:${fqdn}`;
            await calls(subject)("Export-CsRgsConfiguration", { Source: service, FileName: file(`${fqdn}.zip`) });
            await look(subject.folder, (world) => {
              empty(world, fqdn, "rgsconfig");
            });
            const back = { Destination: service, FileName: file(`${fqdn}.zip`) };
            await calls(subject)("Import-CsRgsConfiguration", {
              ...back,
              OverwriteOwner: true,
              ReplaceExistingRgsSettings: true,
            });
            assert.deepEqual(await contents(subject.folder, fqdn, "rgsconfig"), before);
          }
          assert.deepEqual(await look(subject.folder, impossible), []);
        }),
        runs,
      );
    });

    it("Persistent Chat", async () => {
      const withChat = anyTopology.filter(({ pools }) => pools.some(({ kind }) => kind === "persistent-chat"));
      await fc.assert(
        fc.asyncProperty(withChat, fc.array(fc.tuple(texts, texts)), async (topology, said) => {
          const subject = await subjectOf(topology);
          const pool = "chat.contoso.com";
          await look(subject.folder, (world) => {
            const chat = contentsNow(world, pool, "mgc");
            const room = chat.rooms[0]?.id ?? "";
            for (const [index, [author, text]] of said.entries()) {
              chat.messages.push({ room, number: 100 + index, at: "2026-03-01T00:00:00.000Z", author, text });
            }
          });
          const before = await contents(subject.folder, pool, "mgc");
          const store = storesOf(topology).find(({ holder }) => holder === "persistent-chat");
          const parameters = { DBInstance: store && instanceOf(store.sql), FileName: file("Chat.zip") };
          await calls(subject)("Export-CsPersistentChatData", parameters);
          await look(subject.folder, (world) => {
            empty(world, pool, "mgc");
          });
          await calls(subject)("Import-CsPersistentChatData", parameters);
          assert.deepEqual(await contents(subject.folder, pool, "mgc"), before);
        }),
        runs,
      );
    });

    it("whatever plain data there can be", () => {
      const { plain } = fc.letrec<{ plain: Plain }>((tie) => ({
        plain: fc.oneof(
          { depthSize: "small" },
          texts,
          fc.double({ noNaN: true, noDefaultInfinity: true }).map((one) => (one === 0 ? 0 : one)),
          fc.boolean(),
          fc.constant(null),
          fc.array(tie("plain"), { maxLength: 4 }),
          fc.dictionary(texts, tie("plain"), { maxKeys: 4, noNullPrototype: true }),
        ),
      }));
      fc.assert(
        fc.property(texts, fc.array(fc.tuple(texts, plain)), (of, items) => {
          assert.deepEqual(readDocItems(writeDocItems({ of, items })), { of, items });
        }),
        { numRuns: 300 },
      );
    });
  });

  describe("A deployment made of any topology", () => {
    it("is possible, and has every database that its topology asks for", async () => {
      await fc.assert(
        fc.asyncProperty(anyTopology, async (topology) => {
          const subject = await subjectOf(topology);
          assert.deepEqual(await look(subject.folder, impossible), []);
          const asAdmin = { host: subject.host, account: ADMIN };
          for (const server of new Set(storesOf(topology).map(({ sql }) => sql.instance.split("\\")[0]))) {
            const parameters = { ConfiguredDatabases: true, SqlServerFqdn: server };
            const found = await call(subject.folder, "Test-CsDatabase", parameters, asAdmin);
            assert.ok(found.length > 0 && found.every(({ Succeed }) => Succeed === true), server);
          }
        }),
        runs,
      );
    });
  });
}
