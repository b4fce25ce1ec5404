import type { StepOf } from "../../estate/documents";
import { callCmdlet } from "../cmdlets/call";
import { startServices, stopServices } from "../model/services";
import type { World } from "../world";
import { callAndSelect } from "./calls";
import { spend } from "./durations";
import { ask } from "./sql";
import { failureOf, look, StepFailure, type Done, type Execution, type Json } from "./execution";
import * as messages from "./messages";
import { holds } from "./values";

/** The kinds that wait, for the deployment or for a person, and that make services start and stop. */

/** A look at a time: where the condition does not hold yet, the run comes back when the next one is due. */
export async function wait(execution: Execution, step: StepOf<"wait">): Promise<Done> {
  const { looks = 0, isDue = step.seconds === 0 } = execution.waiting ?? {};
  delete execution.waiting;
  if (!isDue) return comeBack(execution, step.seconds, looks);
  const found = { items: step.look ? await lookOnce(execution, step.look) : [], looks: looks + (step.look ? 1 : 0) };
  execution.results.set(step.id, found);
  if (step.until && !holds(execution, step.until)) return comeBack(execution, step.everySeconds, found.looks);
  return { message: messages.waited(step.title, found.looks), data: found };
}

async function comeBack(execution: Execution, seconds: number, looks: number): Promise<Done> {
  const now = await look(execution, ({ clock }) => clock.now);
  execution.waiting = { looks, isDue: true, nextAt: new Date(Date.parse(now) + seconds * 1000).toISOString() };
  return { message: "", data: {} };
}

/** What will fail the next time as well. */
const MISTAKES = ["unknown-cmdlet", "unknown-parameter", "ambiguous-parameters", "missing-parameter", "wrong-type"];

/** A look that fails is as good as one that finds nothing: what is waited for may not be there yet. */
async function lookOnce(execution: Execution, call: NonNullable<StepOf<"wait">["look"]>): Promise<Json[]> {
  try {
    return (await (call.kind === "sql" ? ask(execution, call) : callAndSelect(execution, call))).items;
  } catch (error) {
    if (MISTAKES.includes(failureOf(error).code)) throw error;
    return [];
  }
}

/** On all computers at the same time: all of Lync's by its own cmdlets, others as Windows knows them. */
export async function service(execution: Execution, step: StepOf<"service">): Promise<Done> {
  const { action, computers, services, title } = step;
  await look(execution, async (world) => {
    for (const ComputerName of computers) {
      if (services.length === 0) {
        const cmdlet = action === "start" ? "Start-CsWindowsService" : "Stop-CsWindowsService";
        await callCmdlet(world, execution.actor, cmdlet, { ComputerName });
      }
      for (const name of services) control(world, ComputerName, name, action);
    }
  });
  return { message: messages.servicesDone(title, computers.length), data: { computers } };
}

function control(world: World, host: string, service: string, action: "start" | "stop"): void {
  const computer = world.find(host);
  const known = Object.keys(computer?.services ?? {}).find((name) => name.toLowerCase() === service.toLowerCase());
  if (!computer?.reachable || known === undefined) {
    const wanted = action === "start" ? "running" : "stopped";
    throw new StepFailure("service-failed", messages.serviceFailed(service, host, wanted));
  }
  if (action === "start") startServices(world, computer, [known]);
  else stopServices(computer, [known]);
}

export async function confirm(execution: Execution, step: StepOf<"confirm">): Promise<Done> {
  const { title, type, timeLimitMinutes } = step;
  const { confirm: askPerson } = execution.control;
  if (!askPerson) {
    spend(execution, timeLimitMinutes * 60_000);
    throw new StepFailure("timed-out", messages.notAnswered(title), messages.notAnsweredAdvice);
  }
  const { by, typed } = await askPerson({ title, ask: step.ask, ...(type === undefined ? {} : { type }) });
  const isYes = type === undefined ? /^y(es)?$/i.test(typed.trim()) : typed === type;
  if (!isYes) throw new StepFailure("not-confirmed", messages.notConfirmed(title));
  const at = await look(execution, ({ clock }) => clock.now);
  return { message: messages.confirmed(title, by), data: { answer: typed }, answer: { by, typed, at } };
}
