import { describe, it } from "vitest";
import type { Question } from "../../shared/pricing/question.ts";
import type { PricingRecord } from "../../shared/pricing/records.ts";
import { referencePrice } from "../../shared/pricing/reference/reference-price.ts";
import { priceLines } from "../../shared/snapshot/price-lines.ts";
import { compileInMemory } from "../support/compile-in-memory.ts";
import { formatInstant } from "../support/format-instant.ts";
import { expectAnswers, scenarioFiles, type Told } from "../support/scenario-files.ts";

function byReference(records: readonly PricingRecord[], question: Question): Promise<Told> {
  const answer = referencePrice(records, question);
  if ("unavailable" in answer) return Promise.resolve(answer);
  const { unitPrice, per, lineTotal: total, explanation } = answer;
  return Promise.resolve({
    unitPrice,
    per,
    total,
    because: explanation.flatMap(({ record }) => record ?? []),
  });
}

async function byCompiledForm(records: readonly PricingRecord[], question: Question): Promise<Told> {
  const { manifest, reader } = compileInMemory(records);
  const { customer, channel, currency, at, sku, quantity, unit } = question;
  const lines = [{ sku, quantity, unit }];
  const answer = await priceLines({ customer, channel, currency, at, lines }, manifest, reader);
  if (answer.kind !== "answered") return { unavailable: answer.kind };
  const [line] = answer.lines;
  if (line === undefined || "unavailable" in line) return { unavailable: line?.unavailable ?? "no line" };
  const { unitPrice, per, lineTotal: total, validUntil } = line;
  const until = validUntil === null ? "ever" : formatInstant(validUntil);
  return { unitPrice, per, total, because: line.explain().flatMap(({ record }) => record ?? []), until };
}

describe.each([
  ["the reference evaluator", byReference],
  ["the compiled form", byCompiledForm],
] as const)("%s", (_name, evaluate) => {
  describe.each(scenarioFiles)("%s", (file, scenarios) => {
    it.each(scenarios.map((scenario) => [scenario.title, scenario] as const))(
      "%s",
      async (_title, scenario) => {
        await expectAnswers(file, scenario, (question) => evaluate(scenario.records, question));
      },
    );
  });
});
