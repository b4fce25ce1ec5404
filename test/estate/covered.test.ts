import assert from "node:assert/strict";
import fc from "fast-check";
import { rowOf } from "../../estate/catalogue";
import { coverageOf } from "../../estate/coverage";
import type { ProtectingJob, Topology } from "../../estate/documents";
import { persistentChatCovers } from "../../estate/jobs";
import { dutiesOf } from "../../estate/obligations";
import { everyJob, job } from "./protecting";
import * as known from "./topologies";

/** The covers of the job kinds against the obligations of topologies: what this product backs up, and what it leaves. */

const isOutside = (key: string): boolean =>
  rowOf(key.split(" ")[0] as Parameters<typeof rowOf>[0]).protectedBy[0] === "external";
const gapsOf = (topology: Topology, jobs: readonly ProtectingJob[]): string[] =>
  coverageOf(dutiesOf(topology).obligations, jobs, "2026-03-01T12:00:00.000Z")
    .rows.filter(({ state }) => state === "gap")
    .map(({ obligation }) => obligation.key);

describe("the job kinds together", () => {
  it("cover all that Lync itself stores, in any deployment, and leave what others own", () => {
    fc.assert(
      fc.property(known.anyTopology, (topology) => {
        assert.deepEqual(
          gapsOf(topology, everyJob(topology)).filter((key) => !isOutside(key)),
          [],
        );
      }),
    );
  });

  for (const [name, topology] of Object.entries(known).filter(
    (entry): entry is [string, Topology] => typeof entry[1] === "object" && "pools" in entry[1],
  )) {
    it(`leave the gap of exactly what one of them covered, where it is taken away: ${name}`, () => {
      const jobs = everyJob(topology);
      const left = new Set(gapsOf(topology, jobs));
      for (const [index, gone] of jobs.entries()) {
        const gaps = gapsOf(topology, jobs.toSpliced(index, 1)).filter((key) => !left.has(key));
        assert.ok(gaps.length > 0, `${gone.name} covers nothing that nobody else covers`);
        const keys = new Set(gone.covers.map(({ datum }) => datum));
        for (const gap of gaps) assert.ok(keys.has(gap.split(" ")[0] ?? ""), `${gap} is not what ${gone.name} covers`);
      }
    });
  }

  it("may back Persistent Chat up by its own export instead of SQL Server", () => {
    const covers = persistentChatCovers({ instance: "chatsql.contoso.com", database: "mgc", level: "All" });
    const key = "persistent-chat database chatsql.contoso.com mgc";
    assert.ok(!gapsOf(known.withPersistentChat, job("chat", [...covers])).includes(key));
    assert.ok(gapsOf(known.withPersistentChat, []).includes(key));
  });
});
