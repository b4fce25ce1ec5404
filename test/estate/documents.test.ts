import assert from "node:assert/strict";
import fc from "fast-check";
import { z } from "zod";
import {
  Carried,
  Change,
  defineDocument,
  DOCUMENTS,
  Envelope,
  Job,
  Manifest,
  RESULTS,
  Step,
  TargetMark,
  Topology,
} from "../../estate/documents";
import { readExamples } from "../../docs/pages/examples";
import { problemsIn } from "./support";

const Toy = defineDocument({
  name: "toy",
  version: 3,
  about: "For this test.",
  writer: "nobody",
  readers: "nobody",
  shape: { computer: z.string(), sizes: z.array(z.int()).default([]) },
  migrations: {
    1: ({ host, ...rest }) => ({ ...rest, computer: host }),
    2: ({ size, ...rest }) => ({ ...rest, sizes: size === undefined ? [] : [size] }),
  },
});

describe("documents", () => {
  it("have names of their own, and a page head", () => {
    const names = DOCUMENTS.map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
    for (const { definition } of DOCUMENTS) {
      assert.match(definition.about, /\.$/);
      assert.ok(definition.writer && definition.readers);
    }
  });

  it("refuse what a newer release wrote, in a sentence", () => {
    const problems = problemsIn(() => Toy.read({ document: "toy", version: 4, computer: "a" }));
    assert.deepEqual(problems, ["it has version 4, and this release reads up to 3: update lync-backup"]);
  });

  it("are lifted from every version that was ever written", () => {
    const lifted = { document: "toy", version: 3, computer: "a", sizes: [7] };
    assert.deepEqual(Toy.read({ document: "toy", version: 1, host: "a", size: 7 }), lifted);
    assert.deepEqual(Toy.read({ document: "toy", version: 2, computer: "a", size: 7 }), lifted);
    assert.deepEqual(Toy.read(lifted), lifted);
  });

  it("say which migration is missing", () => {
    const broken = defineDocument({ ...Toy.definition, migrations: { 2: (old) => old } });
    const problems = problemsIn(() => broken.read({ document: "toy", version: 1, host: "a" }));
    assert.deepEqual(problems, ["no way from version 1 to 2"]);
  });

  for (const version of [0, -1, 1.5, "1", null, undefined, Number.NaN]) {
    it(`refuse the version ${String(version)}`, () => {
      assert.match(problemsIn(() => Toy.read({ document: "toy", version, computer: "a" })).join(), /^version: /);
    });
  }

  for (const value of [null, undefined, "toy", 1, true, [], [{ document: "toy", version: 3 }]]) {
    it(`refuse ${JSON.stringify(value) ?? "undefined"} instead of an object`, () => {
      assert.match(problemsIn(() => Toy.read(value)).join(), /^the document: /);
    });
  }

  it("are not taken for one another", () => {
    assert.match(problemsIn(() => Toy.read({ document: "job", version: 3, computer: "a" })).join(), /^document: /);
  });

  it("refuse unknown fields, each with its path", () => {
    const problems = problemsIn(() =>
      Envelope.make({
        call: "1",
        host: "fe01.contoso.com",
        ok: false,
        extra: 1,
        error: { code: "a", message: "b", c: 1 },
      } as never),
    );
    assert.deepEqual([...problems].sort(), ["error.c: there is no such field", "extra: there is no such field"]);
  });

  it("say all problems at once", () => {
    const problems = problemsIn(() =>
      Carried.make({ set: "x", series: "X", copy: "", at: "now", objects: 0 } as never),
    );
    const paths = problems.map((problem) => problem.split(":")[0]);
    for (const path of ["set", "series", "copy", "at", "bucket", "prefix", "manifestSha256", "objects"]) {
      assert.ok(paths.includes(path), path);
    }
  });

  it("accept a byte order mark, and say where text is no JSON without repeating it", () => {
    const text = Toy.write(Toy.make({ computer: "a" }));
    assert.deepEqual(Toy.parse(`\uFEFF${text}`), Toy.parse(text));
    for (const broken of ["hunter2", '{"computer": hunter2}', '{"computer": "hunter2', '{"hunter2": 1,}', ""]) {
      const problems = problemsIn(() => Toy.parse(broken));
      assert.match(problems.join(), /^not JSON/);
      assert.doesNotMatch(problems.join(), /hunter/);
    }
  });

  it("refuse to be written longer than a host can read", () => {
    const fits = Toy.make({ computer: "a".repeat(1_499_900) });
    assert.ok(Toy.write(fits).length <= 1_500_000);
    const tooLong = Toy.make({ computer: "a".repeat(1_500_000) });
    assert.match(problemsIn(() => Toy.write(tooLong)).join(), /more than a host can read/);
  });

  it("name the branch of a union that was meant", () => {
    const owner = { project: "a", stack: "b", name: "c" };
    const change = (action: unknown): readonly string[] => problemsIn(() => Change.make({ owner, action } as never));
    assert.deepEqual(
      change({ kind: "remove-job", name: "NO" }).map((text) => text.split(":")[0]),
      ["action.name"],
    );
    assert.match(change({ kind: "zap" }).join(), /^action\.kind: .*set-agent/);

    const step = (parameters: unknown): string => {
      const result = Step.safeParse({ kind: "cmdlet", id: "a", title: "a", cmdlet: "Get-CsPool", parameters });
      assert.ok(!result.success);
      return problemsIn(() =>
        Job.make({ steps: [{ kind: "cmdlet", id: "a", title: "a", cmdlet: "Get-CsPool", parameters }] } as never),
      )
        .filter((problem) => problem.startsWith("steps"))
        .join("; ");
    };
    assert.match(step({ Identity: { $ref: "A B" } }), /^steps\[0\]\.parameters\.Identity\.\$ref: expected a reference/);
    assert.match(
      step({ Identity: { $work: "a\\b" } }),
      /^steps\[0\]\.parameters\.Identity\.\$work: expected a relative/,
    );
    assert.match(step({ Identity: { $work: ["a", 5] } }), /^steps\[0\]\.parameters\.Identity\.\$work\[1\]: /);
    assert.match(
      step({ Identity: [{ $ref: "a", b: 1 }] }),
      /^steps\[0\]\.parameters\.Identity\[0\]\.b: there is no such/,
    );
    assert.match(step({ "bad name": 1 }), /^steps\[0\]\.parameters\.bad name: as a name, /);
  });

  it("have a result for every step kind", () => {
    const kinds = Step.options.map((option) => option.shape.kind.value);
    assert.deepEqual([...kinds].sort(), Object.keys(RESULTS).sort());
  });
});

