import { considered, type Considered, type ExplainQuestion } from "../../shared/pricing/considered.ts";
import { loadPoints } from "./load-points.ts";

/**
 * For each line, in order, the prices and rules that were the customer's to have, and what became of each;
 * undefined for a line whose customer, product or unit there is not. No cost is in it.
 */
export async function explainLines(
  catalog: D1Database,
  question: ExplainQuestion,
): Promise<(readonly Considered[] | undefined)[]> {
  const points = await loadPoints(catalog, question);
  return points.map((point) => (point === undefined ? undefined : considered(point)));
}
