import assert from "node:assert/strict";
import { readStack, SettingsHolder, type ConfigureRequest } from "../../providers/base/settings";

const request = (values: Record<string, string>): ConfigureRequest => ({
  config: { get: (key) => values[key] },
});

describe("settings of the provider process", () => {
  it("are refused where nobody configured it, so that nothing runs unconfigured", () => {
    assert.throws(() => new SettingsHolder().get(), /was not configured/);
  });

  it("have defaults", () => {
    const holder = new SettingsHolder();
    holder.configure(request({}));
    assert.deepEqual(holder.get(), {
      lab: ".lab",
      hostTimeoutSeconds: 120,
      storeTimeoutSeconds: 60,
      credentials: {},
      storeKeys: {},
    });
  });

  it("are known at once: configure awaits nothing", () => {
    const holder = new SettingsHolder();
    const news = holder.configure(request({ "lync-backup:lab": "elsewhere", "lync-backup:hostTimeoutSeconds": "7" }));
    assert.equal(news, true);
    assert.deepEqual(holder.get(), {
      lab: "elsewhere",
      hostTimeoutSeconds: 7,
      storeTimeoutSeconds: 60,
      credentials: {},
      storeKeys: {},
    });
  });

  it("fail where they are used, not where they are read, and name the key", () => {
    const holder = new SettingsHolder();
    holder.configure(request({ "lync-backup:hostTimeoutSeconds": "soon" }));
    assert.throws(() => holder.get(), /lync-backup:hostTimeoutSeconds/);
  });

  it("hold passwords by name and by account, and quote none of what is wrong with them", () => {
    const holder = new SettingsHolder();
    const credentials = { hosts: "hush", [String.raw`CONTOSO\backup`]: "quiet" };
    holder.configure(request({ "lync-backup:credentials": JSON.stringify(credentials) }));
    assert.deepEqual(holder.get().credentials, credentials);
    for (const bad of ["hush", '"hush"', '["hush"]', '{"hosts": {"password": "hush"}}', '{"hosts": ""}']) {
      holder.configure(request({ "lync-backup:credentials": bad }));
      assert.throws(
        () => holder.get(),
        (error: unknown) => {
          assert.match(String(error), /lync-backup:credentials/);
          assert.doesNotMatch(String(error), /hush/);
          return true;
        },
      );
    }
  });

  it("keep an exception of the engine's own reader for the first use", () => {
    const holder = new SettingsHolder();
    holder.configure({
      config: {
        get: () => {
          throw new Error("no config here");
        },
      },
    });
    assert.throws(() => holder.get(), /the configuration could not be read: no config here/);
  });
});

describe("the configuration of a stack", () => {
  const estate = { "lync-backup:estate": "lab" };

  it("names an estate, and has defaults for the rest; keys of others are not looked at", () => {
    const read = readStack({ ...estate, "pulumi:tags": "x", "lync-backup:hostTimeoutSeconds": 300 });
    assert.ok("settings" in read);
    assert.deepEqual([read.estate, read.settings.hostTimeoutSeconds], ["lab", 300]);
  });

  for (const [what, config, problem] of [
    ["no estate", {}, /^it names no lync-backup:estate$/],
    ["an empty one", { "lync-backup:estate": "" }, /^it names no lync-backup:estate$/],
    ["one that is no name", { "lync-backup:estate": 7 }, /^it names no lync-backup:estate$/],
    [
      "a key that is misspelt",
      { ...estate, "lync-backup:hostTimeout": 5 },
      /^it sets lync-backup:hostTimeout, and there is only lync-backup:estate, lync-backup:lab, /,
    ],
    ["a time that is none", { ...estate, "lync-backup:hostTimeoutSeconds": "soon" }, /hostTimeoutSeconds: expected a/],
    ["a time that is too short", { ...estate, "lync-backup:hostTimeoutSeconds": 0 }, /hostTimeoutSeconds: /],
    ["a lab without a folder", { ...estate, "lync-backup:lab": "" }, /lync-backup:lab: /],
  ] as const) {
    it(`is refused with the key and what was expected: ${what}`, () => {
      const read = readStack(config);
      assert.ok("problem" in read);
      assert.match(read.problem, problem);
    });
  }
});
