import assert from "node:assert/strict";
import { beforeEach, describe, it } from "mocha";
import { cutHost, mendHost } from "../../lab/commands";
import { managedKeys, inputKeys, type CommonInputs, type ResourceType } from "../../providers/base/resource-type";
import { UNKNOWN } from "../../providers/base/wire";
import { HOSTILE } from "./hostile";
import { labForEach } from "./lab";
import { CheckFailed, OneResource } from "./one-resource";

/** What a resource type supplies to be tested from end to end. */
export interface ResourceCase<Inputs extends CommonInputs, Outputs extends object> {
  type: ResourceType<Inputs, Outputs>;
  /** A declaration as a program makes it, without what the product adds. */
  example: Record<string, unknown>;
  /** What must be there before: other resources, made by hand. */
  prepare?: (lab: string) => Promise<void>;
  /** Another good value for each property that may change in place. */
  changes: Record<string, unknown>;
  /** Another good value for each property that makes it another thing. */
  replacements: Record<string, unknown>;
  /** Properties that are judged against the host: another value, which it refuses. */
  refused?: Record<string, unknown>;
  /** How a colleague changes each managed property by hand. */
  edits: Record<string, (lab: string) => Promise<void>>;
  /** Managed properties that only a person can put right: how. Until then the resource refuses, naming it. */
  byHand?: Record<string, (lab: string) => Promise<void>>;
  /** Managed properties whose only drift is the loss of the whole thing. */
  lostWith?: readonly string[];
  /** How it is lost altogether. */
  lose: (lab: string) => Promise<void>;
  /** The same object made by somebody else; `differs`: not as declared. */
  foreign: (lab: string, differs: boolean) => Promise<void>;
  /** Bad values: the path that must be named. */
  bad: readonly { with: Record<string, unknown>; names: string | RegExp }[];
  /** The hosts that it needs. */
  hosts: readonly string[];
  /** Where it lies on no host: cuts off what it lies on, and answers with how to mend that. */
  cut?: () => Promise<() => Promise<void>>;
  /** What the provider is configured with besides the lab. */
  settings?: () => Record<string, string>;
  /** Before each test, for what no lab holds. */
  begin?: () => Promise<void>;
  /** Leaves something behind before a delete, and answers with what must hold after it: sets must stay, above all. */
  remains: (lab: string) => Promise<() => Promise<void>>;
  /** Another one of its kind beside it. */
  another: Record<string, unknown>;
}

