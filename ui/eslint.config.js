import { readdirSync } from "node:fs";

import js from "@eslint/js";
import importX, { createNodeResolver } from "eslint-plugin-import-x";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";

import svelteConfig from "./svelte.config.js";

const root = import.meta.dirname;

const features = readdirSync(`${root}/src/features`, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

/** What may know what: the folders carry the rule. */
const zones = [
  {
    target: "./src/lib/ui",
    from: ["./src/features", "./src/lib/ipc"],
    message: "src/lib/ui knows nothing of keys: hand it what it needs as props.",
  },
  {
    target: "./src/lib",
    from: "./src/features",
    message: "src/lib is below the features and cannot use them.",
  },
  ...features.map((feature) => ({
    target: `./src/features/${feature}`,
    from: "./src/features",
    except: [`./${feature}`],
    message: "A feature does not import another feature: join them in the shell.",
  })),
];

const styleAttribute = {
  selector: "SvelteAttribute[key.name='style']",
  message: "The window's policy blocks style attributes: use a class or a style: directive.",
};

/** Words in the markup itself, or in what a screen reader is told. Signs and single letters are no words, code is not read. */
const word = "/\\p{L}{2}/u";
const told = "SvelteAttribute[key.name=/^(alt|aria-description|aria-label|hint|label|placeholder|text|title)$/]";
const shown = `:matches(${told}, SvelteElement, SvelteIfBlock, SvelteElseBlock, SvelteEachBlock, SvelteSnippetBlock)`;
const literalText = [
  `:not(SvelteStyleElement, SvelteElement[name.name='code']) > SvelteText[value=${word}]`,
  `${told} > SvelteLiteral[value=${word}]`,
  `${shown} > SvelteMustacheTag > Literal[value=${word}]`,
  `${shown} > SvelteMustacheTag > ConditionalExpression > Literal[value=${word}]`,
  `${shown} > SvelteMustacheTag > TemplateLiteral > TemplateElement[value.raw=${word}]`,
].map((selector) => ({
  selector,
  message: "What people read stands in messages/en.json and de.json: use m.name_of_the_message().",
}));

export default ts.config(
  { ignores: ["dist/", "src/paraglide/", "src/lib/ipc/bindings.ts"] },
  js.configs.recommended,
  ...ts.configs.recommendedTypeChecked,
  ...svelte.configs.recommended,
  {
    plugins: { "import-x": importX },
    languageOptions: {
      globals: { ...globals.browser },
      parserOptions: {
        projectService: true,
        // Also for .ts files: the rules on imports read the components that those import.
        parser: ts.parser,
        tsconfigRootDir: root,
        extraFileExtensions: [".svelte"],
      },
    },
    settings: {
      "import-x/ignore": ["node_modules", "paraglide"],
      "import-x/extensions": [".ts", ".js", ".svelte"],
      "import-x/parsers": {
        "@typescript-eslint/parser": [".ts"],
        "svelte-eslint-parser": [".svelte"],
      },
      "import-x/resolver-next": [
        createNodeResolver({
          extensions: [".ts", ".svelte.ts", ".js", ".svelte", ".json"],
          conditionNames: ["svelte", "browser", "import", "default"],
        }),
      ],
    },
    rules: {
      "import-x/no-cycle": ["error", { ignoreExternal: true }],
      "import-x/no-restricted-paths": ["error", { basePath: root, zones }],
      "no-restricted-imports": [
        "error",
        {
          patterns: [{ group: ["@tauri-apps/*"], message: "Only src/lib/ipc talks to Rust." }],
        },
      ],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", destructuredArrayIgnorePattern: "^_", varsIgnorePattern: "^_" },
      ],
      "max-lines": ["error", { max: 500 }],
      eqeqeq: "error",
      "no-console": "error",
    },
  },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { svelteConfig } },
    rules: {
      // The compiler and TypeScript look for these in templates.
      "no-undef": "off",
      // ESLint sees the types of other components only as `any`; svelte-check has them.
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-return": "off",
      // Collections are replaced rather than changed in place, and state is declared where it is meant.
      "svelte/prefer-svelte-reactivity": "off",
      // The rule does not know all of the compiler's warnings.
      "svelte/no-unused-svelte-ignore": "off",
      "no-restricted-syntax": ["error", styleAttribute, ...literalText],
    },
  },
  { files: ["**/*.test.svelte"], rules: { "no-restricted-syntax": ["error", styleAttribute] } },
  { files: ["**/*.svelte"], rules: { "max-lines": ["error", { max: 300, skipBlankLines: true, skipComments: true }] } },
  { files: ["**/*.ts", "**/*.js"], rules: { "no-undef": "off" } },
  {
    files: ["src/lib/ipc/**"],
    rules: { "no-restricted-imports": "off" },
  },
  {
    files: ["src/**/*.test.ts", "test/**", "**/*.config.*"],
    languageOptions: { globals: { ...globals.node } },
  },
  { files: ["test/setup.ts"], rules: { "@typescript-eslint/unbound-method": "off" } },
  { files: ["**/*.js"], ...ts.configs.disableTypeChecked },
);
