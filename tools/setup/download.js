"use strict";

const { createHash } = require("node:crypto");
const fs = require("node:fs");
const http = require("node:http");
const https = require("node:https");
const { pipeline } = require("node:stream/promises");
const tls = require("node:tls");

/** A network may refuse, or swallow everything in silence; neither may hold a set-up up. */
const ANSWER_MS = 4_000;
const STALL_MS = 15_000;
const REDIRECTS = 5;

/** The site is there, but what was asked for is not. */
class AnswerError extends Error {}

/**
 * The proxy that the environment names for a host, by the usual variables.
 *
 * @param {URL} url
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {URL | undefined}
 */
function proxyFor(url, env = process.env) {
  const proxy = env.HTTPS_PROXY || env.https_proxy;
  if (!proxy) return undefined;
  const exempt = (env.NO_PROXY || env.no_proxy || "").split(/[\s,]+/).filter(Boolean);
  const isExempt = exempt.some((name) => {
    const bare = name.replace(/^\*?\.?/, "");
    return name === "*" || url.hostname === bare || url.hostname.endsWith(`.${bare}`);
  });
  return isExempt ? undefined : new URL(proxy.includes("://") ? proxy : `http://${proxy}`);
}

/**
 * A TLS connection to the host through the proxy.
 *
 * @param {URL} url
 * @param {URL} proxy
 * @param {AbortSignal} signal
 * @returns {Promise<import("node:tls").TLSSocket>}
 */
function tunnel(url, proxy, signal) {
  const target = `${url.hostname}:${url.port || 443}`;
  const login = proxy.username && `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  const headers = {
    host: target,
    ...(login && { "proxy-authorization": `Basic ${Buffer.from(login).toString("base64")}` }),
  };
  return new Promise((resolve, reject) => {
    http
      .request({
        host: proxy.hostname,
        port: proxy.port || 80,
        method: "CONNECT",
        path: target,
        headers,
        signal,
        agent: false,
      })
      .on("connect", (response, socket) => {
        if (response.statusCode === 200) resolve(tls.connect({ socket, servername: url.hostname }));
        else reject(new Error(`the proxy answered ${response.statusCode}`));
      })
      .on("error", reject)
      .end();
  });
}

/**
 * @param {URL} url
 * @param {AbortSignal} signal
 * @param {number} [redirects]
 * @returns {Promise<import("node:http").IncomingMessage>}
 */
async function get(url, signal, redirects = REDIRECTS) {
  const proxy = proxyFor(url);
  const socket = proxy && (await tunnel(url, proxy, signal));
  const options = { signal, agent: false, ...(socket && { createConnection: () => socket }) };
  /** @type {import("node:http").IncomingMessage} */
  const response = await new Promise((resolve, reject) => {
    https.get(url, options, resolve).on("error", reject);
  });
  const { statusCode = 0, headers } = response;
  if (statusCode === 200) return response;
  response.resume();
  const next = statusCode >= 300 && statusCode < 400 && headers.location ? new URL(headers.location, url) : undefined;
  if (next === undefined) throw new AnswerError(`${url.host} answered ${statusCode}`);
  if (redirects === 0 || next.protocol !== "https:")
    throw new Error(`${url.host} redirects too often, or to plain HTTP`);
  return get(next, signal, redirects - 1);
}

/**
 * A small text file, in a few seconds or not at all.
 *
 * @param {string} url
 * @returns {Promise<string>}
 */
async function fetchText(url) {
  const signal = AbortSignal.timeout(ANSWER_MS);
  let text = "";
  const response = await get(new URL(url), signal);
  for await (const chunk of response.setEncoding("utf8")) text += chunk;
  return text;
}

/**
 * Downloads a file and answers with its SHA-256. Takes as long as it takes, unless nothing comes any more.
 *
 * @param {string} url
 * @param {string} file
 * @param {(bytes: number, of: number | undefined) => void} [onProgress]
 * @returns {Promise<string>}
 */
async function fetchFile(url, file, onProgress) {
  const stalled = new AbortController();
  const abort = () => stalled.abort(new Error(`${new URL(url).host} stopped sending`));
  let timer = setTimeout(abort, STALL_MS);
  const hash = createHash("sha256");
  let bytes = 0;
  try {
    const response = await get(new URL(url), stalled.signal);
    const length = Number(response.headers["content-length"]) || undefined;
    await pipeline(
      response,
      async function* (/** @type {AsyncIterable<Buffer>} */ chunks) {
        for await (const chunk of chunks) {
          clearTimeout(timer);
          timer = setTimeout(abort, STALL_MS);
          hash.update(chunk);
          onProgress?.((bytes += chunk.length), length);
          yield chunk;
        }
      },
      fs.createWriteStream(file),
      { signal: stalled.signal },
    );
  } finally {
    clearTimeout(timer);
  }
  return hash.digest("hex");
}

module.exports = { fetchText, fetchFile, proxyFor, AnswerError };
