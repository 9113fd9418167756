import { expect } from "vitest";
import type { FeedRecord, Translation } from "../../control-plane/connectors/translation.ts";
import { parseExactJson } from "../../shared/api/exact-json.ts";
import { deletion, recordSchemas } from "../../shared/api/records/record.ts";
import type { PricingRecord } from "../../shared/pricing/records.ts";
import type { Question } from "../../shared/pricing/question.ts";
import { referencePrice } from "../../shared/pricing/reference/reference-price.ts";

/** The rows of a payload as an ERP sends them: as JSON, with numbers as it writes them. */
export function rows(json: string): readonly unknown[] {
  const value = parseExactJson(json);
  if (!Array.isArray(value)) throw new Error(`Cannot read rows: ${json}`);
  return value;
}

/** Every record as intake sees it, over the wire. */
export function expectIntakeTakes({ records }: Translation): void {
  for (const record of records) {
    const schema = "op" in record ? deletion : recordSchemas[record.type];
    const found = schema.safeParse(parseExactJson(JSON.stringify(record)));
    expect(found.success ? [] : found.error.issues, JSON.stringify(record)).toEqual([]);
  }
}

/** What is in force: everything but deletions. */
export function standing({ records }: Translation): PricingRecord[] {
  return records.filter((record): record is FeedRecord & PricingRecord => !("op" in record));
}

/** A record without the fields that are left out over the wire. */
export function record({ records }: Translation, type: string, id: string): unknown {
  const found = records.find((one) => one.type === type && one.id === id);
  return found === undefined ? undefined : JSON.parse(JSON.stringify(found));
}

export function codes({ problems }: Translation): (readonly [source: string, code: string])[] {
  return problems.map(({ source, code }) => [source, code]);
}

/** Unit price and line total, or why there is none. */
export function priced(
  translation: Translation,
  question: Omit<Question, "at"> & { readonly at?: string },
): readonly [unitPrice: string, lineTotal: string] | string {
  const at = Date.parse(question.at ?? "2026-06-15T12:00:00Z");
  const answer = referencePrice(standing(translation), { ...question, at });
  return "unavailable" in answer ? answer.unavailable : [answer.unitPrice, answer.lineTotal];
}
