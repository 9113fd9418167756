import { charactersMax, digitsMax, exponentMax } from "./limits.ts";
import { FormulaError } from "./formula-error.ts";

export interface Token {
  readonly kind: "number" | "name" | "text" | "sign" | "end";
  readonly text: string;
  /** Where it begins in the formula, from 0. */
  readonly at: number;
}

// Sticky, and without nested repetition, so that each character is looked at once.
const number = /(?:[0-9][0-9_]*(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?/y;
const name = /[A-Za-z_][A-Za-z0-9_]*/y;
const quoted = /'[^'\\\n]*'|"[^"\\\n]*"/y;
const sign = /\*\*|\/\/|<=|>=|==|!=|[-+*/%()<>,.]/y;
const blank = /[ \t\r\n]+/y;

/** @throws {FormulaError} when the text has something that no formula has */
export function tokensOf(formula: string): Token[] {
  if (formula.length > charactersMax) {
    throw new FormulaError("too_long", `A formula has at most ${charactersMax} characters`, 0);
  }
  const tokens: Token[] = [];
  let at = 0;
  while (at < formula.length) {
    const found = tokenAt(formula, at);
    if (found.kind !== "blank") tokens.push({ kind: found.kind, text: found.text, at });
    at += found.text.length;
  }
  tokens.push({ kind: "end", text: "", at });
  return tokens;
}

function tokenAt(formula: string, at: number): { kind: Token["kind"] | "blank"; text: string } {
  const blanks = match(blank, formula, at);
  if (blanks !== undefined) return { kind: "blank", text: blanks };
  // A number comes before a sign, since `.5` begins like one; after a value the point belongs to a method.
  const digits = /[0-9.]/.test(formula[at] ?? "") ? match(number, formula, at) : undefined;
  if (digits !== undefined) return { kind: "number", text: checkedNumber(digits, at) };
  const word = match(name, formula, at);
  if (word !== undefined) return { kind: "name", text: word };
  const text = match(quoted, formula, at);
  if (text !== undefined) return { kind: "text", text };
  const operator = match(sign, formula, at);
  if (operator !== undefined) return { kind: "sign", text: operator };
  throw new FormulaError("no_formula", `No formula has '${formula[at] ?? ""}' there`, at);
}

function match(pattern: RegExp, formula: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(formula)?.[0];
}

/** The text of a number whose size is within bounds. */
export function checkedNumber(text: string, at: number): string {
  const [digits = "", exponent = "0"] = text.split(/[eE]/);
  if (digits.replace(/[._]/g, "").length > digitsMax) {
    throw new FormulaError("number_out_of_range", `A number has at most ${digitsMax} digits`, at);
  }
  if (exponent.length > 4 || Math.abs(Number(exponent)) > exponentMax) {
    throw new FormulaError("number_out_of_range", `An exponent is at most ${exponentMax}`, at);
  }
  return text;
}
