import type { Product } from "../documents";

/** Engineering targets of the Backup Service for the recovery point of paired pools, in minutes. */
const DOCUMENTED = { lync2013: 30, sfb2015: 5 };

/** From 2019 on by the assumption targets-after-2015. */
export const POOL_MINUTES: Record<Product, number> = {
  ...DOCUMENTED,
  sfb2019: DOCUMENTED.sfb2015,
  sfbse: DOCUMENTED.sfb2015,
};
export const CENTRAL_MANAGEMENT_MINUTES = 5;