/** Every resource type passes this by supplying examples and hand edits. */
export function describeResource<Inputs extends CommonInputs, Outputs extends object>(
  subject: ResourceCase<Inputs, Outputs>,
): void {
  const { type, example } = subject;

  describe(`${type.type}, as every resource`, () => {
    const here = labForEach(subject.prepare);
    let lab: string;
    let resource: OneResource;

    const resourceCalled = (name?: string): OneResource => OneResource.of(type, lab, name, subject.settings?.());
    const cut = async (): Promise<() => Promise<void>> => {
      if (subject.cut) return subject.cut();
      for (const host of subject.hosts) await cutHost(lab, host);
      return async () => {
        for (const host of subject.hosts) await mendHost(lab, host);
      };
    };

    beforeEach(async () => {
      lab = here.folder;
      await subject.begin?.();
      resource = resourceCalled();
    });

    it("is made, and the second preview is empty, also after a refresh", async () => {
      assert.equal(await resource.up(example), "create");
      assert.equal(await resource.preview(example), "same");
      assert.equal(await resource.refresh(), "there");
      assert.equal(await resource.preview(example), "same");
      assert.deepEqual(await resource.drift(example), []);
    });

    it("is judged the same when it is judged twice", async () => {
      const once = await resource.check(example);
      assert.deepEqual(await resource.check(once), once);
    });

    it("comes with a change, a replacement or a reason for every property, and an edit for every managed one", () => {
      const changeable = inputKeys(type).filter((key) => !["owner", "adopt", ...type.computed].includes(key));
      const tried = { ...subject.changes, ...subject.replacements, ...subject.refused };
      const covered = new Set([...Object.keys(tried), "reach"]);
      assert.deepEqual(
        changeable.filter((key) => !covered.has(key)),
        [],
        "a property without a change in this suite",
      );
      const immovable = ["owner", ...type.identity, ...(subject.lostWith ?? [])];
      assert.deepEqual(
        managedKeys(type).filter((key) => !immovable.includes(key) && !(key in subject.edits)),
        [],
        "a managed property whose drift this suite does not try",
      );
    });

    for (const [key, value] of Object.entries(subject.changes)) {
      it(`changes ${key} in place`, async () => {
        await resource.up(example);
        const changed = { ...example, ...asPatch(key, value) };
        assert.equal(await resource.preview(changed), "update");
        assert.equal(await resource.up(changed), "update");
        assert.equal(await resource.preview(changed), "same");
        await resource.refresh();
        assert.equal(await resource.preview(changed), "same");
      });
    }

    for (const [key, value] of Object.entries(subject.replacements)) {
      it(`becomes another thing with another ${key}`, async () => {
        await resource.up(example);
        const other = { ...example, ...asPatch(key, value) };
        assert.equal(await resource.preview(other), "replace");
        assert.equal(await resource.up(other), "replace");
        assert.equal(await resource.preview(other), "same");
      });
    }

    for (const [key, value] of Object.entries(subject.refused ?? {})) {
      it(`refuses another ${key}, which the host contradicts, and changes nothing`, async () => {
        await resource.up(example);
        const before = resource.state;
        await assert.rejects(resource.up({ ...example, ...asPatch(key, value) }), /Nothing was changed/);
        assert.deepEqual(resource.state, before);
        assert.deepEqual(await resource.drift(example), []);
      });
    }

    for (const [key, edit] of Object.entries(subject.edits)) {
      it(`finds drift of ${key}, names it, and puts it right`, async () => {
        await resource.up(example);
        await edit(lab);
        const drift = await resource.drift(example);
        assert.ok(drift.includes(key), `found ${drift.join(", ") || "nothing"}`);
        assert.equal(await resource.preview(example), "update");
        const mend = subject.byHand?.[key];
        if (mend) {
          await assert.rejects(resource.up(example), /Nothing was changed/);
          await mend(lab);
          await resource.refresh();
        } else {
          assert.equal(await resource.up(example), "update");
        }
        assert.deepEqual(await resource.drift(example), []);
      });
    }

    it("is planned anew when it is gone", async () => {
      await resource.up(example);
      await subject.lose(lab);
      assert.equal(await resource.refresh(), "gone");
      assert.equal(await resource.preview(example), "create");
      await resource.up(example);
      assert.deepEqual(await resource.drift(example), []);
    });

    it("takes over what is there already and is the same", async () => {
      await subject.foreign(lab, false);
      assert.equal(await resource.up(example), "create");
      assert.deepEqual(await resource.drift(example), []);
    });

    it("refuses what is there and differs, and takes it over when told to adopt it", async () => {
      await subject.foreign(lab, true);
      await assert.rejects(resource.up(example), (error: Error) => {
        assert.match(error.message, /adopt: true/);
        assert.match(error.message, /Nothing was changed/);
        return true;
      });
      assert.equal(resource.state, undefined);
      const adopting = { ...example, adopt: true };
      assert.equal(await resource.up(adopting), "create");
      assert.deepEqual(await resource.drift(adopting), []);
    });

    it("never takes a host that does not answer for one where it is gone", async () => {
      await resource.up(example);
      const before = resource.state;
      const mend = await cut();
      const unreachable = /unreachable|does not answer|cannot be reached|Check the network/i;
      await assert.rejects(resource.refresh(), unreachable);
      assert.deepEqual(resource.state, before);
      await assert.rejects(resource.destroy(), unreachable);
      await mend();
      assert.equal(await resource.refresh(), "there");
    });

    it("goes on after a create whose answer was lost", async () => {
      await resource.up(example);
      const second = resourceCalled();
      assert.equal(await second.up(example), "create");
      assert.deepEqual(await second.drift(example), []);
    });

    it("is deleted, and deleting it again is no failure", async () => {
      await resource.up(example);
      const stillThere = await subject.remains(lab);
      const state = resource.state;
      await resource.destroy();
      resource.state = state;
      await resource.destroy();
      // A host is asked, not a resource without a memory.
      resource.state = state;
      assert.equal(await resource.refresh(), "gone");
      await stillThere();
    });

    it("stands beside another one of its kind, and leaves it alone", async () => {
      const other = resourceCalled("other");
      await resource.up(example);
      await other.up(subject.another);
      assert.notEqual(resource.state?.id, other.state?.id);
      assert.deepEqual(await resource.drift(example), []);
      await resource.destroy();
      assert.deepEqual(await other.drift(subject.another), []);
    });

    it("finds that another took it over, and neither takes it back nor removes it", async () => {
      await resource.up(example);
      const theirs = resourceCalled("theirs");
      await theirs.up({ ...example, adopt: true });
      assert.deepEqual((await resource.drift(example)).includes("owner"), true);
      await resource.destroy();
      assert.equal(await theirs.refresh(), "there");
    });

    it("is removed as ours whatever a refresh found of each property", async () => {
      for (const [key, edit] of Object.entries(subject.edits)) {
        await resource.up(example);
        await edit(lab);
        if ((await resource.refresh()) === "there") await resource.destroy();
        await subject.byHand?.[key]?.(lab);
        await resource.up(example);
        const kept = resource.state;
        await resource.destroy();
        resource.state = kept;
        assert.equal(await resource.refresh(), "gone", `after an edit of ${key}`);
        resource.state = undefined;
      }
    });

    for (const { with: patch, names } of subject.bad) {
      it(`refuses ${JSON.stringify(patch).slice(0, 80)} before any host is asked`, async () => {
        const mend = await cut();
        await assert.rejects(resource.check({ ...example, ...patch }), (error: unknown) => {
          assert.ok(error instanceof CheckFailed);
          const named = error.failures.some(({ reason }) =>
            typeof names === "string" ? reason.startsWith(names) : names.test(reason),
          );
          assert.ok(named, error.message);
          return true;
        });
        await mend();
      });
    }

    it("refuses an unknown property, a wrong type in every property and a missing one, all at once", async () => {
      const wrong = Object.fromEntries(Object.keys(example).map((key) => [key, { neither: "this", nor: ["that"] }]));
      await assert.rejects(resource.check({ ...wrong, nonsense: 1 }), (error: unknown) => {
        assert.ok(error instanceof CheckFailed);
        for (const key of [...Object.keys(example), "nonsense"]) {
          assert.ok(
            error.failures.some(({ reason }) => reason.startsWith(key)),
            `${key} is not named in: ${error.message}`,
          );
        }
        assert.ok(error.failures.every(({ property }) => property === ""));
        return true;
      });
      for (const key of Object.keys(example)) {
        const { [key]: _missing, ...rest } = example;
        const failures = await failuresOf(resource.check(rest));
        assert.ok(failures.every((reason) => reason.startsWith(key)));
      }
    });

    it("survives hostile text in every string, or refuses it without repeating it", async () => {
      for (const key of Object.keys(example).filter((one) => typeof example[one] === "string")) {
        for (const text of HOSTILE) {
          const failures = await failuresOf(resource.check({ ...example, [key]: text }));
          assert.ok(failures.every((reason) => text.length < 4 || !reason.includes(text)));
        }
      }
    });

    it("is not judged by what a preview does not know yet", async () => {
      for (const key of Object.keys(example)) {
        const failures = await failuresOf(resource.check({ ...example, [key]: UNKNOWN }));
        assert.deepEqual(failures, [], `with ${key} unknown`);
      }
      assert.equal(await resource.up(example), "create");
      const [first] = Object.keys(subject.changes);
      if (first !== undefined) assert.notEqual(await resource.preview({ ...example, [first]: UNKNOWN }), "same");
    });
  });
}

async function failuresOf(check: Promise<object>): Promise<string[]> {
  try {
    await check;
    return [];
  } catch (error) {
    if (error instanceof CheckFailed) return error.failures.map(({ reason }) => reason);
    throw error;
  }
}

/** A change may need company: an object with the key itself among its members is taken as the whole patch. */
export function asPatch(key: string, value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && key in value
    ? { ...value }
    : { [key]: value };
}
