export * from "./breaks";
export * from "./calls";
export * from "./destination";
export * from "./jobs";
export * from "./links";
export * from "./plan";
export * from "./script";
