import { applyD1Migrations } from "cloudflare:test";
import { env } from "cloudflare:workers";

await applyD1Migrations(env.CATALOG, env.CATALOG_MIGRATIONS);
await applyD1Migrations(env.PUBLISHED, env.PUBLISHED_MIGRATIONS);
