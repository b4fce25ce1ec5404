import http from "node:http";
import type { AddressInfo } from "node:net";
import { Random } from "./random";

/** What can go wrong between a courier and its store, for any request. */
export const FAULTS = [
  /** Answers that come instead of the work. */
  ...(["500", "503", "slow-down", "403", "409", "412"] as const),
  /** The work is done, and nobody hears of it. */
  ...(["500-after", "reset-after"] as const),
  ...(["reset-before", "request-cut", "request-flipped", "answer-cut", "answer-flipped", "other-checksum"] as const),
  "stall",
] as const;
export type Fault = (typeof FAULTS)[number];

const ERRORS: Partial<Record<Fault, readonly [status: number, code: string]>> = {
  "500": [500, "InternalError"],
  "503": [503, "ServiceUnavailable"],
  "slow-down": [503, "SlowDown"],
  "403": [403, "AccessDenied"],
  "409": [409, "ConditionalRequestConflict"],
  "412": [412, "PreconditionFailed"],
};

/**
 * Stands between a courier and its store. The courier signs for the proxy's address, and the host it signed for is
 * handed on, so that signatures stay right. The same seed draws the same faults for the same requests in the same order.
 */
export class FaultProxy {
  /** Of so many requests one goes wrong; 0: none. */
  oneIn = 0;
  readonly counts = new Map<string, number>();
  total = 0;
  private deck: Fault[] = [];
  private readonly agent = new http.Agent({ keepAlive: true });
  private readonly server = http.createServer((request, response) => {
    void this.pass(request, response);
  });

  private constructor(
    private readonly to: URL,
    private readonly random: Random,
    private readonly stallMs: number,
    private readonly faults: readonly Fault[],
  ) {}

  static async start(
    endpoint: string,
    seed: string,
    stallMs: number,
    faults: readonly Fault[] = FAULTS,
  ): Promise<FaultProxy> {
    const proxy = new FaultProxy(new URL(endpoint), new Random(seed), stallMs, faults);
    await new Promise<void>((resolve) => proxy.server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${String((this.server.address() as AddressInfo).port)}`;
  }

  async stop(): Promise<void> {
    this.agent.destroy();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async pass(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const fault = this.draw(kindOf(request));
    try {
      const body = await bytesOf(request);
      const error = fault && ERRORS[fault];
      if (error) return this.answerError(request, response, ...error);
      if (fault === "reset-before") return void request.socket.destroy();
      if (fault === "stall") return void setTimeout(() => request.socket.destroy(), 2 * this.stallMs);
      if (fault === "request-cut") {
        await this.forward(request, body, body.length >> 1).catch(() => undefined);
        return void request.socket.destroy();
      }
      const sent = fault === "request-flipped" ? this.flipped(body) : body;
      const answer = await this.forward(request, sent, sent.length);
      if (fault === "reset-after") return void request.socket.destroy();
      if (fault === "500-after") return this.answerError(request, response, 500, "InternalError");
      this.answer(response, answer, fault);
    } catch {
      request.socket.destroy();
    }
  }

  private draw(kind: string): Fault | undefined {
    if (this.oneIn === 0 || this.random.below(this.oneIn) > 0) return undefined;
    // Each of them once before any comes again: also few show all.
    if (this.deck.length === 0) this.deck = [...this.faults];
    const [fault = "500"] = this.deck.splice(this.random.below(this.deck.length), 1);
    this.total++;
    const name = `${kind} ${fault}`;
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
    return fault;
  }

  /** Sends so many bytes of the body, and leaves the store waiting for the rest where that is not all. */
  private forward(from: http.IncomingMessage, body: Buffer, bytes: number): Promise<Answer> {
    const { method, url, headers } = from;
    const { hostname, port } = this.to;
    return new Promise((resolve, reject) => {
      const to = http.request({ hostname, port, method, path: url, headers, agent: this.agent }, (answer) => {
        bytesOf(answer).then((content) => {
          resolve({ status: answer.statusCode ?? 500, headers: answer.headers, content });
        }, reject);
      });
      to.once("error", reject);
      if (bytes === body.length) to.end(body);
      else to.write(body.subarray(0, bytes), () => to.destroy(new Error("cut")));
    });
  }

  private answer(response: http.ServerResponse, answer: Answer, fault: Fault | undefined): void {
    const headers = { ...answer.headers };
    let { content } = answer;
    if (fault === "answer-flipped") content = this.flipped(content);
    if (fault === "other-checksum" && typeof headers[CHECKSUM] === "string") {
      headers[CHECKSUM] = Buffer.alloc(32, this.random.below(256)).toString("base64");
    }
    response.writeHead(answer.status, headers);
    if (fault === "answer-cut" && content.length > 1) {
      response.write(content.subarray(0, content.length >> 1), () => response.destroy());
    } else response.end(content);
  }

  private answerError(
    request: http.IncomingMessage,
    response: http.ServerResponse,
    status: number,
    code: string,
  ): void {
    const text = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>by the proxy</Message></Error>`;
    response.writeHead(status, { "content-type": "application/xml" });
    response.end(request.method === "HEAD" ? undefined : text);
  }

  private flipped(bytes: Buffer): Buffer {
    if (bytes.length === 0) return bytes;
    const other = Buffer.from(bytes);
    const at = this.random.below(other.length);
    other.writeUInt8(other.readUInt8(at) ^ (1 << this.random.below(8)), at);
    return other;
  }
}

const CHECKSUM = "x-amz-checksum-sha256";

interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  content: Buffer;
}

async function bytesOf(message: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Such as `PUT part`: the kinds of requests that S3 has, as far as method and query tell them apart. */
function kindOf({ method = "", url = "" }: http.IncomingMessage): string {
  const { searchParams, pathname } = new URL(url, "http://store");
  const isBucket = pathname.split("/").filter((part) => part !== "").length === 1;
  const marks = ["versions", "uploads", "uploadId", "retention", "legal-hold"].filter((mark) => searchParams.has(mark));
  return [method, isBucket ? "bucket" : "object", ...marks].join(" ");
}
