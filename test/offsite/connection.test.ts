import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import http from "node:http";
import net from "node:net";
import path from "node:path";
import { describe, it } from "mocha";
import type { OffsiteError } from "../../offsite/error";
import { gather, withStore } from "./support/courier";
import { fixture } from "./support/fixture";
import { S3Server } from "./support/store";

const listening = (server: net.Server): Promise<number> =>
  new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      resolve((server.address() as net.AddressInfo).port);
    });
  });

/** A proxy as companies have them: whole addresses for http, a tunnel for https. */
async function startProxy(): Promise<{ url: string; passed: string[]; stop: () => void }> {
  const passed: string[] = [];
  const server = http.createServer((request, response) => {
    passed.push(`${String(request.method)} ${String(request.url)}`);
    const { url = "", method, headers } = request;
    const onward = http.request(url, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    request.pipe(onward);
  });
  server.on("connect", (request: http.IncomingMessage, socket: net.Socket) => {
    passed.push(`CONNECT ${String(request.url)}`);
    const onward = net.connect(Number(request.url?.split(":")[1]), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      onward.pipe(socket).pipe(onward);
    });
    for (const end of [socket, onward]) end.on("error", () => socket.destroy());
  });
  const port = await listening(server);
  return { url: `http://127.0.0.1:${String(port)}`, passed, stop: () => server.close() };
}

describe("The way to a store", () => {
  const here = fixture();

  it("leads through a proxy where one is declared", async () => {
    const proxy = await startProxy();
    try {
      const reference = { ...here.bucket, proxy: proxy.url };
      await withStore(here.server, reference, async (store) => {
        await store.put("a", Buffer.alloc(3_000_000, "a"));
        assert.equal((await store.readWhole("a"))?.length, 3_000_000);
      });
      assert.equal(proxy.passed.length, 2);
      assert.match(proxy.passed[0] ?? "", /^PUT http:\/\/127.0.0.1:\d+\/test-/);
    } finally {
      proxy.stop();
    }
  });

  it("is trusted by a private authority, and by no other", async function () {
    if (spawnSync("openssl", ["version"]).status !== 0) this.skip();
    const file = (name: string): string => path.join(here.server.folder, name);
    const made = spawnSync("openssl", [
      ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"],
      ...["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", file("key.pem"), "-out", file("cert.pem")],
    ]);
    assert.equal(made.status, 0, made.stderr.toString());
    const server = await S3Server.start({ cert: file("cert.pem"), key: file("key.pem") });
    const proxy = await startProxy();
    try {
      const authority = file("cert.pem");
      const bucket = await server.bucket("plain", { authority, proxy: proxy.url });
      await withStore(server, bucket, (store) => store.put("a", Buffer.from("a")));
      assert.match(proxy.passed.at(-1) ?? "", /^CONNECT 127.0.0.1:\d+$/);
      const { authority: _none, ...untrusted } = bucket;
      const options = { patience: { forMs: 100 } };
      await assert.rejects(
        withStore(server, untrusted, (store) => store.put("b", Buffer.from("b")), options),
        /Sending b failed at .*self-signed certificate/,
      );
      assert.equal(fs.existsSync(server.fileOf(bucket.bucket, "b")), false);
    } finally {
      proxy.stop();
      await server.stop();
    }
  });

  it("is given up, in a sentence, where nothing moves on it", async () => {
    const sockets = new Set<net.Socket>();
    const deaf = net.createServer((socket) => sockets.add(socket));
    const port = await listening(deaf);
    try {
      const reference = { ...here.bucket, endpoint: `http://127.0.0.1:${String(port)}` };
      const options = { stallMs: 100, patience: { forMs: 300 } };
      for (const ask of ["list", "put"] as const) {
        await assert.rejects(
          withStore(
            here.server,
            reference,
            (store): Promise<unknown> =>
              ask === "put" ? store.put("a", Buffer.alloc(1 << 20)) : gather(store.list("")),
            options,
          ),
          (error: OffsiteError) => {
            assert.equal(error.code, "unreachable");
            assert.match(error.message, /timed out after 100 ms .* Check the network and the store/);
            return true;
          },
        );
      }
      assert.ok(sockets.size >= 4, "it was tried more than once");
    } finally {
      for (const socket of sockets) socket.destroy();
      deaf.close();
    }
  });

  it("is not used faster than allowed, by all transfers together", async () => {
    const begin = performance.now();
    const megabytes = 2;
    await withStore(
      here.server,
      here.bucket,
      async (store) => {
        await Promise.all([1, 2].map((name) => store.put(String(name), Buffer.alloc((megabytes * 1e6) / 2))));
        await gather(store.read("1"));
      },
      { megabitsPerSecond: 40 },
    );
    // 3 MB at 5 MB/s, less what may pass at once.
    assert.ok(performance.now() - begin >= 500);
  });
});
