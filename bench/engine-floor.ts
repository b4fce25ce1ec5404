import { writeFileSync } from "node:fs";
import path from "node:path";
import { performance } from "node:perf_hooks";
import { format } from "prettier";
import { RESOURCE_EXAMPLES } from "../docs/examples/resources";
import { EngineProject, type Declaration } from "../test/support/engine";
import { ROOT } from "../test/support/root";

/**
 * The product against the engine's own floor, in one run: the same number of resources, once as jobs on a lab host,
 * once as dynamic resources that do nothing. Run it with the engine on PATH: `npm run bench`.
 */
const COUNT = Number(process.argv[2] ?? 100);

/** The least that the engine accepts: a provider of a few bytes that answers at once. */
const FLOOR = `
const pulumi = require("@pulumi/pulumi");
const text = 'exports.handler=()=>({check:async(o,n)=>({inputs:n}),diff:async(i,o,n)=>({changes:JSON.stringify(o.at)!==JSON.stringify(n.at)}),create:async(n)=>({id:n.name,outs:n}),update:async(i,o,n)=>({outs:n}),read:async(id,props)=>({id,props,inputs:props}),delete:async()=>{}})';
class Floor extends pulumi.CustomResource {
  constructor(name, args) { super("pulumi-nodejs:dynamic/floor:Nothing", name, { ...args, __provider: text }); }
}
for (const { name, args } of JSON.parse(require("node:fs").readFileSync(__dirname + "/declared.json", "utf8"))) new Floor(name, args);
`;

const OPERATIONS: readonly (readonly [what: string, args: readonly string[]])[] = [
  ["first up", ["up", "--yes", "--skip-preview"]],
  ["preview, nothing changed", ["preview"]],
  ["preview --refresh", ["preview", "--refresh"]],
  ["up, nothing changed", ["up", "--yes", "--skip-preview"]],
  ["destroy", ["destroy", "--yes", "--skip-preview"]],
];

async function seconds(project: EngineProject, args: readonly string[]): Promise<number> {
  const begin = performance.now();
  const { code, output } = await project.run(args);
  if (code !== 0) throw new Error(output);
  return (performance.now() - begin) / 1000;
}

function jobs(): Declaration[] {
  const { args } = RESOURCE_EXAMPLES.CmsExport;
  const [host] = args.hosts;
  return Array.from({ length: COUNT }, (_, index) => {
    const name = `configuration-${String(index)}`;
    return { type: "CmsExport", name, args: { ...args, name, hosts: [host] } };
  });
}

async function main(): Promise<void> {
  const product = await EngineProject.make();
  const floor = await EngineProject.make();
  try {
    floor.write("program.js", FLOOR);
    floor.declare(jobs());
    product.declare([{ type: "HostAgent", name: "fe01", args: RESOURCE_EXAMPLES.HostAgent.args }]);
    await product.up();
    product.declare([
      { type: "HostAgent", name: "fe01", args: RESOURCE_EXAMPLES.HostAgent.args },
      ...jobs().map((job) => ({ ...job, dependsOn: ["fe01"] })),
    ]);
    const rows: string[] = [];
    for (const [what, args] of OPERATIONS) {
      // In turn, so that a machine that slows down slows both.
      const [ours, least] = [await seconds(product, args), await seconds(floor, args)];
      rows.push(`| ${what} | ${ours.toFixed(1)} s | ${least.toFixed(1)} s | ${(ours / least).toFixed(2)} |`);
      console.log(rows.at(-1));
    }
    const table = [
      "# The product against the engine's floor",
      `${String(COUNT)} jobs on one lab host, against as many dynamic resources that do nothing; both in one run, in turn.`,
      "Repeat it with `npm run bench`. Single times depend on the computer; the ratios are what is compared.",
      ["| operation | product | floor | ratio |", "| --- | --- | --- | --- |", ...rows].join("\n"),
    ].join("\n\n");
    const text = await format(table, { parser: "markdown", printWidth: 120 });
    writeFileSync(path.join(ROOT, "bench", "engine-floor.md"), text);
  } finally {
    product.remove();
    floor.remove();
  }
}

void main();
