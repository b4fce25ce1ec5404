import assert from "node:assert/strict";
import { makeProvider, ProviderProcess, type DiffResult, type EngineProvider } from "../../providers/base/provider";
import { IncompleteError } from "../../providers/base/errors";
import type { CommonInputs, ResourceType } from "../../providers/base/resource-type";

/**
 * What the engine does with one resource, so that every property can be tried in milliseconds. The real engine tells
 * the same story once per type. Each operation is a provider process of its own, as with the engine.
 */
export class OneResource {
  state: { id: string; inputs: object; outputs: object } | undefined;

  constructor(
    private readonly newProvider: () => EngineProvider,
    readonly name: string,
  ) {}

  static of<Inputs extends CommonInputs, Outputs extends object>(
    type: ResourceType<Inputs, Outputs>,
    lab: string,
    name = "subject",
    settings: Readonly<Record<string, string>> = {},
  ): OneResource {
    const config: Readonly<Record<string, string>> = { "lync-backup:lab": lab, ...settings };
    return new OneResource(() => {
      const process = new ProviderProcess();
      const provider = makeProvider(type, process);
      provider.configure({ config: { get: (key) => config[key] } });
      return provider;
    }, name);
  }

  async check(declared: object, provider = this.newProvider()): Promise<object> {
    const news = { ...declared, owner: { project: "test", stack: "test", name: this.name }, __provider: "text" };
    const { inputs, failures } = await provider.check(this.state?.inputs ?? {}, news);
    if (failures && failures.length > 0) throw new CheckFailed(failures);
    assert.ok(inputs, "check answers with inputs or failures");
    return { ...inputs, __provider: "text" };
  }

  async preview(declared: object): Promise<"create" | "same" | "update" | "replace"> {
    const provider = this.newProvider();
    const inputs = await this.check(declared, provider);
    if (!this.state) return "create";
    const { changes, replaces } = await this.diff(inputs, provider);
    return replaces.length > 0 ? "replace" : changes ? "update" : "same";
  }

  async diff(inputs: object, provider = this.newProvider()): Promise<DiffResult> {
    assert.ok(this.state);
    return provider.diff(this.state.id, this.state.outputs, inputs);
  }

  async up(declared: object): Promise<"create" | "same" | "update" | "replace"> {
    const provider = this.newProvider();
    const inputs = await this.check(declared, provider);
    if (this.state) {
      const { changes, replaces } = await this.diff(inputs, provider);
      if (replaces.length > 0) {
        await provider.delete(this.state.id, this.state.outputs);
        this.state = undefined;
        await this.create(provider, inputs);
        return "replace";
      }
      if (!changes) return "same";
      const { outs } = await provider.update(this.state.id, this.state.outputs, inputs);
      this.state = { id: this.state.id, inputs, outputs: throughTheEngine(outs) };
      return "update";
    }
    await this.create(provider, inputs);
    return "create";
  }

  async refresh(): Promise<"gone" | "there"> {
    assert.ok(this.state);
    const { id, props, inputs } = await this.newProvider().read(this.state.id, this.state.outputs);
    if (id === undefined) {
      this.state = undefined;
      return "gone";
    }
    assert.ok(props && inputs, "read answers with properties and inputs, or drift has no name");
    this.state = { id, inputs: throughTheEngine(inputs), outputs: throughTheEngine(props) };
    return "there";
  }

  /** Which properties a refresh finds changed, as a preview names them. */
  async drift(declared: object): Promise<string[]> {
    await this.refresh();
    const inputs = (await this.check(declared)) as Record<string, unknown>;
    const found = (this.state?.inputs ?? {}) as Record<string, unknown>;
    const keys = new Set([...Object.keys(inputs), ...Object.keys(found)]);
    return [...keys].filter((key) => key !== "__provider" && !same(inputs[key], found[key])).sort();
  }

  async destroy(): Promise<void> {
    assert.ok(this.state);
    await this.newProvider().delete(this.state.id, this.state.outputs);
    this.state = undefined;
  }

  private async create(provider: EngineProvider, inputs: object): Promise<void> {
    try {
      const { id, outs } = await provider.create(inputs);
      this.state = { id, inputs, outputs: throughTheEngine(outs) };
    } catch (error) {
      if (error instanceof IncompleteError) {
        this.state = { id: error.id, inputs, outputs: throughTheEngine(error.properties) };
      }
      throw error;
    }
  }
}

export class CheckFailed extends Error {
  constructor(readonly failures: readonly { property: string; reason: string }[]) {
    super(failures.map(({ reason }) => reason).join("\n"));
  }
}

const throughTheEngine = (value: object): object => JSON.parse(JSON.stringify(value)) as object;
const same = (a: unknown, b: unknown): boolean => {
  try {
    assert.deepEqual(a, b);
    return true;
  } catch {
    return false;
  }
};
