/** What this product itself puts into a bucket, or pretends to read from it, besides what couriers bring. */

/** Whose the bucket is, where the store has no tags. */
export const MARK_OBJECT = "lync-backup-owner.json";
/** Where nothing lies, and nothing is ever put: reading there shows what a policy refuses. */
export const PROBE_FOLDER = "lync-backup-probe";
