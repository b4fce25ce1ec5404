import { writeFileSync } from "node:fs";
import path from "node:path";
import { performance } from "node:perf_hooks";
import { format } from "prettier";
import { RESOURCE_EXAMPLES } from "../docs/examples/resources";
import { Store } from "../lab/store";
import { inWorld } from "../lab/world";
import { agentOn, EngineProject, type Declaration } from "../test/support/engine";
import { ROOT } from "../test/support/root";

/**
 * The product against the engine's own floor, in one run: the same number of resources, once as the module
 * and the jobs of a large deployment's computers, once as dynamic resources that do nothing. Run it with the engine on PATH: `npm run bench`.
 */
const COUNT = Number(process.argv[2] ?? 300);
const ACCOUNT = String.raw`FABRIKAM\lync-backup$`;

/** The least that the engine accepts: a provider of a few bytes that answers at once. */
const FLOOR = `
const pulumi = require("@pulumi/pulumi");
const text = 'exports.handler=()=>({check:async(o,n)=>({inputs:n}),diff:async(i,o,n)=>({changes:JSON.stringify(o.at)!==JSON.stringify(n.at)}),create:async(n)=>({id:n.name,outs:n}),update:async(i,o,n)=>({outs:n}),read:async(id,props)=>({id,props,inputs:props}),delete:async()=>{}})';
class Floor extends pulumi.CustomResource {
  constructor(name, args, opts) { super("pulumi-nodejs:dynamic/floor:Nothing", name, { ...args, __provider: text }, opts); }
}
const made = {};
for (const { name, args, dependsOn } of JSON.parse(require("node:fs").readFileSync(__dirname + "/declared.json", "utf8")))
  made[name] = new Floor(name, { name, ...args }, { dependsOn: (dependsOn ?? []).map((one) => made[one]) });
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

/** Of the large deployment's 60 computers those in its domain: nothing is declared on an Edge Server. */
const computers = (lab: string): Promise<string[]> =>
  inWorld(new Store(lab), (world) => world.computers().filter((fqdn) => world.computer(fqdn).domain !== null));

/** Each computer gets the module, and then its jobs. */
function resources(hosts: readonly string[]): Declaration[] {
  const agents = hosts.map(agentOn);
  const { args } = RESOURCE_EXAMPLES.CmsExport;
  const fabrikam = { product: "sfb2015", deployment: "fabrikam", account: ACCOUNT };
  const jobs = Array.from({ length: COUNT - agents.length }, (_, index): Declaration => {
    const agent = agents[index % agents.length];
    if (!agent) throw new Error("there is no computer");
    const { host, reach } = agent.args;
    const name = `configuration-${String(index)}`;
    const own = { ...fabrikam, name, hosts: [{ name: host, reach }] };
    return { type: "CmsExport", name, args: { ...args, ...own }, dependsOn: [agent.name] };
  });
  return [...agents, ...jobs];
}

async function main(): Promise<void> {
  const product = await EngineProject.make("fabrikam-sfb2015");
  const floor = await EngineProject.make();
  try {
    const hosts = await computers(product.lab);
    const declared = resources(hosts);
    floor.write("program.js", FLOOR);
    for (const project of [product, floor]) project.declare(declared);
    const rows: string[] = [];
    for (const [what, args] of OPERATIONS) {
      // In turn, so that a machine that slows down slows both.
      const [ours, least] = [await seconds(product, args), await seconds(floor, args)];
      rows.push(`| ${what} | ${ours.toFixed(1)} s | ${least.toFixed(1)} s | ${(ours / least).toFixed(2)} |`);
      console.log(rows.at(-1));
    }
    const table = [
      "# The product against the engine's floor",
      `${String(declared.length)} resources on ${String(hosts.length)} computers of the lab, against as many dynamic resources that do nothing; both in one run, in turn.`,
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
