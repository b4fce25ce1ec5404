import assert from "node:assert/strict";
import {
  coverKey,
  Manifest,
  runId,
  seriesOf,
  type Job,
  Scope,
  type Retention,
  type Step,
  type StepOf,
} from "../../estate/documents";
import { needsOf, type SealedSet } from "../../estate/chains";
import { decideRetention, type RetainableSet } from "../../estate/retention";
import { chain } from "../../lab/interpreter/chain";
import type { Execution, Json } from "../../lab/interpreter/execution";
import { fileNameOf, holds, listOf, lookUp, textOf, valueOf } from "../../lab/interpreter/values";
import type { Parameters, TestServers } from "./sql-server";

/** Runs the jobs of a SQL Server instance step by step: references as the interpreter resolves them, servers by name. */

export interface Ended {
  outcome: "succeeded" | "failed" | "stood-down" | "nothing-to-do";
  errors: string[];
  manifest?: Manifest;
}

export class TestSeries {
  sets: SealedSet[] = [];
  private clock = Date.parse("2026-03-01T00:00:00.000Z");
  private runs = 0;

  constructor(
    private readonly servers: TestServers,
    /** None: whatever a job says of retention, nothing is removed. */
    private readonly retention?: Retention,
  ) {}

  pass(minutes: number): void {
    this.clock += minutes * 60_000;
    this.servers.now = new Date(this.clock).toISOString().replace(".000Z", "Z");
  }

  /** What happens meanwhile happens after the backups were made, and before they are hashed and sealed. */
  async run(job: Job, host: string, meanwhile?: () => Promise<void>): Promise<Ended> {
    this.pass(1);
    const startedAt = new Date(this.clock).toISOString();
    const id = runId(startedAt, (this.runs++).toString(16).padStart(8, "0"));
    const execution = {
      job,
      actor: { host },
      run: { id, trigger: "schedule", startedAt },
      results: new Map<string, Json>(),
      last: { sets: this.sets },
    } as unknown as Execution;
    const run = new TestRun(execution, this.servers);
    for (const step of job.steps) {
      if (step.kind === "check") await meanwhile?.();
      await run.perform(step);
      if (run.ended !== undefined) break;
    }
    const { errors, sealed, ended, bad } = run;
    if (sealed) this.sets.push({ manifest: sealed, good: !bad });
    if (sealed && errors.length === 0 && this.retention) this.retain(this.retention);
    const outcome = errors.length > 0 ? "failed" : (ended ?? "succeeded");
    return { outcome, errors, ...(sealed ? { manifest: sealed } : {}) };
  }

  private retain(policy: Retention): void {
    const needs = needsOf(this.sets);
    const retainable = this.sets.map(({ manifest, good }): RetainableSet => ({
      set: manifest.set,
      startedAt: manifest.startedAt,
      good,
      needs: needs.get(manifest.set) ?? [],
      covers: manifest.covers.map(coverKey),
      carried: [],
      held: false,
    }));
    const now = new Date(this.clock).toISOString();
    const decisions = decideRetention(retainable, { policy, awaits: [], now });
    const kept = new Set(decisions.flatMap(({ set, keep }) => (keep ? [set] : [])));
    this.sets = this.sets.filter(({ manifest }) => kept.has(manifest.set));
  }
}

type Data = Record<string, Json>;

class TestRun {
  readonly errors: string[] = [];
  ended: "stood-down" | "nothing-to-do" | undefined;
  sealed: Manifest | undefined;
  /** A verification has failed. */
  bad = false;
  private readonly artefacts: Manifest["artefacts"] = [];

  constructor(
    private readonly execution: Execution,
    private readonly servers: TestServers,
  ) {}

  async perform(step: Step): Promise<void> {
    const { execution } = this;
    if (step.forEach === undefined) {
      execution.results.set(step.id, await this.once(step));
      return;
    }
    const items = Array.isArray(step.forEach) ? step.forEach : listOf(lookUp(execution, step.forEach.$ref));
    const each: Json[] = [];
    for (const item of items) {
      execution.item = item;
      each.push({ item, data: await this.once(step) });
    }
    delete execution.item;
    execution.results.set(step.id, { each });
  }

