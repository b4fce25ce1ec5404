/** What lies offsite was looked at, and is not as it should be. See docs/exit-codes.md. */
export const DAMAGED = 3;
