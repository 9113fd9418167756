import { WorkerEntrypoint } from "cloudflare:workers";
import type { ControlEnv } from "./env.ts";
import type { ExplainQuestion } from "../shared/pricing/considered.ts";
import { explainLines } from "./explain/explain-lines.ts";

/** What the edge may ask of the control plane: why prices are what they are. It answers nothing else. */
export class Explainer extends WorkerEntrypoint<ControlEnv> {
  explain(question: ExplainQuestion): ReturnType<typeof explainLines> {
    return explainLines(this.env.CATALOG, question);
  }
}
