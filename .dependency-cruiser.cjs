"use strict";

// Imports point one way: cli, index, stacks -> providers | restore -> offsite -> hosts -> estate.
// The lab implements the port of hosts and is loaded in one place. Tests, benches and docs may import anything.

const EVERYTHING_ELSE = "^(test|bench|docs|tools)/";

/**
 * @param {string} name
 * @param {string} comment
 * @param {Record<string, unknown>} from
 * @param {Record<string, unknown>} to
 */
const forbid = (name, comment, from, to) => ({ name, comment, severity: "error", from, to });

/** What lies above each part, and is therefore none of its business. */
const ABOVE = {
  hosts: "^(offsite|providers|restore|stacks|cli)/|^index\\.ts$",
  offsite: "^(providers|restore|stacks|cli)/|^index\\.ts$",
  restore: "^(providers|stacks|cli)/|^index\\.ts$",
  providers: "^(restore|stacks|cli)/|^index\\.ts$",
  stacks: "^cli/|^index\\.ts$",
};

module.exports = {
  forbidden: [
    forbid(
      "estate-is-pure",
      "estate/ says what must be backed up and does nothing: it imports zod, croner and node:crypto, and no other folder.",
      { path: "^estate/" },
      { pathNot: ["^estate/", "node_modules/(zod|croner)/", "^(node:)?crypto$"] },
    ),
    ...Object.entries(ABOVE).map(([part, above]) =>
      forbid(
        `${part}-looks-down`,
        `${part}/ knows nothing of what is built upon it.`,
        { path: `^${part}/` },
        { path: above },
      ),
    ),
    forbid(
      "lab-implements-the-port",
      "lab/ stands for hosts: it knows the port and the estate's documents. One file lets the real courier carry.",
      { path: "^lab/", pathNot: "^lab/interpreter/carrying\\.ts$" },
      { path: "^[a-z]+/|^index\\.ts$", pathNot: ["^lab/", "^estate/", "^hosts/host\\.ts$", "node_modules/"] },
    ),
    forbid(
      "one-door-to-the-lab",
      "Only hosts/open.ts loads the lab, so that every host is reached in the same way; stacks/lab, the lab's and the start commands of the CLI and tests may use it directly.",
      { pathNot: ["^lab/", "^hosts/open\\.ts$", "^stacks/lab", "^cli/(lab|start)", EVERYTHING_ELSE] },
      { path: "^lab/" },
    ),
    forbid(
      "nothing-imports-the-cli",
      "The CLI is the top.",
      { pathNot: ["^cli/", EVERYTHING_ELSE] },
      { path: "^cli/" },
    ),
    forbid(
      "providers-stand-alone",
      "A resource type is one folder that can be copied: it shares base and job(s), and only the component knows other types.",
      { path: "^providers/([^/]+)/", pathNot: "^providers/(component|estate|backup-estate)/" },
      { path: "^providers/[^/]+/", pathNot: ["^providers/$1/", "^providers/(base|jobs?)/"] },
    ),
    forbid(
      "product-without-tests",
      "What is shipped imports nothing that only tests, benches or docs need.",
      { path: "^(estate|hosts|offsite|providers|restore|lab|stacks|cli)/|^index\\.ts$" },
      // Whether the build is fresh, and the table of exit codes, are shared with the bootstrap.
      { path: "^(test|bench|docs|tools)/", pathNot: "^tools/(fresh|setup/exit-codes)\\.js$" },
    ),
    forbid(
      "product-without-dev-packages",
      "What is shipped runs with `npm ci --omit=dev`.",
      { path: "^(estate|hosts|offsite|providers|restore|lab|stacks|cli)/|^index\\.ts$" },
      { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only"], pathNot: "node_modules/@types/" },
    ),
    forbid(
      "bootstrap-without-packages",
      "Set-up runs before any package is there.",
      { path: "^tools/setup/|^tools/(start|build|pulumi|lync-backup|doctor|fresh)\\.js$" },
      { dependencyTypesNot: ["core", "local", "localmodule"] },
    ),
    forbid("no-cycles", "Two files that need each other are one, or three.", {}, { circular: true }),
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(dist|coverage)/" },
    enhancedResolveOptions: { extensions: [".ts", ".js", ".json", ".cjs", ".mjs", ".d.ts"] },
  },
};
