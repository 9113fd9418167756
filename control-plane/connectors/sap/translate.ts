import type { SapOptions } from "./options.ts";
import { readConditionIDoc } from "./read-idoc.ts";
import { readODataConditions } from "./read-odata.ts";
import { translateConditions, type SapTranslation } from "./translate-conditions.ts";

/** Rows of A_SlsPrcgConditionRecord or A_SlsPrcgCndnRecdValidity, read with their numbers' source text. */
export function translateConditionRecords(
  rows: readonly unknown[],
  options: SapOptions,
  scaleRows?: readonly unknown[],
): SapTranslation {
  return translateConditions(readODataConditions(rows, scaleRows), options);
}

export function translateConditionIDoc(xml: string, options: SapOptions): SapTranslation {
  return translateConditions(readConditionIDoc(xml), options);
}
