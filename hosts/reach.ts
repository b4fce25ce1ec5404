import { z } from "zod";
import { Fqdn } from "../estate/documents";

/** The ways to reach a host that `hosts/open.ts` knows. A new way is one member here and one folder beside it. */
export const Reach = z.discriminatedUnion("via", [
  z.strictObject({ via: z.literal("lab") }).describe("The simulated deployment"),
]);
export type Reach = z.infer<typeof Reach>;

export const HostReference = z.strictObject({ name: Fqdn, reach: Reach });
export type HostReference = z.infer<typeof HostReference>;
