import { createEdge } from "./app.ts";
import type { EdgeEnv } from "./env.ts";

export default createEdge() satisfies ExportedHandler<EdgeEnv>;
