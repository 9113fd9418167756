import type { Instant } from "../../shared/pricing/instant.ts";
import type { PublishedSnapshot } from "../publish/published-snapshot.ts";
import { ChangeSummary } from "./change-summary.ts";
import { compareSnapshots } from "./compare-snapshots.ts";

/** What differs between two snapshots as JSON lines, and a last one that sums up. */
export async function* changeLines(
  before: PublishedSnapshot,
  after: PublishedSnapshot,
  at: Instant,
): AsyncGenerator<string> {
  const summary = new ChangeSummary();
  for await (const change of compareSnapshots(before, after, at)) {
    yield `${JSON.stringify({ ...change, percent: summary.add(change) })}\n`;
  }
  yield `${JSON.stringify({ summary: summary.summary() })}\n`;
}
