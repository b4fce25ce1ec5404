import { pathText, PRODUCT_NAMES, type Job, type Product, type Step, type Value } from "../documents";
import { bindingOf, syntaxOf } from "./table";
import type { ParameterSyntax } from "./syntax";
import { fits, takesText, valuesOf } from "./types";

interface Call {
  cmdlet: string;
  parameters: Readonly<Record<string, Value>>;
}

/** Every call in a job that its product would refuse, with its place: `steps[1].parameters.Filename: …`. */
export function checkCalls({ steps, product }: Pick<Job, "steps" | "product">): string[] {
  return steps.flatMap((step, index) => {
    const call = callIn(step);
    if (!call) return [];
    const path = ["steps", index, ...(step.kind === "wait" ? ["look"] : [])];
    return problemsOf(call, product).map(({ at, message }) => `${pathText([...path, ...at])}: ${message}`);
  });
}

function callIn(step: Step): Call | undefined {
  if (step.kind === "wait") return step.look?.kind === "cmdlet" ? step.look : undefined;
  return step.kind === "cmdlet" ? step : undefined;
}

interface Problem {
  at: PropertyKey[];
  message: string;
}

function problemsOf({ cmdlet, parameters }: Call, product: Product): Problem[] {
  const syntax = syntaxOf(cmdlet, product);
  if (!syntax) return [{ at: ["cmdlet"], message: `${cmdlet} is no cmdlet of ${PRODUCT_NAMES[product]}` }];
  const names = Object.keys(parameters);
  const unknown = names.filter((name) => !syntax.parameters.has(name));
  if (unknown.length > 0) {
    return unknown.map((name) => ({
      at: ["parameters", name],
      message: `${cmdlet} has no parameter of this name in ${PRODUCT_NAMES[product]}`,
    }));
  }
  const binding = bindingOf(syntax, names);
  if (!binding.fits) {
    const message = binding.missing
      ? `${cmdlet} lacks ${binding.missing.join(" and ")}`
      : `${cmdlet} takes these parameters in different ways of calling it, not together`;
    return [{ at: ["parameters"], message }];
  }
  return Object.entries(parameters).flatMap(([name, value]): Problem[] => {
    const parameter = syntax.parameters.get(name);
    const message = parameter ? (valueProblem(parameter, value) ?? besideProblem(parameter, parameters)) : undefined;
    return message === undefined ? [] : [{ at: ["parameters", name], message }];
  });
}

function valueProblem(parameter: ParameterSyntax, value: Value): string | undefined {
  if (canFit(parameter, value)) return undefined;
  const values = valuesOf(parameter);
  return values ? `takes one of ${values.join(", ")}` : `takes a ${parameter.type}`;
}

function canFit(parameter: ParameterSyntax, value: Value): boolean {
  if (typeof value !== "object" || value === null) return fits(parameter, value);
  if (Array.isArray(value))
    return fits(
      parameter,
      value.map((item) => (isLiteral(item) ? item : "found")),
    );
  if ("$map" in value) return fits(parameter, value.$map);
  return takesText(parameter);
}

const isLiteral = (item: unknown): boolean => typeof item !== "object" || item === null;

function besideProblem({ beside }: ParameterSyntax, parameters: Readonly<Record<string, Value>>): string | undefined {
  if (!beside) return undefined;
  const found = parameters[beside.parameter];
  if (found !== undefined && (beside.value === undefined || found === beside.value)) return undefined;
  return `is for calls with -${beside.parameter}${beside.value === undefined ? "" : ` ${beside.value}`} only`;
}
