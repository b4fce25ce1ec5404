import { Change, type Owner, type Product, type Run } from "../../estate/documents";
import {
  answersOf,
  instancesJob,
  instancesToAsk,
  topologyJob,
  type Answers,
  type Asking,
} from "../../estate/discovery";
import { agentPackage } from "../../hosts/agent/package";
import type { Host, Progress } from "../../hosts/host";
import { CliError } from "../output";

export interface Questions {
  account: string;
  deployment: string;
  onProgress?: (progress: Progress) => void;
}

export interface Asked {
  answers: Answers;
  /** Of the computer that was asked. */
  product: Product;
}

/** Whose the module is while a computer is asked that has none: another discovery may take it over. */
const OWNER: Owner = { project: "lync-backup", stack: "discover", name: "discovery" };

/** A mirror may be behind another one's answer; more than this is a circle. */
const MOST_ROUNDS = 5;

/** Asks a live deployment. A computer without the module gets it for as long as that takes. */
export async function askDeployment(host: Host, { account, deployment, onProgress }: Questions): Promise<Asked> {
  const { computer, agent } = await host.state();
  const product = computer.lync?.product;
  if (product === undefined) {
    throw new CliError(
      `${host.fqdn} has no management tools of Lync or Skype for Business: ask a server of the deployment, or install them there`,
    );
  }
  const asking: Asking = { owner: OWNER, host: host.fqdn, product, deployment, account };
  if (agent !== null) return { product, answers: await ask(host, asking, onProgress) };
  await host.apply(Change.make({ owner: OWNER, action: { kind: "set-agent", agent: agentPackage() } }));
  try {
    return { product, answers: await ask(host, asking, onProgress) };
  } finally {
    await host.apply(Change.make({ owner: OWNER, action: { kind: "remove-agent" } }));
  }
}

async function ask(host: Host, asking: Asking, onProgress: Questions["onProgress"]): Promise<Answers> {
  const options = onProgress ? { onProgress } : {};
  const first = await host.run({ document: topologyJob(asking) }, options);
  if (first.outcome !== "succeeded") throw new CliError(whyNot(first));
  const runs = [first];
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const open = instancesToAsk(answersOf(runs));
    if (open.instances.length === 0) break;
    // What did not answer is told by its step, and keeps nothing else from being known.
    runs.push(await host.run({ document: instancesJob(asking, open) }, options));
  }
  return answersOf(runs);
}

function whyNot({ host, outcome, error }: Run): string {
  if (!error) return `${host} could not tell the topology: the discovery ended as ${outcome}`;
  return [`${host} could not tell the topology: ${error.message}`, error.advice].filter(Boolean).join(" ");
}
