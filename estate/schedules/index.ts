export * from "./canonical";
export * from "./next-runs";
export * from "./triggers";
export { zoneProblem } from "./zone";
