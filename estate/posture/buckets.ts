import type { PromisedBucket } from "../documents";
import { loosened, type BucketPromise, type Loosening } from "../stores/loosened";

/** A property of a bucket that protects less, as it was and as it would be. */
export interface LooserProperty {
  property: Loosening["property"];
  was: string;
  is: string;
  says: string;
}

export function looserProperties(was: PromisedBucket, is: PromisedBucket): LooserProperty[] {
  const found = loosened(promiseOf(was), promiseOf(is));
  return [...new Set(found.map(({ property }) => property))].map((property) => ({
    property,
    was: textOf(was[property], is[property]),
    is: textOf(is[property], was[property]),
    says: found.flatMap((one) => (one.property === property ? [one.what] : [])).join("; "),
  }));
}

const promiseOf = ({ waived, ...posture }: PromisedBucket): BucketPromise => ({
  ...posture,
  waived: waived.map((property) => ({ property })),
});

/** Of a list, what the other one has not. */
function textOf(value: unknown, other: unknown): string {
  if (value === undefined) return "undeclared";
  if (!Array.isArray(value)) return valueText(value);
  const others = Array.isArray(other) ? other.map(valueText) : [];
  const own = value.map(valueText).filter((one) => !others.includes(one));
  return own.join(" and ") || "none";
}

/** Short enough for a line of a declaration, where a `#` begins a remark. */
const valueText = (value: unknown): string => JSON.stringify(value).replaceAll('"', "").replaceAll("#", "%23");
