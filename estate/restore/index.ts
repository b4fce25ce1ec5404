export * from "./breaks";
export * from "./calls";
export * from "./destination";
export * from "./links";
export * from "./plan";