describe("problems", () => {
  const SECRET = "hunter2-s3cr3t";
  const definitions = new Map<string, (typeof DOCUMENTS)[number]>(DOCUMENTS.map((type) => [type.name, type]));
  const examples = readExamples().flatMap(({ document, text }) => {
    const type = definitions.get(document);
    return type ? [{ type, value: JSON.parse(text) as unknown }] : [];
  });

  /** Every place in a document where a value stands. */
  function placesIn(value: unknown, path: readonly PropertyKey[] = []): (readonly PropertyKey[])[] {
    if (typeof value !== "object" || value === null) return [path];
    return [path, ...Object.entries(value).flatMap(([key, inner]) => placesIn(inner, [...path, key]))];
  }

  function withValue(value: unknown, [key, ...rest]: readonly PropertyKey[], put: unknown): unknown {
    if (key === undefined) return put;
    const copy: Record<PropertyKey, unknown> = Array.isArray(value)
      ? ([...(value as unknown[])] as never)
      : { ...(value as object) };
    copy[key] = withValue(copy[key], rest, put);
    return copy;
  }

  it("never repeat a value, wherever a secret strays", () => {
    const places = examples.flatMap(({ type, value }) => placesIn(value).map((path) => ({ type, value, path })));
    const puts: unknown[] = [
      SECRET,
      `\\\\x\\${SECRET}`,
      [SECRET],
      [[SECRET]],
      { kind: SECRET },
      { of: SECRET, every: SECRET, x: SECRET },
      { $ref: `${SECRET} x` },
      { $ref: SECRET },
      { $text: [SECRET, 1] },
    ];
    fc.assert(
      // Numbers of places and not the places themselves, so that a failure can be read.
      fc.property(fc.nat(places.length - 1), fc.nat(puts.length - 1), (place, put) => {
        const { type, value, path } = places[place] ?? assert.fail();
        try {
          type.read(withValue(value, path, puts[put]));
        } catch (error) {
          assert.ok(!(error as Error).message.includes(SECRET), (error as Error).message);
        }
      }),
      { numRuns: 5000 },
    );
  });
});

