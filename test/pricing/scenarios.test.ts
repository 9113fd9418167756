import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { PricingRecord } from "../../shared/pricing/records.ts";
import type { Question } from "../../shared/pricing/question.ts";
import { referencePrice } from "../../shared/pricing/reference/reference-price.ts";
import { priceLines } from "../../shared/snapshot/price-lines.ts";
import { compileInMemory } from "../support/compile-in-memory.ts";
import { formatInstant } from "../support/format-instant.ts";
import { parseScenarios, type Expected } from "../support/scenario.ts";

const folder = join(import.meta.dirname, "../scenarios");
const files = readdirSync(folder).filter((name) => name.endsWith(".txt"));

/** What an evaluator says, in the words of the scenarios. */
type Told = { unavailable: string } | Required<Exclude<Expected, { unavailable: string }>>;

function byReference(records: readonly PricingRecord[], question: Question): Promise<Omit<Told, "until">> {
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

async function byEdge(records: readonly PricingRecord[], question: Question): Promise<Told> {
  const { manifest, reader } = compileInMemory(records);
  const { customer, channel, currency, at, sku, quantity, unit } = question;
  const lines = [{ sku, quantity, unit }];
  const answer = await priceLines({ customer, channel, currency, at, lines }, manifest, reader);
  if (answer.kind !== "answered") return { unavailable: answer.kind };
  const [line] = answer.lines;
  if (line === undefined || "unavailable" in line) return { unavailable: line?.unavailable ?? "no line" };
  const { unitPrice, per, lineTotal: total, explanation, validUntil } = line;
  const until = validUntil === null ? "ever" : formatInstant(validUntil).replace(".000Z", "Z");
  return { unitPrice, per, total, because: explanation.flatMap(({ record }) => record ?? []), until };
}

const evaluators = [
  ["the reference evaluator", byReference],
  ["the compiled form", byEdge],
] as const;

describe.each(evaluators)("%s", (name, evaluate) => {
  describe.each(files)("%s", (file) => {
    const scenarios = parseScenarios(readFileSync(join(folder, file), "utf8"));
    it.each(scenarios.map((scenario) => [scenario.title, scenario] as const))(
      "%s",
      async (_title, scenario) => {
        expect(scenario.questions.length).toBeGreaterThan(0);
        for (const { line, question, expected } of scenario.questions) {
          const told: Record<string, unknown> = await evaluate(scenario.records, question);
          // `until` is the compiled form's to say.
          const compared = Object.keys(expected).filter(
            (key) => key !== "until" || name === "the compiled form",
          );
          const shown = Object.fromEntries(
            ("unavailable" in told ? ["unavailable"] : compared).map((key) => [key, told[key]]),
          );
          const wanted = Object.fromEntries(
            Object.entries(expected).filter(([key]) => compared.includes(key)),
          );
          expect({ at: `${file}:${line}`, ...shown }).toEqual({ at: `${file}:${line}`, ...wanted });
        }
      },
    );
  });
});
