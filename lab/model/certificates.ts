import { createHash } from "node:crypto";

/** The certificates of a computer: no export has them, and without them a server that was set up anew serves nobody. */
export interface Certificate {
  thumbprint: string;
  subject: string;
  notAfter: string;
  hasPrivateKey: boolean;
}

/** The one that the setup of a server of a pool asks for. */
export const certificateOf = (fqdn: string): Certificate => ({
  thumbprint: createHash("sha1").update(fqdn).digest("hex").toUpperCase(),
  subject: `CN=${fqdn}`,
  notAfter: "2028-01-31T23:59:59.000Z",
  hasPrivateKey: true,
});
