import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { describe, it } from "mocha";
import { Change, Manifest, type ChangeAction } from "../../estate/documents";
import { agentPackage } from "../../hosts/agent/package";
import { advance, createLab, labStatus } from "../../lab/commands";
import { Store } from "../../lab/store";
import { openLabHost } from "../../lab/host";
import { fingerprint } from "../support/fingerprint";
import {
  apply,
  BK01,
  child,
  configuration,
  emptyLab,
  FE01,
  inFolder,
  JOB,
  labWithJob,
  ownerOf,
  run,
  setJob,
  setsOf,
  sha256,
  temporaryFolder,
  vault,
  WORK,
} from "./fixture";
import { killAt, momentsOf } from "./killing";

/** Kills it at so many of its moments, evenly spread. */
async function killedEverywhere(
  most: number,
  lab: string,
  args: readonly string[],
  look: (copy: string) => Promise<void>,
): Promise<void> {
  const { all } = await momentsOf(lab, args);
  const chosen = Array.from({ length: all }, (_, index) => index + 1).filter(
    (moment) => Math.floor((moment * most) / all) > Math.floor(((moment - 1) * most) / all) || most >= all,
  );
  await killAt(chosen, lab, args, look);
}

async function whole(lab: string): Promise<string[]> {
  const sets = (await setsOf(lab)).filter(({ sealed }) => sealed);
  for (const { real, set } of sets) {
    const manifest = Manifest.parse(fs.readFileSync(path.join(real, "manifest.json"), "utf8"));
    assert.equal(manifest.set, set);
    for (const artefact of manifest.artefacts) {
      assert.equal(sha256(fs.readFileSync(path.join(real, artefact.path))), artefact.sha256);
    }
  }
  return sets.map(({ set }) => set);
}

/** With so many moments of each action, evenly spread; without a number, with all of them. */
export function describeKilled(most = Infinity): void {
  describe("Whatever the moment at which a process is killed,", function () {
    this.timeout(600_000);

    it("a run leaves whole sets only, loses no good one, and the next run sweeps up and succeeds", async () => {
      const retention = { last: 1, daily: 0, weekly: 0, monthly: 0, yearly: 0 };
      const lab = await labWithJob(configuration({ retention }));
      const before = (await run(lab)).id;
      await killedEverywhere(most, lab, ["run", JOB, FE01], async (copy) => {
        const host = await openLabHost(copy, FE01);
        assert.notDeepEqual(await whole(copy), []);
        const [found] = await host.results({ job: JOB, last: 1 });
        if (found?.id === before) assert.deepEqual(await whole(copy), [before]);
        else assert.ok(["interrupted", "succeeded"].includes(found?.outcome ?? ""), found?.outcome);
        const { jobs, tasks, problems } = await host.state();
        assert.deepEqual(problems, []);
        assert.equal(jobs[0]?.lastRun?.outcome, found?.outcome);
        if (found?.outcome === "interrupted") assert.equal(tasks[0]?.lastResult, 1);
        const next = await run(copy);
        assert.equal(next.outcome, "succeeded", next.error?.message);
        assert.deepEqual(await whole(copy), [next.id]);
        assert.deepEqual(
          (await setsOf(copy)).map(({ set }) => set),
          [next.id],
        );
        assert.deepEqual(await inFolder(copy, FE01, WORK), []);
        const results = await host.results({ job: JOB, last: 9 });
        assert.ok(results.every(({ outcome, finishedAt }) => outcome !== "running" && finishedAt !== undefined));
      });
    });

    it("time has passed as far as it was written, and goes on from there as if nothing had been", async () => {
      const lab = await labWithJob(
        configuration({ retention: { last: 2, daily: 0, weekly: 0, monthly: 0, yearly: 0 } }),
      );
      const days = 3;
      const minutesLeft = async (folder: string): Promise<number> =>
        (Date.parse("2026-03-05T09:00:00Z") - Date.parse((await labStatus(folder)).now)) / 60_000;
      const expected = path.join(temporaryFolder(), ".lab");
      fs.cpSync(lab, expected, { recursive: true });
      await advance(expected, await minutesLeft(expected));
      await killedEverywhere(most, lab, ["advance", String(days)], async (copy) => {
        const left = await minutesLeft(copy);
        assert.ok(left >= 0 && left <= days * 1440, String(left));
        await advance(copy, left);
        assert.equal(fingerprint(copy), fingerprint(expected));
      });
    });

    const target: ChangeAction = { kind: "set-target", target: vault };
    const agent: ChangeAction = { kind: "set-agent", agent: agentPackage() };
    const removed: ChangeAction[] = [
      { kind: "remove-job", name: JOB },
      { kind: "remove-agent" },
      { kind: "remove-target", name: "vault" },
    ];
    for (const [made, host, action] of [
      [false, BK01, target],
      [false, FE01, agent],
      [true, FE01, setJob(configuration())],
      [true, FE01, removed[0]],
      [true, FE01, removed[1]],
      [true, BK01, removed[2]],
    ] as const) {
      assert.ok(action);
      it(`${action.kind} can be repeated by its owner, and comes to the same`, async () => {
        const lab = made ? await labWithJob() : await emptyLab();
        if (action.kind === "set-job" || action.kind === "remove-agent")
          await apply(lab, FE01, { kind: "remove-job", name: JOB });
        const expected = path.join(temporaryFolder(), ".lab");
        fs.cpSync(lab, expected, { recursive: true });
        await apply(expected, host, action);
        const state = await (await openLabHost(expected, host)).state();
        // In a file: a module is longer than what a command line may hold.
        const change = path.join(temporaryFolder(), "change.json");
        fs.writeFileSync(change, Change.write(Change.make({ owner: ownerOf("subject"), action })));
        await killedEverywhere(most, lab, ["apply", "", host, change], async (copy) => {
          const opened = await openLabHost(copy, host);
          assert.deepEqual((await opened.state()).problems, []);
          await apply(copy, host, action);
          const now = await opened.state();
          // A folder of a target that was killed may be a byte bigger.
          assert.deepEqual(
            { ...now, volumes: {}, targets: now.targets.map(shown) },
            { ...state, volumes: {}, targets: state.targets.map(shown) },
          );
        });
      });
    }

    it("the lock is free, and what was counted is counted", async () => {
      const folder = temporaryFolder();
      await killedEverywhere(most, folder, ["count", "3"], async (copy) => {
        const counter = await new Store(copy).transaction(({ sections }) => sections.get("counter"));
        assert.ok(counter === undefined || [1, 2, 3].includes((counter as { value: number }).value));
        assert.equal(await child(["count", copy, "2"]).ended, 0);
      });
    });

    it("a lab that was being made can be made", async () => {
      const nothing = path.join(temporaryFolder(), ".lab");
      fs.mkdirSync(nothing);
      await killedEverywhere(most, nothing, ["create"], async (copy) => {
        await createLab(copy);
        assert.equal((await (await openLabHost(copy, FE01)).state()).agent, null);
      });
    });
  });
}

const shown = <T extends { freeBytes: number | null }>({ freeBytes: _freeBytes, ...rest }: T): Omit<T, "freeBytes"> =>
  rest;
