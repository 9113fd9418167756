import type { Assessment } from "../../shared/quoting/approval.ts";
import type { AssessQuestion } from "../../shared/quoting/desk.ts";

export async function assess(_catalog: D1Database, question: AssessQuestion): Promise<Assessment> {
  return {
    sequence: question.sequence,
    tiers: [],
    margin: { total: null, lines: {} },
    referenceTotal: null,
    discountPercent: null,
  };
}
