import fs from "node:fs";
import http from "node:http";
import https from "node:https";
import type net from "node:net";
import tls from "node:tls";
import { HttpProxyAgent } from "http-proxy-agent";
import { HttpsProxyAgent } from "https-proxy-agent";
import type { StoreReference } from "../../estate/documents";
import { messageOf, OffsiteError } from "../error";

/** How requests travel: connections that are kept, a proxy and a private authority where the store has them. */
export interface Connection {
  httpAgent: http.Agent;
  httpsAgent: https.Agent;
  connectionTimeout: number;
  /** Nothing was sent and nothing came for so long: the transfer stalls. */
  socketTimeout: number;
}

export function connectionTo(store: StoreReference, sockets: number, stallMs: number): Connection {
  // Made once: to read all authorities again for each connection takes longer than the connection.
  const trust =
    store.authority === undefined ? {} : { secureContext: tls.createSecureContext({ ca: authority(store.authority) }) };
  const kept = { keepAlive: true, maxSockets: sockets, ...trust };
  const agents = store.proxy
    ? {
        // Both are agents of Node.js; their types ask for a newer one than they run with.
        httpAgent: new HttpProxyAgent(store.proxy, kept) as unknown as http.Agent,
        httpsAgent: new Tunnel(store.proxy, kept, trust) as unknown as https.Agent,
      }
    : { httpAgent: new http.Agent(kept), httpsAgent: new https.Agent(kept) };
  return { ...agents, connectionTimeout: 10_000, socketTimeout: stallMs };
}

/** The package's agent speaks TLS beyond the proxy without the authority, and forgets the host where it is an address. */
class Tunnel extends HttpsProxyAgent<string> {
  constructor(
    proxy: string,
    kept: https.AgentOptions,
    private readonly trust: { secureContext?: tls.SecureContext },
  ) {
    super(proxy, kept);
  }

  override connect(...[request, options]: Parameters<HttpsProxyAgent<string>["connect"]>): Promise<net.Socket> {
    const host = String(options.host);
    const asked: Pick<tls.ConnectionOptions, "secureContext" | "checkServerIdentity"> = {
      ...this.trust,
      checkServerIdentity: (_name, certificate) => tls.checkServerIdentity(host, certificate),
    };
    return super.connect(request, Object.assign({}, options, asked));
  }
}

/** Beside the authorities that Node.js knows, which other hosts may need on the way. */
function authority(file: string): string[] {
  try {
    const certificates = fs.readFileSync(file, "utf8");
    if (!certificates.includes("-----BEGIN CERTIFICATE-----")) throw new Error("it holds no certificate as PEM text");
    return [...tls.rootCertificates, certificates];
  } catch (error) {
    throw new OffsiteError(
      "refused",
      `The certificates of the store's private authority cannot be read from ${file}: ${messageOf(error)}.`,
      "Correct the field authority, or the file.",
      error,
    );
  }
}
