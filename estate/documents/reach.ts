import { z } from "zod";
import { Account, Fqdn, Name } from "./common";

const Port = z.int().min(1).max(65535);
const FilePath = z
  .string()
  .min(1)
  .max(500)
  .regex(/^[^-\p{Cc}][^\p{Cc}]*$/u, "expected the path of a file");

/** The ways to reach a host that `hosts/open.ts` knows. A new way is one member here and one folder in `hosts/`. */
export const Reach = z.discriminatedUnion("via", [
  z.strictObject({ via: z.literal("lab") }).describe("The simulated deployment"),
  z.strictObject({ via: z.literal("local") }).describe("The computer that this runs on, which must be the host"),
  z
    .strictObject({
      via: z.literal("ssh"),
      computer: Fqdn.optional().describe("Where OpenSSH answers, if not at the name of the host"),
      port: Port.optional(),
      user: z
        .string()
        .regex(/^[A-Za-z0-9][A-Za-z0-9._\\@-]{0,103}$/, "expected a user such as CONTOSO\\deploy")
        .optional()
        .describe("Else whom the configuration of ssh names"),
      identityFile: FilePath.optional().describe("The file with the private key; else what ssh finds, its agent too"),
      knownHostsFile: FilePath.optional().describe("The file with the keys of hosts; else that of the user"),
    })
    .describe("OpenSSH on the host, with a key: from any desk"),
  z
    .strictObject({
      via: z.literal("winrm"),
      port: Port.optional(),
      logon: z
        .discriminatedUnion("by", [
          z.strictObject({ by: z.literal("kerberos"), tls: z.boolean().default(false) }),
          z
            .strictObject({
              by: z.literal("certificate"),
              thumbprint: z.string().regex(/^[0-9A-Fa-f]{40}$/, "expected the 40 digits of a thumbprint"),
            })
            .describe("A client certificate of this desk, over TLS"),
          z
            .strictObject({ by: z.literal("credential"), user: Account, credential: Name })
            .describe("An account whose password this desk is given by the name of the credential, over TLS"),
        ])
        .default({ by: "kerberos", tls: false })
        .describe("As whom; no way delegates"),
    })
    .describe("Windows Remote Management: from Windows"),
]);
export type Reach = z.infer<typeof Reach>;

/** A host and how it is reached. It names credentials and never holds them. */
export const HostReference = z.strictObject({ name: Fqdn, reach: Reach });
export type HostReference = z.infer<typeof HostReference>;
