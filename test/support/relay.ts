import net from "node:net";

/** A door in front of a server, which can be shut and opened again: its port stays the same. */
export class Relay {
  private readonly sockets = new Set<net.Socket>();
  private server: net.Server | undefined;

  private port = 0;

  private constructor(
    private readonly protocol: string,
    private readonly behind: number,
  ) {}

  static async to(endpoint: string): Promise<Relay> {
    const { protocol, port } = new URL(endpoint);
    const relay = new Relay(protocol, Number(port));
    await relay.open();
    return relay;
  }

  get endpoint(): string {
    return `${this.protocol}//127.0.0.1:${String(this.port)}`;
  }

  async open(): Promise<void> {
    const server = net.createServer((near) => {
      const far = net.connect(this.behind, "127.0.0.1");
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.sockets.add(one);
        one.once("close", () => {
          this.sockets.delete(one);
          other.destroy();
        });
        one.once("error", () => other.destroy());
        one.pipe(other);
      }
    });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(this.port, "127.0.0.1", resolve);
    });
    this.port = (server.address() as net.AddressInfo).port;
    this.server = server;
  }

  async shut(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (!server) return;
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }
}
