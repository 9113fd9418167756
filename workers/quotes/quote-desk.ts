import { Problem } from "../../shared/api/problem.ts";
import type { QuoteDesk } from "../../shared/quoting/desk.ts";

/**
 * Asks the control plane about a quote.
 * @throws {Problem} `desk_unavailable`: an offer is never made, nor an approval taken, without knowing what it needs
 */
export async function askDesk<Answer>(
  desk: QuoteDesk,
  ask: (desk: QuoteDesk) => Promise<Answer>,
): Promise<Answer> {
  try {
    return await ask(desk);
  } catch (cause) {
    throw new Problem("desk_unavailable", { cause, headers: { "Retry-After": "2" } });
  }
}
