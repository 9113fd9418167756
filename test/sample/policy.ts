import type { Policy } from "../../shared/pricing/records.ts";

/** How the sample company's prices combine: a contract before the list price, and the better of two offers. */
export const policy: Policy = {
  type: "policy",
  id: "default",
  // The source's dates have no zone; the company sits in Washington State.
  timeZone: "America/Los_Angeles",
  precedence: ["customer", "group", "list", "everyone"],
  choose: "first",
  fallback: "listPrice",
  rules: "best",
  // The source's amounts have four places.
  rounding: { unitPrice: { places: 4, mode: "half-up" }, line: { mode: "half-up" } },
};
