export { answersOf, type Answers } from "./answers";
export { DISCOVERY, instancesJob, topologyJob, type Asking } from "./job";
export { instancesToAsk, topologyFrom, type Asked, type Discovery } from "./topology";
export { factsOf, textOfChange, topologyChanges, type TopologyChange } from "./changes";
export type { DeclaredEstate, Decision } from "./decisions";
export { estateFor, type Choices } from "./estate";
