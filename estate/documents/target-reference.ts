import { z } from "zod";
import { Fqdn, Name, WindowsPath } from "./common";

/** Where the sets of a job go, or where a courier finds them. */
export const TargetReference = z.strictObject({
  name: Name,
  host: Fqdn.describe("The computer that keeps the sets"),
  path: WindowsPath.describe("How the job's account reaches it: the share, or the local path on that computer"),
});
export type TargetReference = z.infer<typeof TargetReference>;
