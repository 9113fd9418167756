import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatInstant } from "../support/format-instant.ts";
import { compileInMemory, type CompiledCompany } from "../support/compile-in-memory.ts";
import { companyArbitrary, questionArbitrary } from "../support/generate-company.ts";
import type { PricingRecord } from "../../shared/pricing/records.ts";
import type { Answer, Question } from "../../shared/pricing/question.ts";
import { referencePrice } from "../../shared/pricing/reference/reference-price.ts";
import type { AnsweredLine } from "../../shared/snapshot/line-answer.ts";
import { priceLines } from "../../shared/snapshot/price-lines.ts";

const questionsPerCompany = 25;

/** A company with questions about it. */
const asked = companyArbitrary().chain((records) =>
  fc.tuple(
    fc.constant(records),
    fc.array(questionArbitrary(records), { minLength: questionsPerCompany, maxLength: questionsPerCompany }),
  ),
);

async function compiledLine(
  question: Question,
  { manifest, reader }: CompiledCompany,
): Promise<AnsweredLine | undefined> {
  const { customer, channel, currency, at, sku, quantity, unit } = question;
  const answer = await priceLines(
    { customer, channel, currency, at, lines: [{ sku, quantity, unit }] },
    manifest,
    reader,
  );
  return answer.kind === "answered" ? answer.lines[0] : undefined;
}

/** What both evaluators say, in one form. */
function comparable(answer: Answer | AnsweredLine | undefined): unknown {
  if (answer === undefined) return { unavailable: "unknown_customer" };
  if ("unavailable" in answer) return { unavailable: answer.unavailable };
  const { unit, unitPrice, per, lineTotal } = answer;
  const explanation = "explain" in answer ? answer.explain() : answer.explanation;
  return { unit, unitPrice, per, lineTotal, explanation };
}

/** Whether unit prices follow from line totals, so that a tier can only say what its own part is about. */
function hasAverages(records: readonly PricingRecord[]): boolean {
  return records.some(
    (record) =>
      (record.type === "price" && record.graduated === true) ||
      (record.type === "policy" && record.preset === "sap"),
  );
}

describe("the compiled form", () => {
  it("answers every question as the reference evaluator does", async () => {
    await fc.assert(
      fc.asyncProperty(asked, async ([records, questions]) => {
        const compiled = compileInMemory(records);
        for (const question of questions) {
          const expected = comparable(referencePrice(records, question));
          const found = comparable(await compiledLine(question, compiled));
          expect({ question, ...(found as object) }).toEqual({ question, ...(expected as object) });
        }
      }),
      { numRuns: 400 },
    );
  }, 120_000);

  it("is the same bytes whatever the order of the records", () => {
    fc.assert(
      fc.property(
        companyArbitrary().chain((records) =>
          fc.tuple(
            fc.constant(records),
            fc.shuffledSubarray(records, { minLength: records.length, maxLength: records.length }),
          ),
        ),
        ([records, shuffled]) => {
          expect(compileInMemory(shuffled).manifestHash).toBe(compileInMemory(records).manifestHash);
        },
      ),
    );
  }, 60_000);

  it("keeps an answer valid until the instant that it says", async () => {
    await fc.assert(
      fc.asyncProperty(asked, async ([records, questions]) => {
        const compiled = compileInMemory(records);
        for (const question of questions) {
          const line = await compiledLine(question, compiled);
          if (line === undefined || line.validUntil === null) continue;
          const last = { ...question, at: line.validUntil - 1 };
          expect([formatInstant(last.at), comparable(referencePrice(records, last))]).toEqual([
            formatInstant(last.at),
            comparable(line),
          ]);
        }
      }),
    );
  }, 60_000);

  it("shows tiers whose first quantity has the tier's price", async () => {
    await fc.assert(
      fc.asyncProperty(asked, async ([records, questions]) => {
        const compiled = compileInMemory(records);
        for (const question of questions) {
          const line = await compiledLine(question, compiled);
          if (line === undefined || "unavailable" in line || hasAverages(records)) continue;
          for (const { from, above, unitPrice } of line.tiers) {
            if (above === true || from === "0") continue;
            const answer = referencePrice(records, { ...question, quantity: from });
            // The first quantity may be one that is not sold: a tier can begin between two multiples.
            if ("unavailable" in answer && ["below_minimum", "not_a_multiple"].includes(answer.unavailable))
              continue;
            expect({ question, from, unitPrice: "unitPrice" in answer ? answer.unitPrice : answer }).toEqual({
              question,
              from,
              unitPrice,
            });
          }
        }
      }),
    );
  }, 60_000);

  it("says nothing to one customer of another's own prices", async () => {
    await fc.assert(
      fc.asyncProperty(asked, async ([records, questions]) => {
        for (const question of questions.slice(0, 5)) {
          const relatives = new Set([question.customer]);
          for (const record of records) {
            if (record.type === "customer" && record.id === question.customer && record.parent !== undefined)
              return;
          }
          const without = records.filter(
            (record) =>
              record.type !== "price" || record.customer === undefined || relatives.has(record.customer),
          );
          const [with_, other] = [compileInMemory(records), compileInMemory(without)];
          const lines = [await compiledLine(question, other), await compiledLine(question, with_)];
          const [told, toldWith] = lines.map((line) => JSON.stringify([line, comparable(line)]));
          expect(told).toBe(toldWith);
        }
      }),
    );
  }, 60_000);
});
