import { availableParallelism } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { LongestFirst } from "./support/longest-first.ts";
import { keepStoresInMemory } from "./support/stores-in-memory.ts";
import { inControlPlane, inEdge } from "./support/workerd-projects.ts";

const root = join(import.meta.dirname, "..");
keepStoresInMemory();
const [controlPlane, edge] = [inControlPlane(), inEdge()];

/**
 * `core` and `simulation` run in Node, `workerd` and `workerd-edge` in one plane's Worker, `journeys` in Node against
 * both Workers.
 */
export default defineConfig({
  test: {
    root,
    silent: "passed-only",
    // Journeys and alarms wait a good part of their time.
    maxWorkers: Math.max(3, availableParallelism() - 1),
    sequence: { sequencer: LongestFirst },
    // `npm run coverage`: which branches of the pricing core its tests reach.
    coverage: {
      include: ["shared/pricing/**/*.ts"],
      exclude: ["shared/pricing/reference/**"],
      reporter: ["text"],
    },
    projects: [
      {
        root,
        test: {
          name: "core",
          // They are pure, and starting a process for each would take longer than most of them.
          isolate: false,
          include: [
            "test/{api,connectors,pricing,quoting,sample,scenarios,snapshot,conformance}/**/*.test.ts",
          ],
          // Some try thousands of cases, on a machine that may be busy with others.
          testTimeout: 60_000,
        },
      },
      {
        root,
        resolve: { alias: { "cloudflare:workers": join(root, "test/simulation/worker-stand-ins.ts") } },
        test: { name: "simulation", include: ["test/simulation/**/*.test.ts"] },
      },
      {
        root,
        ...controlPlane,
        test: {
          ...controlPlane.test,
          name: "workerd",
          include: ["test/workerd/**/*.test.ts"],
          // Some break a publish at each of its calls, beside other tests.
          testTimeout: 240_000,
        },
      },
      {
        root,
        ...edge,
        test: { ...edge.test, name: "workerd-edge", include: ["test/workerd-edge/**/*.test.ts"] },
      },
      {
        root,
        test: {
          name: "journeys",
          include: ["test/journeys/**/*.test.ts"],
          // Each file starts a workerd of its own, beside those of other tests.
          testTimeout: 120_000,
          hookTimeout: 240_000,
        },
      },
    ],
  },
});
