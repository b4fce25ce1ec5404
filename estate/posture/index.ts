export { promisesOf } from "./promises";
export { acknowledged, regressions, type Regression } from "./regressions";
export { staleIn, todayOf, type Today } from "./today";
