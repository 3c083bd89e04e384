import { defineConfig } from "vitest/config";

import { LastWords } from "./last-words";

// One window at a time: two of them on two cores would only wait for each other.
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["**/*.test.ts"],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: ["verbose", new LastWords()],
  },
});
