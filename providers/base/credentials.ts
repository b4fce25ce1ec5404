import { z } from "zod";
import { CredentialsFile, keyOf } from "../../offsite/store/credentials";

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

/**
 * Keys of stores, by the name of a credential: `pulumi config set --secret --path
 * 'lync-backup:storeKeys.NAME.secretAccessKey'` asks for one. What is not among them is looked for on this computer.
 */
export const StoreKeys = z
  .preprocess(
    (given) => (typeof given === "string" ? parsed(given) : given),
    z.record(z.string().min(1).max(200), CredentialsFile.transform(keyOf)).default({}),
  )
  .describe("Keys of S3 stores by the name of a credential: always secrets of the configuration");

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}
