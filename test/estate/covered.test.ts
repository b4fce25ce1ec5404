import assert from "node:assert/strict";
import fc from "fast-check";
import { rowOf } from "../../estate/catalogue";
import { coverageOf } from "../../estate/coverage";
import { coverKey, type ProtectingJob, type Topology } from "../../estate/documents";
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

const OUTSIDE = [
  "active-directory",
  "certificate-authority",
  "dhcp",
  "dns",
  "firewall",
  "iis",
  "installation-media",
  "network",
  "pstn-gateways",
].map((datum) => `${datum} deployment`);
const SERVERS = ["certificates pool pool1.contoso.com", "load-balancer deployment"];
const RECORDINGS = "response-group-audio deployment";

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
      const obliged = new Set(dutiesOf(topology).obligations.map(({ key }) => key));
      for (const [index, gone] of jobs.entries()) {
        const gaps = gapsOf(topology, jobs.toSpliced(index, 1)).filter((key) => !left.has(key));
        assert.ok(gaps.length > 0, `${gone.name} covers nothing that nobody else covers`);
        const others = new Set(jobs.filter((one) => one !== gone).flatMap(({ covers }) => covers.map(coverKey)));
        const own = gone.covers.map(coverKey).filter((key) => !others.has(key));
        // Without the full backups of its series a log has no beginning.
        const begun = jobs
          .filter(({ series, setKind }) => series === gone.series && setKind === "log" && gone.setKind === "full")
          .flatMap(({ covers }) => covers.map(coverKey));
        assert.deepEqual(gaps.toSorted(), [...own, ...begun].filter((key) => obliged.has(key)).toSorted());
      }
    });
  }

  for (const [name, topology, more] of [
    ["a Standard Edition server alone", known.standardAlone, ["certificates pool se.contoso.com"]],
    ["an Enterprise pool", known.enterpriseUnmirrored, [...SERVERS, RECORDINGS]],
    ["a mirrored pool", known.enterpriseMirrored, [...SERVERS, RECORDINGS]],
    ["an availability group", known.enterpriseAlwaysOn, [...SERVERS, RECORDINGS]],
    ["a pair", known.pairedWithCentralManagement, [...SERVERS, RECORDINGS, "certificates pool pool2.contoso.com"]],
    ["Persistent Chat", known.withPersistentChat, [...SERVERS, RECORDINGS, "certificates pool chat.contoso.com"]],
    ["no Response Groups", known.withoutResponseGroups, SERVERS],
    ["collocated Archiving", known.collocatedArchiving, SERVERS],
    [
      "an Edge pool, and contacts in Exchange",
      known.withEdge,
      [...SERVERS, RECORDINGS, "certificates pool edge.contoso.com", "exchange deployment"],
    ],
    ["2019", known.withoutPersistentChat, [...SERVERS, RECORDINGS]],
  ] as const) {
    it(`leave exactly these gaps, which are for other tools: ${name}`, () => {
      assert.deepEqual(gapsOf(topology, everyJob(topology)).toSorted(), [...OUTSIDE, ...more].toSorted());
    });
  }

  it("may back Persistent Chat up by its own export instead of SQL Server", () => {
    const covers = persistentChatCovers({ instance: "chatsql.contoso.com", database: "mgc", level: "All" });
    const key = "persistent-chat database chatsql.contoso.com mgc";
    assert.ok(!gapsOf(known.withPersistentChat, job("chat", [...covers])).includes(key));
    assert.ok(gapsOf(known.withPersistentChat, []).includes(key));
  });
});
