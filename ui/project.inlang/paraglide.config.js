import { defineConfig } from "@inlang/paraglide-js";

export default defineConfig({
  outdir: "./src/paraglide",
  // The window follows the language of the system; nothing is stored.
  strategy: ["globalVariable", "preferredLanguage", "baseLocale"],
  emitTsDeclarations: true,
  emitReadme: false,
});
