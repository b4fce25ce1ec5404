import { z } from "zod";

/**
 * Passwords, by the name of a credential or by the account itself. They are a secret of the stack's configuration, and
 * stand nowhere else: `pulumi config set --secret --path 'lync-backup:credentials.NAME'` asks for one. The configuration
 * hands them on as JSON text; no message ever quotes it.
 */
export const Credentials = z
  .preprocess(
    (given) => (typeof given === "string" ? parsed(given) : given),
    z.record(z.string().min(1).max(200), z.string().min(1).max(1000)).default({}),
  )
  .describe("Passwords by the name of a credential, or by account: always a secret of the configuration");
export type Credentials = z.infer<typeof Credentials>;

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}
