import type { D1Migration } from "@cloudflare/vitest-plugin";
import type { ControlEnv } from "../../control-plane/env.ts";
import type * as mainModule from "../../control-plane/main.ts";

declare global {
  namespace Cloudflare {
    interface Env extends ControlEnv {
      readonly CATALOG_MIGRATIONS: D1Migration[];
      readonly PUBLISHED_MIGRATIONS: D1Migration[];
      /** To run a random test again, or longer. */
      readonly RANDOM_SEED: string;
      readonly RANDOM_RUNS: string;
      readonly HEAD_AGE_MAX_SECONDS: string;
    }
    interface GlobalProps {
      mainModule: typeof mainModule;
    }
  }
}
