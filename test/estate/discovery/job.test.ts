import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { checkCalls } from "../../../estate/cmdlets";
import { instancesJob, topologyJob, type Asking } from "../../../estate/discovery";
import { Product } from "../../../estate/documents";
import { statementNamed } from "../../../estate/sql";

const MIRROR = String.raw`sql02.contoso.com\rtc`;

/** What a discovery asks, whatever the product. */
describe("The jobs of a discovery", () => {
  const askingOf = (product: Product): Asking => ({
    owner: { project: "lync-backup", stack: "test", name: "discovery" },
    ...{ host: "fe01.contoso.com", product, deployment: "contoso", account: String.raw`CONTOSO\lync-backup$` },
  });

  for (const product of Product.options) {
    const asking = askingOf(product);
    const jobs = [topologyJob(asking), instancesJob(asking, { instances: [MIRROR], groups: [MIRROR] })];

    it(`call what ${product} has, and only read`, () => {
      for (const job of jobs) {
        assert.deepEqual(checkCalls(job), []);
        assert.equal(job.target, undefined);
        for (const step of job.steps) {
          if (step.kind === "cmdlet") assert.match(step.cmdlet, /^(Get|Test)-Cs/);
          else if (step.kind === "sql") assert.equal(step.text, statementNamed(step.statement)?.text);
          else assert.equal(step.kind, "observe");
        }
      }
    });
  }

  it("go on where one SQL Server does not answer, and end where a cmdlet does not", () => {
    const asking = askingOf("lync2013");
    assert.ok(topologyJob(asking).steps.every(({ onFailure }) => onFailure === "stop"));
    const asked = instancesJob(asking, { instances: [MIRROR], groups: [] });
    assert.ok(asked.steps.every(({ onFailure, forEach }) => onFailure === "note" && forEach !== undefined));
    assert.ok(!asked.steps.some(({ id }) => id === "groups"), "nobody is asked for groups that there are not");
  });
});
