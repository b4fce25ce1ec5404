import tseslint from "typescript-eslint";

/** What every JavaScript runs in here: Node.js. */
const nodeGlobals = Object.fromEntries(
  [
    ...["AbortController", "AbortSignal", "Buffer", "URL", "console", "process", "module", "require", "__dirname"],
    ...["setTimeout", "clearTimeout", "setInterval", "clearInterval", "setImmediate", "structuredClone", "fetch"],
  ].map((name) => [name, "readonly"]),
);

const common = {
  eqeqeq: "error",
  "no-console": "error",
  "no-var": "error",
  "prefer-const": "error",
  "object-shorthand": "error",
  // ESLint's recommended ones that the compiler does not see.
  "no-async-promise-executor": "error",
  "no-case-declarations": "error",
  "no-cond-assign": "error",
  "no-constant-condition": ["error", { checkLoops: false }],
  "no-control-regex": "error",
  "no-dupe-else-if": "error",
  "no-dupe-keys": "error",
  "no-duplicate-case": "error",
  "no-empty": "error",
  "no-fallthrough": "error",
  "no-irregular-whitespace": "error",
  "no-loss-of-precision": "error",
  "no-misleading-character-class": "error",
  "no-regex-spaces": "error",
  "no-self-assign": "error",
  "no-sparse-arrays": "error",
  "no-unsafe-finally": "error",
  "no-unsafe-negation": "error",
  "no-useless-escape": "error",
  "use-isnan": "error",
  "valid-typeof": "error",
};

export default tseslint.config(
  { ignores: ["dist/", "coverage/", "node_modules/", ".lab/", ".pulumi-state/", "**/fixtures/"] },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      ...common,
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/consistent-type-imports": ["error", { disallowTypeAnnotations: false }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
    },
  },
  {
    files: ["**/*.js", "**/*.cjs", "**/*.mjs"],
    extends: [tseslint.configs.base],
    languageOptions: { sourceType: "commonjs", globals: nodeGlobals },
    rules: {
      ...common,
      "no-undef": "error",
      "no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "no-unreachable": "error",
      "no-redeclare": "error",
    },
  },
  { files: ["**/*.mjs"], languageOptions: { sourceType: "module" } },
  // Before the version is known to be new enough, only what every Node.js understands.
  { files: ["tools/setup/node-version.js"], rules: { "no-var": "off", "object-shorthand": "off" } },
  { files: ["cli/**", "tools/**", "bench/**", "docs/**"], rules: { "no-console": "off" } },
);
