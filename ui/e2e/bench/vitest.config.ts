import { defineConfig } from "vitest/config";

// Nothing else runs beside a measurement.
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["*.bench.ts"],
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 600_000,
    disableConsoleIntercept: true,
  },
});