describe("rules of single documents", () => {
  const read = (name: string, what: string): Record<string, unknown> => {
    const example = readExamples().find(({ file }) => file === `${name}/v1-${what}.json`);
    return JSON.parse(example?.text ?? "") as Record<string, unknown>;
  };

  it("an envelope has an error exactly when it is not ok", () => {
    const head = { call: "1", host: "fe01.contoso.com" };
    assert.match(problemsIn(() => Envelope.make({ ...head, ok: false })).join(), /^error: is required/);
    const error = { code: "a", message: "b" };
    assert.match(problemsIn(() => Envelope.make({ ...head, ok: true, error })).join(), /^error: stands in an answer/);
  });

  it("a manifest adds up, and names each artefact once and itself never", () => {
    const good = read("manifest", "configuration");
    const [artefact] = good["artefacts"] as Record<string, unknown>[];
    const bytes = good["bytes"] as number;
    const problem = (change: Record<string, unknown>): string =>
      problemsIn(() => Manifest.read({ ...good, ...change })).join();
    assert.match(problem({ bytes: 1 }), /^bytes: is not the sum/);
    assert.match(problem({ needs: [good["set"]] }), /^needs: names the set itself/);
    const twice = [artefact, { ...artefact, path: "CONFIG.ZIP" }];
    assert.match(problem({ artefacts: twice, bytes: 2 * bytes }), /^artefacts\[1\]\.path: stands twice/);
    assert.match(
      problem({ artefacts: [{ ...artefact, path: "Manifest.json" }] }),
      /^artefacts\[0\]\.path: is the place/,
    );
    const parts = (count: number): object => ({ bytes: Math.ceil(bytes / 3), sha256: "0".repeat(64 * count) });
    assert.ok(Manifest.read({ ...good, artefacts: [{ ...artefact, parts: parts(3) }], bytes }));
    for (const count of [2, 4]) {
      const other = { artefacts: [{ ...artefact, parts: parts(count) }] };
      assert.match(problem(other), /^artefacts\[0\]\.parts: are not as many/);
    }
    assert.match(problem({ artefacts: [{ ...artefact, parts: parts(1) }] }), /at least two parts/);
  });

  it("a topology names only pools and sites that are in it", () => {
    const good = read("topology", "lync2013-in-full");
    const pools = good["pools"] as Record<string, unknown>[];
    const sites = good["sites"] as Record<string, unknown>[];
    const nowhere = "nowhere.contoso.com";
    const problem = (change: Record<string, unknown>): string =>
      problemsIn(() => Topology.read({ ...good, ...change })).join();
    for (const field of ["pairedWith", "edge", "nextHop", "registrar"]) {
      const path = new RegExp(`^pools\\[0\\]\\.${field}: names a pool`);
      assert.match(problem({ pools: [{ ...pools[0], [field]: nowhere }, ...pools.slice(1)] }), path);
    }
    for (const field of ["federationRoute", "xmppRoute"]) {
      const path = new RegExp(`^sites\\[0\\]\\.${field}: names a pool`);
      assert.match(problem({ sites: [{ ...sites[0], [field]: nowhere }, ...sites.slice(1)] }), path);
    }
    assert.match(
      problem({ pools: [{ ...pools[0], site: "nowhere" }, ...pools.slice(1)] }),
      /^pools\[0\]\.site: names a site/,
    );
    assert.match(problem({ pools: [...pools, pools[0]] }), /^pools\[8\]\.fqdn: names a pool twice/);
    assert.match(problem({ sites: [...sites, sites[0]] }), /^sites\[3\]\.name: names a site twice/);
    assert.match(problem({ centralManagement: { active: nowhere } }), /^centralManagement\.active: names a pool/);
  });

  it("a target keeps what was declared of it", () => {
    const mark = TargetMark.read(read("target", "vault"));
    assert.equal(mark.declaration.share, "LyncBackup$");
  });
});
