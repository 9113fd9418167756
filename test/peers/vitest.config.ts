import { join } from "node:path";
import { defineConfig } from "vitest/config";

const root = join(import.meta.dirname, "../..");

/** Tests against other people's software, which has to be installed. */
export default defineConfig({
  test: {
    root,
    name: "peers",
    include: ["test/peers/**/*.test.ts"],
    fileParallelism: false,
    testTimeout: 60_000,
  },
});
