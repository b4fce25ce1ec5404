export { promisesOf } from "./promises";
export { regressions, type Regression } from "./regressions";
