import { z } from "zod";
import { Fqdn } from "./common";

/** The ways to reach a host that `hosts/open.ts` knows. A new way is one member here and one folder in `hosts/`. */
export const Reach = z.discriminatedUnion("via", [
  z.strictObject({ via: z.literal("lab") }).describe("The simulated deployment"),
]);
export type Reach = z.infer<typeof Reach>;

/** A host and how it is reached. It names credentials and never holds them. */
export const HostReference = z.strictObject({ name: Fqdn, reach: Reach });
export type HostReference = z.infer<typeof HostReference>;
