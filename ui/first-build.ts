// The script that paints first: the same components once more, built to write text.

import type { Plugin } from "vite";

const first = "assets/first.js";
const main = "assets/main.js";

/** Builds `src/first.ts` beside the pages, and lets the page begin with it; it reads `src/main.ts` afterwards. */
export function paintFirst(): Plugin {
  return {
    name: "paint-first",
    // Before the build finds `src/main.ts`.
    enforce: "pre",
    apply: "build",
    config: () => ({
      environments: {
        client: { build: { rolldownOptions: { output: { entryFileNames: main } } } },
        first: {
          // Components are written as text for whoever serves pages. Here the page does it for itself.
          consumer: "server",
          resolve: { noExternal: true, conditions: ["production", "default"] },
          build: {
            emptyOutDir: false,
            minify: true,
            rolldownOptions: {
              input: "src/first.ts",
              // What is read after the painting, and what a server would need.
              external: [/\/later-parts$/u, /^node:/u],
              output: { entryFileNames: first },
            },
          },
        },
      },
      builder: {
        async buildApp(builder) {
          // One after the other: the first of them empties the folder.
          const { client, first } = builder.environments;
          for (const environment of [client, first]) if (environment) await builder.build(environment);
        },
      },
    }),
    resolveId: (source, importer) =>
      source === "./main.js" && importer?.endsWith("/src/first.ts") ? { id: `/${main}`, external: "absolute" } : null,
    transformIndexHtml: {
      order: "post",
      handler(page) {
        const begun = page.replace(`src="/${main}"`, `src="/${first}"`);
        if (begun === page) throw new Error(`The page does not begin with ${main}:\n${page}`);
        // What belongs to `main` is read with it.
        return begun.replaceAll(/\s*<link rel="modulepreload"[^>]*>/gu, "");
      },
    },
  };
}
