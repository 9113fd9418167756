import type { Who } from "../../shared/pricing/records.ts";

/** A `who` that names no customers, as a text that is equal for equal scopes. */
export function whoKey({ groups, channels, attributes }: Who): string {
  return JSON.stringify([groups, channels, attributes]);
}
