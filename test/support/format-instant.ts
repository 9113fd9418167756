import type { Instant } from "../../shared/pricing/instant.ts";

export function formatInstant(at: Instant): string {
  return new Date(at).toISOString();
}
