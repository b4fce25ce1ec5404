import { Fqdn } from "../documents";
import { ENUMERATIONS } from "./corrections";
import type { ParameterSyntax } from "./syntax";

/** What a parameter of a type takes, as far as a literal can be judged. */

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
const isWhole = (least: number, most: number) => (value: unknown) =>
  typeof value === "number" && Number.isInteger(value) && value >= least && value <= most;
const matches = (pattern: RegExp) => (value: unknown) => isText(value) && pattern.test(value);
const isTextOrList = (value: unknown): boolean => isText(value) || (Array.isArray(value) && value.every(isText));

/** A day, or a moment, in the one form that does not depend on regional settings. */
const DATE = /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?Z?)?$/;

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  Int32: isWhole(-(2 ** 31), 2 ** 31 - 1),
  UInt16: isWhole(0, 2 ** 16 - 1),
  UInt32: isWhole(0, 2 ** 32 - 1),
  DateTime: (value) => matches(DATE)(value) && !Number.isNaN(Date.parse(String(value))),
  TimeSpan: matches(/^(\d+\.)?([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,7})?)?$/),
  Guid: matches(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i),
  Fqdn: (value) => Fqdn.safeParse(value).success,
  "String[]": isTextOrList,
  "CertType[]": isTextOrList,
};

const isBoolean = (value: unknown): boolean => typeof value === "boolean";
const isMap = (value: unknown): boolean => typeof value === "object" && value !== null && !Array.isArray(value);
const never = (): boolean => false;

/** Types that no text becomes; objects cannot stand in a document at all. */
const NO_TEXT = new Map<string, (value: unknown) => boolean>([
  ["SwitchParameter", isBoolean],
  ["Boolean", isBoolean],
  ["Hashtable", isMap],
  ["PSListModifier", (value) => value === null || isMap(value)],
  ...["AcpInfo", "Byte[]", "CertificateReference", "NTService", "PSCredential", "PSObject", "XElement"].map(
    (type) => [type, never] as const,
  ),
]);

/** Whether it can be given what is only found at run time, which is text. */
export const takesText = ({ type }: ParameterSyntax): boolean => !NO_TEXT.has(type);

/** What it takes, where that is a list. */
export const valuesOf = ({ type, values }: ParameterSyntax): readonly string[] | undefined =>
  values ?? ENUMERATIONS[type];

export function fits(parameter: ParameterSyntax, value: unknown): boolean {
  const values = valuesOf(parameter);
  if (values) return isText(value) && values.includes(value);
  return (NO_TEXT.get(parameter.type) ?? TYPES[parameter.type] ?? isText)(value);
}
