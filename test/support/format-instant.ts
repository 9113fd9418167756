import type { Instant } from "../../shared/pricing/instant.ts";

/** RFC 3339, with milliseconds only if there are any. */
export function formatInstant(at: Instant): string {
  return new Date(at).toISOString().replace(".000Z", "Z");
}
