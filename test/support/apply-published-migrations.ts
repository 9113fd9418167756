import { applyD1Migrations } from "cloudflare:test";
import { edgeEnv } from "./edge-env.ts";

await applyD1Migrations(edgeEnv.PUBLISHED, edgeEnv.PUBLISHED_MIGRATIONS);
