import { InvalidArgumentError, Option, type Command } from "commander";
import {
  Name,
  ObjectLock,
  Retention,
  StoreProfile,
  type CourierSource,
  type StoreReference,
} from "../../estate/documents";
import { CliError } from "../output";

/** Which store is meant. */
export interface ReferenceCommand {
  store?: string;
  profile?: StoreReference["profile"];
  endpoint?: string;
  region?: string;
  bucket?: string;
  prefix?: string;
  proxy?: string;
  authority?: string;
  json?: boolean;
}

/** What every command that talks to a store takes, and what their words mean. */
export interface StoreCommand extends ReferenceCommand {
  stack?: string;
  credentials: string;
  transfers?: number;
  megabits?: number;
}

export function addReferenceOptions(command: Command): Command {
  return command
    .option("--store <file>", "the store as a JSON document, as probe writes it; the options below override it")
    .addOption(
      new Option(
        "--profile <kind>",
        "the kind of store; without it aws, or generic where there is an endpoint",
      ).choices(StoreProfile.options),
    )
    .option("--endpoint <url>", "where the store answers; without it AWS_ENDPOINT_URL, or Amazon")
    .option("--region <name>", "without it AWS_REGION, or us-east-1")
    .option("--bucket <name>", "the bucket")
    .option("--prefix <prefix>", "everything lies below this prefix of the bucket")
    .option("--json", "print the result as JSON");
}

export function addStoreOptions(command: Command): Command {
  addReferenceOptions(command)
    .addOption(
      new Option("-s, --stack <name>", "the store that the estate of this stack copies to; the others override it")
        // Both say where, and neither is the more particular.
        .conflicts("store"),
    )
    .option("--proxy <url>", "an HTTP proxy on the way to the store")
    .option("--authority <file>", "certificates of a private authority, as PEM text")
    .option(
      "--credentials <name>",
      "a file that only this account may read, its name in the folder of credentials, a profile of the AWS tools, or default for their chain",
      "default",
    )
    .option("--transfers <count>", "transfers at once", wholeNumber(1, 256))
    .option("--megabits <rate>", "no more than so many megabits per second", wholeNumber(1, 1_000_000));
  for (const name of SECRETS) command.addOption(new Option(`--${name} <value>`).argParser(refuseSecret).hideHelp());
  return command;
}

/** Others would see them in the list of processes and in the history of the shell. */
const SECRETS = [
  ...["access-key", "access-key-id", "secret-key", "secret-access-key", "session-token", "token", "secret"],
  ...["key", "password", "aws-access-key-id", "aws-secret-access-key", "aws-session-token"],
] as const;

function refuseSecret(): never {
  throw new CliError(
    "No key is taken from the command line, where every process of this computer can read it. Put it into a file " +
      "that only this account may read and name that with --credentials, and replace a key that was typed here.",
    2,
  );
}

/** A key in the place of a name: never repeated, not even in the answer. */
export function refuseKeyAsName(name: string): void {
  if (/^(?:A[A-Z]{3}[A-Z0-9]{16}|[A-Za-z0-9/+=]{40,}|[^:/\\]{16,}:[^:/\\]+)$/.test(name)) refuseSecret();
}

/** `https://name:password@host` */
export function refuseSecretInUrl(url: string | undefined, option: string): void {
  if (url === undefined || !/^[^/]*\/\/[^/?#]*@/.test(url)) return;
  throw new CliError(`${option} must not contain a name or a password: every process can read the command line.`, 2);
}

export const wholeNumber =
  (least: number, most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (/^\d{1,9}$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Expected a whole number from ${String(least)} to ${String(most)}.`);
  };

/** A fraction, or per cent. */
export function fraction(text: string): number {
  const [, number = "", percent = ""] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text) ?? [];
  const value = Number(number) / (percent === "" ? 1 : 100);
  if (number !== "" && value <= 1) return value;
  throw new InvalidArgumentError("Expected a fraction such as 0.05 or 5%.");
}

/** An option that may be given several times, or once with commas. */
export function names(text: string, before: readonly string[] = []): string[] {
  const found = text.split(",").filter((name) => name !== "");
  for (const name of found) {
    const { error } = Name.safeParse(name);
    if (error) throw new InvalidArgumentError(`${name}: ${error.issues[0]?.message ?? "is no name"}.`);
  }
  return [...before, ...found];
}

const RULES: Readonly<Record<string, keyof Retention>> = {
  last: "last",
  daily: "daily",
  weekly: "weekly",
  monthly: "monthly",
  yearly: "yearly",
  "within-days": "withinDays",
  "maximum-age-days": "maximumAgeDays",
};

/** `last=3,daily=14,weekly=8` */
export function retention(text: string): Retention {
  const pairs = text.split(",").map((pair) => {
    const [, rule = "", count = ""] = /^([a-z-]+)=(\d{1,6})$/.exec(pair) ?? [];
    const name = Object.hasOwn(RULES, rule) ? RULES[rule] : undefined;
    if (name === undefined) {
      throw new InvalidArgumentError(
        `Expected rules such as last=3,daily=14; there are ${Object.keys(RULES).join(", ")}.`,
      );
    }
    return [name, Number(count)] as const;
  });
  const found = Retention.safeParse(Object.fromEntries(pairs));
  if (found.success) return found.data;
  throw new InvalidArgumentError(
    found.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}.`).join(" "),
  );
}

/** `compliance:30` */
export function lock(text: string): NonNullable<CourierSource["lock"]> {
  const [, mode, days = ""] = /^([a-z]+):(\d{1,5})d?$/.exec(text) ?? [];
  const found = ObjectLock.safeParse({ mode, days: Number(days) });
  if (found.success) return found.data;
  throw new InvalidArgumentError("Expected governance or compliance with a number of days, such as compliance:30.");
}

/** `sse-s3`, or `sse-kms:` and the name of a key, which is no secret. */
export function encryption(text: string): NonNullable<CourierSource["encryption"]> {
  if (text === "sse-s3") return { by: "sse-s3" };
  const [, key = ""] = /^sse-kms:(\S+)$/.exec(text) ?? [];
  if (key !== "") return { by: "sse-kms", key };
  throw new InvalidArgumentError("Expected sse-s3, or sse-kms: with the name of a key.");
}
