import { Problem } from "../../shared/api/problem.ts";
import { isAfter } from "../../shared/quoting/validity.ts";
import type { Side } from "../quotes/new-set.ts";
import { forSellers } from "./quote-callers.ts";
import type { PostedSet } from "./quote-shapes.ts";

/** As many items as an event with their prices may hold. */
const itemsMax = 1000;

/** What a schema can't say of a set: what is a seller's, how much it is in all, and that a validity is to come. */
export function checkSet({ lines = [], validUntil }: PostedSet, side: Side, now: number): void {
  let items = 0;
  for (const [index, line] of lines.entries()) {
    const { alternatives = [] } = line;
    items += 1 + alternatives.length;
    if (side === "seller") continue;
    if (line.offeredPrice !== undefined) throw forSellers(`/lines/${index}/offeredPrice`);
    const offered = alternatives.findIndex(({ offeredPrice }) => offeredPrice !== undefined);
    if (offered !== -1) throw forSellers(`/lines/${index}/alternatives/${offered}/offeredPrice`);
  }
  if (items > itemsMax) {
    throw new Problem("too_many_lines", {
      detail: `A quote has at most ${itemsMax} items, alternatives included`,
    });
  }
  const at = new Date(now).toISOString();
  if (validUntil !== undefined && validUntil !== null && !isAfter(validUntil, at)) {
    throw new Problem("invalid_request", {
      detail: "A validity ends in the future",
      pointer: "/validUntil",
      more: { reason: "not_in_the_future" },
    });
  }
}
