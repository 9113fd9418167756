import { join } from "node:path";
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

const root = join(import.meta.dirname, "..");

// What the edge's bindings lead to in its own tests, which ask nothing of it.
const controlPlaneDouble = {
  name: "pricewright-control",
  compatibilityDate: "2026-11-01",
  modules: true,
  script: `
    import { DurableObject, WorkerEntrypoint } from "cloudflare:workers";
    export class HeadObject extends DurableObject {}
    export class Explainer extends WorkerEntrypoint {}
    export class QuoteDesk extends WorkerEntrypoint {}
    export default {};`,
  durableObjects: { HEAD: { className: "HeadObject", useSQLite: true } },
};

/**
 * `core` and `simulation` run in Node, `workerd` and `workerd-edge` in one plane's Worker, `journeys` in Node against both
 * Workers.
 */
export default defineConfig({
  test: {
    root,
    silent: "passed-only",
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
        plugins: [
          cloudflareTest(async () => ({
            wrangler: { configPath: join(root, "control-plane/wrangler.toml") },
            miniflare: {
              bindings: {
                SIGNING_SECRET: "a secret of the tests, 32 characters at least",
                HEAD_AGE_MAX_SECONDS: "300",
                RANDOM_SEED: process.env["RANDOM_SEED"] ?? "",
                RANDOM_RUNS: process.env["RANDOM_RUNS"] ?? "",
                CATALOG_MIGRATIONS: await readD1Migrations(join(root, "migrations/catalog")),
                PUBLISHED_MIGRATIONS: await readD1Migrations(join(root, "migrations/published")),
              },
            },
          })),
        ],
        test: {
          name: "workerd",
          include: ["test/workerd/**/*.test.ts"],
          setupFiles: ["test/support/apply-migrations.ts"],
          testTimeout: 60_000,
        },
      },
      {
        root,
        plugins: [
          cloudflareTest(async () => ({
            wrangler: { configPath: join(root, "wrangler.toml") },
            miniflare: {
              bindings: {
                SIGNING_SECRET: "a secret of the tests, 32 characters at least",
                RANDOM_SEED: process.env["RANDOM_SEED"] ?? "",
                RANDOM_RUNS: process.env["RANDOM_RUNS"] ?? "",
                PUBLISHED_MIGRATIONS: await readD1Migrations(join(root, "migrations/published")),
              },
              workers: [controlPlaneDouble],
            },
          })),
        ],
        test: {
          name: "workerd-edge",
          include: ["test/workerd-edge/**/*.test.ts"],
          setupFiles: ["test/support/apply-published-migrations.ts"],
          // It is written for bundlers, and says that it is for Node.
          deps: { optimizer: { ssr: { enabled: true, include: ["itty-durable"] } } },
          testTimeout: 60_000,
        },
      },
      {
        root,
        test: {
          name: "journeys",
          include: ["test/journeys/**/*.test.ts"],
          // Each file starts a workerd of its own.
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
