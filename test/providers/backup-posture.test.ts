import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { RESOURCE_EXAMPLES } from "../../docs/examples/resources";
import type { Posture } from "../../estate/documents";
import { backupPosture } from "../../providers/backup-posture/reconcile";
import { CheckFailed, OneResource } from "../support/one-resource";
import { STRONG, WEAKER } from "../estate/postures";

/** Nobody can edit it by hand: what matters is what a check makes of the last inputs. */
describe("BackupPosture, which lies in the state alone", () => {
  const { args } = RESOURCE_EXAMPLES.BackupPosture;
  const make = (): OneResource => OneResource.of(backupPosture, "no-lab-is-asked");
  const declared = (promises: Posture, acknowledge: string[] = []): object => ({ promises, acknowledge });
  const refusals = async (work: Promise<unknown>): Promise<string[]> => {
    try {
      await work;
      return [];
    } catch (error) {
      assert.ok(error instanceof CheckFailed, String(error));
      assert.ok(error.failures.every(({ property }) => property === ""));
      return error.failures.map(({ reason }) => reason);
    }
  };
  const lines = (reasons: readonly string[]): string[] =>
    reasons.map((reason) => {
      const [, line] = /add acknowledge: \[(".*")\]/.exec(reason) ?? [];
      assert.ok(line !== undefined, reason);
      return JSON.parse(line) as string;
    });

  it("is made, and the second preview is empty, also after a refresh", async () => {
    const posture = make();
    assert.equal(await posture.up(args), "create");
    assert.equal(await posture.preview(args), "same");
    assert.equal(await posture.refresh(), "there");
    assert.deepEqual(await posture.drift(args), []);
    assert.equal(await posture.preview(args), "same");
  });

  for (const [kind, { make: weaken, id }] of Object.entries(WEAKER)) {
    it(`refuses ${kind} until it is acknowledged, and then has nothing to do`, async () => {
      const posture = make();
      await posture.up(declared(STRONG));
      await posture.refresh();
      const weak = weaken(STRONG);
      const state = posture.state;
      const reasons = await refusals(posture.up(declared(weak)));
      assert.deepEqual(lines(reasons), [id]);
      assert.match(reasons.join(), /^safety regression: /);
      assert.deepEqual(posture.state, state);
      assert.equal(await posture.up(declared(weak, [`${id} # agreed`])), "update");
      assert.equal(await posture.preview(declared(weak, [`${id} # agreed`])), "same");
      assert.equal(await posture.up(declared(weak)), "update");
    });
  }

  it("refuses all at once, and whoever adds the lines that it prints is let through", async () => {
    const posture = make();
    await posture.up(declared(STRONG));
    const each = new Map(Object.values(WEAKER).map((one) => [one.of, one]));
    const weak = [...each.values()].reduce((promises, { make: weaken }) => weaken(promises), STRONG);
    const printed = lines(await refusals(posture.preview(declared(weak))));
    assert.equal(printed.length, each.size);
    const [first = "", ...others] = printed;
    assert.deepEqual(lines(await refusals(posture.preview(declared(weak, others)))), [first]);
    assert.equal(await posture.up(declared(weak, printed)), "update");
    assert.equal(await posture.preview(declared(weak, printed)), "same");
  });

  it("lets improvements pass in silence", async () => {
    const posture = make();
    const weak = WEAKER["shorter retention"]?.make(STRONG);
    assert.ok(weak);
    await posture.up(declared(weak));
    assert.equal(await posture.up(declared(STRONG)), "update");
  });

  it("counts an acknowledgement once, and for the value that it names", async () => {
    const posture = make();
    const longer = WEAKER["a longer RPO"];
    assert.ok(longer);
    const acknowledged = [longer.id];
    await posture.up(declared(STRONG));
    await posture.up(declared(longer.make(STRONG), acknowledged));
    await posture.up(declared(STRONG, acknowledged));
    const again = await refusals(posture.preview(declared(longer.make(STRONG), acknowledged)));
    assert.match(again.join(), /what is acknowledged already counted once/);
    assert.equal(await posture.up(declared(longer.make(STRONG), [`${longer.id} # in April too`])), "update");
    const longest = structuredClone(longer.make(STRONG));
    const one = longest.obligations["user-data pool a"];
    assert.ok(one);
    one.rpoMinutes = 20160;
    assert.equal((await refusals(posture.preview(declared(longest, [longer.id])))).length, 1);
  });

  it("fails the first preview and any other with what nothing protects", async () => {
    const posture = make();
    const uncovered = ["dns deployment is not covered: nothing protects it. Add external: […]"];
    assert.deepEqual(await refusals(posture.preview({ ...declared(STRONG), uncovered })), uncovered);
    await posture.up(declared(STRONG));
    const both = await refusals(
      posture.preview({ ...declared(WEAKER["a new waiver"]?.make(STRONG) ?? STRONG), uncovered }),
    );
    assert.equal(both.length, 2);
  });

  it("refuses what is no posture, with the path", async () => {
    const posture = make();
    const bad = { ...STRONG, protect: "yes", surprise: 1 } as unknown as Posture;
    const reasons = await refusals(posture.preview(declared(bad)));
    assert.ok(reasons.some((reason) => reason.startsWith("promises.protect")));
    assert.ok(reasons.some((reason) => reason.startsWith("promises.surprise: there is no such field")));
  });

  it("is deleted without a trace, and deleting it again is no failure", async () => {
    const posture = make();
    await posture.up(args);
    const { state } = posture;
    await posture.destroy();
    posture.state = state;
    await posture.destroy();
  });
});
