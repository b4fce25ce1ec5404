import type { StepOf } from "../../estate/documents";
import { callCmdlet } from "../cmdlets/call";
import { callAndSelect } from "./calls";
import { ask } from "./sql";
import { failureOf, look, StepFailure, type Done, type Execution, type Json } from "./execution";
import * as messages from "./messages";
import { holds } from "./values";

/** The kinds that wait, for the deployment or for a person, and that make services start and stop. */

/**
 * A look at a time: where it finds that the condition does not hold yet, the run comes back when the next one is due. A
 * look that fails is one that has not found it: what is waited for may be what it asks.
 */
export async function wait(execution: Execution, step: StepOf<"wait">): Promise<Done> {
  const { looks = 0, isDue = step.seconds === 0 } = execution.waiting ?? {};
  delete execution.waiting;
  if (!isDue) return await comeBack(execution, step.seconds, { looks });
  const look = step.look && (await lookOnce(execution, step.look));
  const found = { items: look?.items ?? [], looks: looks + (look ? 1 : 0) };
  execution.results.set(step.id, found);
  if (look?.problem === undefined && (!step.until || holds(execution, step.until))) {
    return { message: messages.waited(step.title, found.looks), data: found };
  }
  const said = look?.problem === undefined ? {} : { said: look.problem };
  return await comeBack(execution, step.everySeconds, { looks: found.looks, ...said });
}

async function comeBack(
  execution: Execution,
  seconds: number,
  waiting: { looks: number; said?: string },
): Promise<Done> {
  const now = await look(execution, ({ clock }) => clock.now);
  const nextAt = new Date(Date.parse(now) + seconds * 1000).toISOString();
  execution.waiting = { ...waiting, isDue: true, nextAt };
  return { message: "", data: {} };
}

async function lookOnce(
  execution: Execution,
  call: NonNullable<StepOf<"wait">["look"]>,
): Promise<{ items: Json[]; problem?: string }> {
  try {
    return await (call.kind === "sql" ? ask(execution, call) : callAndSelect(execution, call));
  } catch (error) {
    return { items: [], problem: failureOf(error).message };
  }
}

/** On all computers at the same time. What one of them refuses keeps no other from it. */
export async function service(execution: Execution, step: StepOf<"service">): Promise<Done> {
  const cmdlet = step.action === "start" ? "Start-CsWindowsService" : "Stop-CsWindowsService";
  const names = step.services.length === 0 ? [{}] : step.services.map((Name) => ({ Name }));
  const problems = await look(execution, async (world) => {
    const found: string[] = [];
    for (const ComputerName of step.computers) {
      for (const name of names) {
        try {
          await callCmdlet(world, execution.actor, cmdlet, { ComputerName, ...name });
        } catch (error) {
          found.push(`${ComputerName}: ${failureOf(error).message}`);
        }
      }
    }
    return found;
  });
  if (problems.length > 0) throw new StepFailure("service", messages.servicesRefused(step.action, problems));
  const message = messages.servicesDone(step.action, step.computers.length);
  return { message, data: { computers: step.computers } };
}

export async function confirm(execution: Execution, step: StepOf<"confirm">): Promise<Done> {
  const { title, type } = step;
  const { confirm: askPerson } = execution.control;
  if (!askPerson) throw new StepFailure("nobody-there", messages.nobodyThere(title), messages.nobodyThereAdvice);
  const { by, typed } = await askPerson({ title, ask: step.ask, ...(type === undefined ? {} : { type }) });
  const isYes = type === undefined ? /^y(es)?$/i.test(typed.trim()) : typed.trim() === type;
  if (!isYes) throw new StepFailure("not-confirmed", messages.notConfirmed(title));
  const at = await look(execution, ({ clock }) => clock.now);
  return { message: messages.confirmed(title), data: { answer: typed }, answer: { by, typed, at } };
}
