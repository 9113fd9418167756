import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { Question } from "../../shared/pricing/question.ts";
import { parseScenarios, type Scenario } from "./scenario.ts";

const folder = join(import.meta.dirname, "../scenarios");

/** All scenarios, by file: those of the plain policy, and `presets/` with a file for each ERP. */
export const scenarioFiles: readonly (readonly [file: string, scenarios: readonly Scenario[]])[] =
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".txt"))
    .toSorted()
    .map((name) => [name, parseScenarios(readFileSync(join(folder, name), "utf8"))]);

/** What an evaluator says, in the words of the scenarios; `until` only if it can tell. */
export type Told =
  | { readonly unavailable: string }
  | {
      readonly unitPrice: string;
      readonly per: string;
      readonly total: string;
      readonly because: readonly string[];
      readonly until?: string;
    };

/** Asks all of a scenario's questions, and expects its answers as far as it gives them. */
export async function expectAnswers(
  file: string,
  scenario: Scenario,
  evaluate: (question: Question) => Promise<Told>,
): Promise<void> {
  expect(scenario.questions.length).toBeGreaterThan(0);
  for (const { line, question, expected } of scenario.questions) {
    const told: Readonly<Record<string, unknown>> = await evaluate(question);
    const wanted = Object.entries(expected).filter(([key]) => key !== "until" || "until" in told);
    const keys = "unavailable" in told ? ["unavailable"] : wanted.map(([key]) => key);
    const shown = Object.fromEntries(keys.map((key) => [key, told[key]]));
    const at = `${file}:${line}`;
    expect({ at, ...shown }).toEqual({ at, ...Object.fromEntries(wanted) });
  }
}
