export { judgeLevels, type LevelReport, type Promised } from "./judge";
export { criticalPath, type CriticalPath, type RestoreStep } from "./recovery-path";
export type { RestorePath } from "./recovery-time";
