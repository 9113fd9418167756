import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decimal28, exact } from "../../shared/pricing/arithmetic.ts";
import { requireValues } from "../../shared/pricing/formula/constant-parts.ts";
import { evaluateFormula } from "../../shared/pricing/formula/evaluate.ts";
import { FormulaError } from "../../shared/pricing/formula/formula-error.ts";
import { charactersMax } from "../../shared/pricing/formula/limits.ts";
import { formulaNames, parseFormula } from "../../shared/pricing/formula/parse.ts";
import { compare, parseDecimal } from "../../shared/pricing/fraction.ts";
import { rule } from "../../shared/api/records/rule.ts";

const names = new Map([
  ["unit_price", parseDecimal("12.3456")],
  ["list_price", parseDecimal("99.99")],
  ["cost_price", parseDecimal("7.013")],
  ["parent_unit_price", parseDecimal("0")],
]);

const oracle = readFileSync(join(import.meta.dirname, "data/python-decimal.txt"), "utf8")
  .trimEnd()
  .split("\n")
  .map((line) => line.split("\t"));

function faultOf(formula: string): string | undefined {
  try {
    requireValues(parseFormula(formula));
  } catch (error) {
    if (error instanceof FormulaError) return error.fault;
    throw error;
  }
  return undefined;
}

describe("a formula: it promises that…", () => {
  it("its value is the one that Python's decimal gives, digit for digit", () => {
    expect(oracle).toHaveLength(1000);
    for (const [text = "", result = ""] of oracle) {
      const value = evaluateFormula(parseFormula(text), names, decimal28);
      const isSame =
        value === undefined
          ? result === "error"
          : result !== "error" && compare(value, parseDecimal(result)) === 0;
      expect({ text, result, isSame }).toEqual({ text, result, isSame: true });
    }
  });

  it("exact arithmetic rounds nothing", () => {
    const third = evaluateFormula(parseFormula("unit_price / 3 * 3 - unit_price"), names, exact);
    expect(third?.numerator).toBe(0n);
  });

  it.each([
    ["", "no_formula"],
    ["   ", "no_formula"],
    ["unit_price *", "no_formula"],
    ["(unit_price", "no_formula"],
    ["unit_price)", "no_formula"],
    ["unit_price unit_price", "no_formula"],
    ["1 if 2", "no_formula"],
    ["a; b", "no_formula"],
    ["x = unit_price", "no_formula"],
    ["unit_price = 1", "no_formula"],
    ["unit_price # comment", "no_formula"],
    ["price", "unknown_name"],
    ["quantity", "unknown_name"],
    ["__import__('os').system('true')", "unknown_name"],
    ["unit_price.__class__", "no_formula"],
    ["unit_price.constructor", "no_formula"],
    ["constructor", "unknown_name"],
    ["unit_price.quantize(0.01, 2)", "no_formula"],
    ["[1]", "no_formula"],
    ["lambda: 1", "no_formula"],
    ["'12'", "no_formula"],
    ["Decimal('NaN')", "no_formula"],
    ["Decimal('Infinity')", "no_formula"],
    ["Decimal('-Infinity')", "no_formula"],
    ["Decimal()", "no_formula"],
    ["nan", "unknown_name"],
    ["1e21", "number_out_of_range"],
    ["1e-99999999999", "number_out_of_range"],
    [`0.${"1".repeat(31)}`, "number_out_of_range"],
    ["9".repeat(31), "number_out_of_range"],
    [`unit_price${" ".repeat(charactersMax)}`, "too_long"],
    [`${"(".repeat(33)}1${")".repeat(33)}`, "too_complex"],
    [`${"-".repeat(40)}1`, "too_complex"],
    [`${"not ".repeat(40)}1`, "too_complex"],
    [`${"2**".repeat(40)}2`, "too_complex"],
    [`${"1 if 1 else ".repeat(40)}1`, "too_complex"],
    [Array(150).fill("1").join("+"), "too_complex"],
    ["9**9**9", "no_value"],
    ["unit_price + 1 / 0", "no_value"],
    ["unit_price * (2 % (1 - 1))", "no_value"],
    ["0 ** -1", "no_value"],
    ["2 ** 0.5", "no_value"],
    ["(0 - 1).sqrt()", "no_value"],
    ["1 < 2 < 'a'", "no_formula"],
    ["unit_price\u00a0* 2", "no_formula"],
    ["unit_price × 2", "no_formula"],
    ["min()", "no_formula"],
    ["round(1, 2, 3)", "no_formula"],
  ])("%s is refused as %s where it is taken in", (formula, fault) => {
    expect(faultOf(formula)).toBe(fault);
    const found = rule.shape.effect.safeParse({ formula });
    expect(found.error?.issues.map((issue) => "params" in issue && issue.params)).toEqual([
      { code: "unsupported_formula" },
    ]);
  });

  it("what has no value for a product is no price, and takes bounded work", () => {
    for (const text of [
      "unit_price / parent_unit_price",
      "unit_price % parent_unit_price",
      "unit_price ** (unit_price * 1e18)",
      "((((unit_price ** 64) ** 64) ** 64) ** 64) ** 64",
      "unit_price > cost_price",
      "not unit_price",
      "(parent_unit_price - unit_price).sqrt()",
      "(unit_price * 1e20 * 1e20).quantize(Decimal('0.01'))",
    ]) {
      for (const arithmetic of [exact, decimal28]) {
        expect([text, evaluateFormula(parseFormula(text), names, arithmetic)]).toEqual([text, undefined]);
      }
    }
  });

  it("any text is parsed or refused, and what is parsed has a value or none", () => {
    const parts = [
      ...formulaNames,
      "+",
      "-",
      "*",
      "/",
      "//",
      "%",
      "**",
      "(",
      ")",
      "if",
      "else",
      "and",
      "or",
      "not",
    ];
    const more = [
      "<",
      ">=",
      "==",
      "1",
      "0",
      "2.5",
      ".",
      ",",
      "min",
      "max",
      ".quantize(Decimal('0.1'))",
      "Decimal('2')",
    ];
    const text = fc.oneof(
      fc.array(fc.constantFrom(...parts, ...more), { maxLength: 40 }).map((words) => words.join(" ")),
      fc.string({ maxLength: 60, unit: "binary" }),
    );
    fc.assert(
      fc.property(text, (formula) => {
        try {
          const parsed = parseFormula(formula);
          requireValues(parsed);
          const value = evaluateFormula(parsed, names, exact);
          expect(value === undefined || value.denominator > 0n).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(FormulaError);
        }
      }),
      { numRuns: 5_000 },
    );
  });
});
