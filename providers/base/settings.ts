import { z } from "zod";
import { Credentials, StoreKeys } from "./credentials";
import { ProviderError } from "./errors";

/**
 * Settings of the provider process, from the stack's configuration. `configure` neither awaits nor throws: the engine
 * hands a provider to other calls before it has awaited `configure`, and goes on with an unconfigured one after it
 * threw. So the outcome is kept, and every method asks for it first.
 */
export const Settings = z.strictObject({
  lab: z.string().min(1).default(".lab").describe("The folder of the simulated deployment"),
  hostTimeoutSeconds: z.coerce
    .number({ error: "expected a whole number of seconds" })
    .int()
    .min(1)
    .max(3600)
    .default(120)
    .describe("For one call to a host"),
  storeTimeoutSeconds: z.coerce
    .number({ error: "expected a whole number of seconds" })
    .int()
    .min(1)
    .max(3600)
    .default(60)
    .describe("For one request to an S3 store, with all its attempts"),
  credentials: Credentials,
  storeKeys: StoreKeys,
});
export type Settings = z.infer<typeof Settings>;

/** Another lab than the stack's, for this shell: the product's tests and side-by-side trials. */
const LAB_VARIABLE = "LYNC_BACKUP_LAB";

/** Settings from what a stack's configuration says; the same for the provider process and the command line. */
export function readSettings(raw: object): { settings: Settings } | { problem: string } {
  const parsed = Settings.safeParse(raw);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `${NAMESPACE}:${path.join(".")}: ${message}`);
    return { problem: `configuration ${problems.join("; ")}` };
  }
  const lab = process.env[LAB_VARIABLE];
  return { settings: lab === undefined || lab === "" ? parsed.data : { ...parsed.data, lab } };
}

/** What a stack's configuration says, by keys with their namespace: which estate, and how to work on it. */
export function readStack(
  config: Readonly<Record<string, unknown>>,
): { estate: string; settings: Settings } | { problem: string } {
  const own = Object.entries(config).filter(([key]) => key.startsWith(`${NAMESPACE}:`));
  const { estate, ...raw } = Object.fromEntries(own.map(([key, value]) => [key.slice(NAMESPACE.length + 1), value]));
  const known = Object.keys(Settings.shape);
  const unknown = Object.keys(raw).filter((key) => !known.includes(key));
  if (unknown.length > 0) {
    const names = (keys: readonly string[]): string => keys.map((key) => `${NAMESPACE}:${key}`).join(", ");
    return { problem: `it sets ${names(unknown)}, and there is only ${names(["estate", ...known])}` };
  }
  if (typeof estate !== "string" || estate === "") return { problem: `it names no ${NAMESPACE}:estate` };
  const read = readSettings(raw);
  return "problem" in read ? read : { estate, settings: read.settings };
}

/** As the engine hands it to `configure`; keys with their namespace, values always text. */
export interface ConfigureRequest {
  config: { get(key: string): string | undefined };
}

export const NAMESPACE = "lync-backup";

export class SettingsHolder {
  private outcome: { settings: Settings } | { problem: string } = {
    problem: "the provider was not configured; run the command again, and report it if it happens twice",
  };

  /** Whether it says something new: each resource type configures the one process that all share. */
  configure(request: ConfigureRequest): boolean {
    const before = JSON.stringify(this.outcome);
    try {
      const raw = Object.fromEntries(
        Object.keys(Settings.shape).flatMap((key) => {
          const value = request.config.get(`${NAMESPACE}:${key}`);
          return value === undefined ? [] : [[key, value]];
        }),
      );
      this.outcome = readSettings(raw);
    } catch (error) {
      this.outcome = { problem: `the configuration could not be read: ${(error as Error).message}` };
    }
    return JSON.stringify(this.outcome) !== before;
  }

  get(): Settings {
    if ("problem" in this.outcome) throw new ProviderError(this.outcome.problem);
    return this.outcome.settings;
  }
}
