import type { Arguments, Declared } from "../base/shim";
import type { JobInputs } from "./reconcile";

type Computed = "owner" | "task" | "document";
type Optional =
  "adopt" | "startWhenMissed" | "timeLimitMinutes" | "retention" | "keepFreeGigabytes" | "enabled" | "disabledReason";

/** What a program passes to a job resource: what has a default may be left out. */
export type JobArgs<Inputs extends JobInputs> = Omit<Arguments<Inputs>, Computed | Optional> & {
  [Key in Optional]?: Declared<Partial<Inputs[Key]>>;
};