  private async once(step: Step): Promise<Data> {
    try {
      if (step.when && !holds(this.execution, step.when)) return {};
      return await this.act(step);
    } catch (error) {
      this.errors.push((error as Error).message);
      // What a job does not expect to fail is a mistake of the job.
      assert.equal(step.onFailure, "keep", `${step.id}: ${(error as Error).message}`);
      return {};
    }
  }

  private async act(step: Step): Promise<Data> {
    switch (step.kind) {
      case "guard":
        if (holds(this.execution, step.condition)) return { holds: true };
        if (step.otherwise === "fail") {
          this.errors.push(step.because);
          this.ended = "nothing-to-do";
        } else this.ended = step.otherwise === "stand-down" ? "stood-down" : "nothing-to-do";
        return { holds: false };
      case "sql":
        return this.sql(step);
      case "chain":
        return (await chain(this.execution, step)).data;
      case "seal":
        this.seal(step);
        return {};
      default:
        return {};
    }
  }

  private sql(step: StepOf<"sql">): Data {
    const { execution } = this;
    const entries = Object.entries(step.parameters).map(([name, value]) => [name, valueOf(execution, value)]);
    const instance = textOf(valueOf(execution, step.instance));
    let rows;
    try {
      rows = this.servers.execute(instance, step.statement, Object.fromEntries(entries) as Parameters);
    } catch (error) {
      if (step.verifies.length > 0) this.bad = true;
      throw error;
    }
    const items = rows.map((row) =>
      Object.fromEntries(
        step.select.map((column) => {
          assert.ok(column in row, `the test server gives no ${column} for ${step.statement}`);
          return [column, row[column] ?? null];
        }),
      ),
    );
    const data: Data = { items: step.saveAs ? [] : items, count: items.length };
    execution.results.set(step.id, data);
    for (const { file, datum, scope, format, covers, facts } of step.produces) {
      const path = fileNameOf(execution, "$work" in file ? file.$work : file.$set);
      assert.ok(!this.artefacts.some((one) => one.path.toLowerCase() === path.toLowerCase()), `${path} is made twice`);
      this.artefacts.push({
        path,
        datum: textOf(valueOf(execution, datum)),
        scope: this.scopeOf(scope),
        ...(covers ? { covers: covers.map((cover) => ({ ...cover, scope: this.scopeOf(cover.scope) })) } : {}),
        format,
        bytes: 1000,
        sha256: "0".repeat(64),
        facts: Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, valueOf(execution, value)])),
      });
    }
    return data;
  }

  private scopeOf(template: StepOf<"chain">["scope"]): Scope {
    const entries = Object.entries(template).map(([key, value]) => [key, textOf(valueOf(this.execution, value))]);
    return Scope.parse(Object.fromEntries(entries));
  }

  private seal(step: StepOf<"seal">): void {
    const { execution, artefacts } = this;
    const { job, run } = execution;
    const needs = step.needs.flatMap((value) => listOf(valueOf(execution, value))).map(textOf);
    const covers = artefacts.flatMap(({ datum, scope, covers: said }) => said ?? [{ datum, scope }]);
    this.sealed = Manifest.make({
      set: run.id,
      series: seriesOf(job),
      job: job.name,
      jobHash: "0".repeat(64),
      kind: job.setKind,
      owner: job.owner,
      host: execution.actor.host,
      account: job.account,
      trigger: "schedule",
      startedAt: run.startedAt,
      sealedAt: run.startedAt,
      product: job.product,
      deployment: job.deployment,
      covers: [...new Map(covers.map((cover) => [coverKey(cover), cover])).values()],
      artefacts,
      bytes: artefacts.length * 1000,
      needs: [...new Set(needs)],
      facts: Object.fromEntries(Object.entries(step.facts).map(([name, value]) => [name, valueOf(execution, value)])),
      tool: { name: "test", version: "1.0" },
    });
  }
}
