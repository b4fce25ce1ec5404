"use strict";

const path = require("node:path");
const { cacheFolder } = require("./cache");
const { capture, lastLines } = require("./child");
const { ENGINE, engineOnPath, LEAST_ENGINE } = require("./engine");
const { findOnPath } = require("./find");
const { findGo, LEAST_GO } = require("./go");
const { npm } = require("./npm");
const { packagesAreFresh } = require("./packages");
const { findInCache } = require("./provide");
const { S3_SERVER } = require("./s3server");
const { freshness } = require("./stamp");

/**
 * @typedef {object} Finding
 * @property {string} name
 * @property {boolean} there
 * @property {boolean} required
 * @property {string} [found] version, and where
 * @property {string} neededFor
 * @property {string} todo when it is missing
 */

const SET_UP = "npm start or npm test brings it.";

/**
 * The first line that a program says about itself.
 *
 * @param {string} name
 * @param {readonly string[]} args
 */
async function ask(name, args) {
  const file = findOnPath(name);
  if (file === undefined) return undefined;
  const { status, output } = await capture(file, args, { timeoutMs: 20_000 });
  return status === 0 ? `${output.trim().split(/\r?\n/)[0]} (${file})` : undefined;
}

/**
 * @param {Omit<Finding, "there" | "found">} about
 * @param {string | undefined} found
 * @returns {Finding}
 */
const finding = (about, found) => ({ ...about, there: found !== undefined, ...(found !== undefined && { found }) });

/** @returns {Promise<Finding[]>} */
async function engine() {
  const onPath = await engineOnPath();
  const cached = findInCache(ENGINE, cacheFolder());
  const own =
    cached && `${ENGINE.version} (${cached.origin === "build" ? "built" : "official release"}, ${cached.folder})`;
  const theirs = onPath?.usable ? `${onPath.version} (${onPath.pulumi})` : undefined;
  const todo = `${SET_UP} Or put Pulumi ${LEAST_ENGINE} or later with pulumi-language-nodejs on PATH.`;
  const host = onPath?.usable ? `(${onPath.language})` : cached && `beside the engine`;
  return [
    finding({ name: "Pulumi engine", required: true, neededFor: "up, preview, refresh, destroy", todo }, theirs ?? own),
    finding({ name: "language host", required: true, neededFor: "running the program under the engine", todo }, host),
  ];
}

/**
 * Looks at everything that the project needs or can use.
 *
 * @param {string} root
 * @returns {Promise<Finding[]>}
 */
async function examine(root) {
  const npmVersion = await npm(["--version"]);
  const go = await findGo();
  const s3 = findOnPath("versitygw");
  const s3Own = findInCache(S3_SERVER, cacheFolder());
  const engineFindings = await engine();
  const haveTools = engineFindings.every(({ there }) => there) && (s3 ?? s3Own) !== undefined;
  const moto = await ask("python3", [
    "-c",
    "import moto, sys; print('Python', sys.version.split()[0], 'moto', moto.__version__)",
  ]);
  return [
    finding(
      { name: "Node.js", required: true, neededFor: "everything", todo: "Install Node.js 20.19 or later." },
      process.version,
    ),
    finding(
      { name: "npm", required: true, neededFor: "installing the packages", todo: "It comes with Node.js." },
      npmVersion.status === 0 ? lastLines(npmVersion.output, 1) : undefined,
    ),
    finding(
      { name: "packages", required: true, neededFor: "everything", todo: SET_UP },
      packagesAreFresh(root) ? "as package-lock.json has them" : undefined,
    ),
    finding(
      {
        name: "Go",
        required: !haveTools,
        neededFor: "building the engine and the S3 server where their releases cannot be reached",
        todo: haveTools ? "Nothing: what it would build is there." : `Install Go ${LEAST_GO} or later.`,
      },
      go && `${go.version} (${go.file})`,
    ),
    ...engineFindings,
    finding(
      { name: "S3 server", required: true, neededFor: "the lab's offsite storage, and its tests", todo: SET_UP },
      s3 ??
        (s3Own &&
          `versitygw ${S3_SERVER.version} (${s3Own.origin === "build" ? "built" : "official release"}, ${s3Own.folder})`),
    ),
    finding(
      { name: "compiled program", required: true, neededFor: "everything", todo: SET_UP },
      freshness(root) === "fresh" ? `fresh (${path.join(root, "dist")})` : undefined,
    ),
    finding(
      {
        name: "PowerShell",
        required: false,
        neededFor: "hosts reached from this computer, and the tests of the module that lives on hosts",
        todo: "Install PowerShell 7 (pwsh); on Windows, powershell.exe is there. Without it those tests are skipped.",
      },
      (await ask("pwsh", ["-NoLogo", "-NoProfile", "-Command", "$PSVersionTable.PSVersion.ToString()"])) ??
        findOnPath("powershell"),
    ),
    finding(
      {
        name: "OpenSSH client",
        required: false,
        neededFor: "hosts reached over SSH",
        todo: "Install OpenSSH's client.",
      },
      await ask("ssh", ["-V"]),
    ),
    finding(
      {
        name: "Python with moto",
        required: false,
        neededFor: "tests of bucket posture (npm run test:long)",
        todo: 'Install Python 3, then "python3 -m pip install moto[server]". Without it those tests are skipped.',
      },
      moto,
    ),
  ];
}

module.exports = { examine };
