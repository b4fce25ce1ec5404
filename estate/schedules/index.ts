export * from "./canonical";
export * from "./duration";
export * from "./next-runs";
export * from "./sql-agent";
export type { GapQuestion, Timetable } from "./timetable";
export * from "./triggers";
export * from "./worst-gap";
export { zoneProblem } from "./zone";
