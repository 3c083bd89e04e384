import { paraglideVitePlugin } from "@inlang/paraglide-js";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { svelteTesting } from "@testing-library/svelte/vite";
import icons from "unplugin-icons/vite";
import { defineConfig } from "vitest/config";

import { paintFirst } from "./first-build.ts";
import { leanMessages, onlyAscii } from "./lean-build.ts";

export default defineConfig({
  plugins: [
    paraglideVitePlugin({
      project: "./project.inlang",
      outputStructure: process.env["VITEST"] ? "locale-modules" : "message-modules",
    }),
    // Pictures become markup when the pages are built, so that the window has nothing to work out.
    icons({ compiler: "svelte", scale: 1, iconCustomizer: (_, __, props) => void (props["aria-hidden"] = "true") }),
    leanMessages("en"),
    onlyAscii(),
    paintFirst(),
    svelte(),
    svelteTesting(),
  ],
  clearScreen: false,
  server: { port: 5173, strictPort: true },
  build: {
    outDir: "dist",
    target: ["es2022", "safari17.5"],
    // The policy of the window allows no inline script or style, and fonts only as files.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // One sheet: what is read later looks as it did, whatever was read before it.
    cssCodeSplit: false,
  },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    setupFiles: ["./test/setup.ts"],
    restoreMocks: true,
    maxWorkers: 2,
    // A busy machine is no failure.
    testTimeout: 30_000,
  },
});
