import { join } from "node:path";
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";

/** How a plane's own tests run in its Worker: what their vitest projects have besides a name and their files. */

const root = join(import.meta.dirname, "../..");

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

const settings = {
  SIGNING_SECRET: "a secret of the tests, 32 characters at least",
  RANDOM_SEED: process.env["RANDOM_SEED"] ?? "",
  RANDOM_RUNS: process.env["RANDOM_RUNS"] ?? "",
};

export function inControlPlane() {
  const workers = cloudflareTest(async () => ({
    wrangler: { configPath: join(root, "control-plane/wrangler.toml") },
    miniflare: {
      bindings: {
        ...settings,
        HEAD_AGE_MAX_SECONDS: "300",
        CATALOG_MIGRATIONS: await readD1Migrations(join(root, "migrations/catalog")),
        PUBLISHED_MIGRATIONS: await readD1Migrations(join(root, "migrations/published")),
      },
    },
  }));
  return {
    plugins: [workers],
    test: { setupFiles: ["test/support/apply-migrations.ts"], testTimeout: 60_000 },
  };
}

export function inEdge() {
  const workers = cloudflareTest(async () => ({
    wrangler: { configPath: join(root, "wrangler.toml") },
    miniflare: {
      bindings: {
        ...settings,
        PUBLISHED_MIGRATIONS: await readD1Migrations(join(root, "migrations/published")),
      },
      workers: [controlPlaneDouble],
    },
  }));
  return {
    plugins: [workers],
    test: {
      setupFiles: ["test/support/apply-published-migrations.ts"],
      // It is written for bundlers, and says that it is for Node.
      deps: { optimizer: { ssr: { enabled: true, include: ["itty-durable"] } } },
      testTimeout: 60_000,
    },
  };
}
