import { z } from "zod";
import { ProviderError } from "./errors";

/**
 * Settings of the provider process, from the stack's configuration. `configure` neither awaits nor throws: the engine
 * hands a provider to other calls before it has awaited `configure`, and goes on with an unconfigured one after it
 * threw. So the outcome is kept, and every method asks for it first.
 */
export const Settings = z.strictObject({
  lab: z.string().min(1).default(".lab").describe("The folder of the simulated deployment"),
  hostTimeoutSeconds: z.coerce.number().int().min(1).max(3600).default(120).describe("For one call to a host"),
});
export type Settings = z.infer<typeof Settings>;

/** As the engine hands it to `configure`; keys with their namespace, values always text. */
export interface ConfigureRequest {
  config: { get(key: string): string | undefined };
}

export const NAMESPACE = "lync-backup";

export class SettingsHolder {
  private outcome: { settings: Settings } | { problem: string } = {
    problem: "the provider was not configured; run the command again, and report it if it happens twice",
  };

  configure(request: ConfigureRequest): void {
    try {
      const raw = Object.fromEntries(
        Object.keys(Settings.shape).flatMap((key) => {
          const value = request.config.get(`${NAMESPACE}:${key}`);
          return value === undefined ? [] : [[key, value]];
        }),
      );
      const parsed = Settings.safeParse(raw);
      this.outcome = parsed.success
        ? { settings: parsed.data }
        : {
            problem: parsed.error.issues
              .map((issue) => `configuration ${NAMESPACE}:${issue.path.join(".")}: ${issue.message}`)
              .join("; "),
          };
    } catch (error) {
      this.outcome = { problem: `the configuration could not be read: ${(error as Error).message}` };
    }
  }

  get(): Settings {
    if ("problem" in this.outcome) throw new ProviderError(this.outcome.problem);
    return this.outcome.settings;
  }
}
