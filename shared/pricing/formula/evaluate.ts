import { toDigits, type Arithmetic } from "../arithmetic.ts";
import { compare, isNegative, one, powerOfTen, zero, type Fraction } from "../fraction.ts";
import { roundToInteger } from "../rounding.ts";
import { bitsMax, digitsMax, powerMax } from "./limits.ts";
import type { BinaryOperator, Comparison, Formula, FormulaName, FunctionName, Node } from "./parse.ts";

type Value = Fraction | boolean;

/**
 * The formula's value, or undefined where it has none: a division by zero, a name without a value, a truth
 * instead of a number, a number beyond all bounds. The work is bounded by the formula's size.
 */
export function evaluateFormula(
  formula: Formula,
  names: ReadonlyMap<string, Fraction>,
  arithmetic: Arithmetic,
): Fraction | undefined {
  try {
    const value = valueOf(formula.root, { names, arithmetic });
    return typeof value === "boolean" ? undefined : value;
  } catch (error) {
    if (error instanceof NoValue) return undefined;
    throw error;
  }
}

/** Ends an evaluation that has no value; it never leaves this file. */
class NoValue extends Error {}

interface Context {
  readonly names: ReadonlyMap<string, Fraction>;
  readonly arithmetic: Arithmetic;
}

function valueOf(node: Node, context: Context): Value {
  switch (node.kind) {
    case "number":
      return node.value;
    case "name":
      return named(node.name, context);
    case "negate":
      return bounded(context.arithmetic.subtract(zero, numberOf(node.of, context)));
    case "plus":
      return bounded(context.arithmetic.add(zero, numberOf(node.of, context)));
    case "not":
      return !isTrue(valueOf(node.of, context));
    case "binary":
      return binary(node.operator, numberOf(node.left, context), numberOf(node.right, context), context);
    case "compare":
      return comparison(node.first, node.links, context);
    case "and": {
      const left = valueOf(node.left, context);
      return isTrue(left) ? valueOf(node.right, context) : left;
    }
    case "or": {
      const left = valueOf(node.left, context);
      return isTrue(left) ? left : valueOf(node.right, context);
    }
    case "choose":
      return valueOf(isTrue(valueOf(node.condition, context)) ? node.chosen : node.otherwise, context);
    case "call":
      return call(node.function, node.arguments, context);
  }
}

function named(name: FormulaName, { names }: Context): Fraction {
  const value = names.get(name);
  if (value === undefined) throw new NoValue();
  return value;
}

/** A number; a truth counts as 1 or 0, as in Python. */
function numberOf(node: Node, context: Context): Fraction {
  const value = valueOf(node, context);
  return typeof value === "boolean" ? (value ? one : zero) : value;
}

function isTrue(value: Value): boolean {
  return typeof value === "boolean" ? value : value.numerator !== 0n;
}

function comparison(
  first: Node,
  links: readonly { readonly operator: Comparison; readonly right: Node }[],
  context: Context,
): boolean {
  let left = numberOf(first, context);
  for (const { operator, right: node } of links) {
    const right = numberOf(node, context);
    if (!holds(operator, compare(left, right))) return false;
    left = right;
  }
  return true;
}

function holds(operator: Comparison, order: number): boolean {
  switch (operator) {
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
    case "==":
      return order === 0;
    case "!=":
      return order !== 0;
  }
}

function binary(
  operator: BinaryOperator,
  left: Fraction,
  right: Fraction,
  { arithmetic }: Context,
): Fraction {
  switch (operator) {
    case "+":
      return bounded(arithmetic.add(left, right));
    case "-":
      return bounded(arithmetic.subtract(left, right));
    case "*":
      return bounded(arithmetic.multiply(left, right));
    case "/":
      return bounded(arithmetic.divide(left, nonZero(right)));
    case "//":
      return wholes(left, nonZero(right));
    case "%":
      return bounded(arithmetic.subtract(left, multiplyExactly(wholes(left, nonZero(right)), right)));
    case "**":
      return power(left, right, arithmetic);
  }
}

/** How many whole times the divisor goes into the dividend, towards zero. */
function wholes(dividend: Fraction, divisor: Fraction): Fraction {
  const numerator = dividend.numerator * divisor.denominator;
  const denominator = dividend.denominator * divisor.numerator;
  const quotient = numerator / denominator;
  // As in Python, where such a quotient would not be exact.
  if (magnitude(quotient).toString().length > digitsMax - 2) throw new NoValue();
  return { numerator: quotient, denominator: 1n };
}

function multiplyExactly(a: Fraction, b: Fraction): Fraction {
  return { numerator: a.numerator * b.numerator, denominator: a.denominator * b.denominator };
}

function power(base: Fraction, exponent: Fraction, arithmetic: Arithmetic): Fraction {
  if (exponent.numerator % exponent.denominator !== 0n) throw new NoValue();
  const whole = exponent.numerator / exponent.denominator;
  if (magnitude(whole) > BigInt(powerMax) || (base.numerator === 0n && whole <= 0n)) throw new NoValue();
  const raised = {
    numerator: base.numerator ** magnitude(whole),
    denominator: base.denominator ** magnitude(whole),
  };
  // The exact power, rounded once.
  return bounded(whole < 0n ? arithmetic.divide(one, raised) : arithmetic.multiply(raised, one));
}

function call(name: FunctionName, nodes: readonly Node[], context: Context): Fraction {
  const [first = zero, ...more] = nodes.map((node) => numberOf(node, context));
  const { arithmetic } = context;
  switch (name) {
    case "min":
      return more.reduce((least, value) => (compare(value, least) < 0 ? value : least), first);
    case "max":
      return more.reduce((most, value) => (compare(value, most) > 0 ? value : most), first);
    case "abs":
      return isNegative(first) ? arithmetic.subtract(zero, first) : first;
    case "round":
      return toPlaces(first, wholeNumber(more[0] ?? zero));
    case "quantize":
      return toPlaces(first, placesOf(nodes[1]));
    case "sqrt":
      return squareRoot(first);
  }
}

/** How many places a value is to have: those of the number that stands there, with its zeros. */
function placesOf(node: Node | undefined): number {
  if (node?.kind !== "number") throw new NoValue();
  return node.places;
}

function wholeNumber(value: Fraction): number {
  const whole = value.numerator / value.denominator;
  if (value.numerator % value.denominator !== 0n || magnitude(whole) > BigInt(digitsMax)) throw new NoValue();
  return Number(whole);
}

function toPlaces(value: Fraction, places: number): Fraction {
  const scale = powerOfTen(Math.abs(places));
  const scaled =
    places >= 0
      ? { numerator: value.numerator * scale, denominator: value.denominator }
      : { numerator: value.numerator, denominator: value.denominator * scale };
  const whole = roundToInteger(scaled, "half-even");
  // As in Python, where no result has more digits.
  if (magnitude(whole).toString().length > digitsMax - 2) throw new NoValue();
  return places >= 0
    ? { numerator: whole, denominator: scale }
    : { numerator: whole * scale, denominator: 1n };
}

const rootPlaces = 60;

function squareRoot(value: Fraction): Fraction {
  if (isNegative(value)) throw new NoValue();
  const scale = powerOfTen(2 * rootPlaces);
  const scaled = (value.numerator * scale) / value.denominator;
  const exactSquare = (value.numerator * scale) % value.denominator === 0n;
  const root = integerRoot(scaled);
  // A last digit stands for what was cut off, so that rounding does not take it for a tie.
  const rest = exactSquare && root * root === scaled ? 0n : 1n;
  return toDigits({ numerator: root * 10n + rest, denominator: powerOfTen(rootPlaces + 1) });
}

/** The largest integer whose square is not above the value: Newton's method. */
function integerRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let root = 1n << BigInt(Math.ceil(value.toString(2).length / 2));
  for (;;) {
    const next = (root + value / root) / 2n;
    if (next >= root) return root;
    root = next;
  }
}

function nonZero(value: Fraction): Fraction {
  if (value.numerator === 0n) throw new NoValue();
  return value;
}

const tooLarge = 1n << BigInt(bitsMax);

function bounded(value: Fraction): Fraction {
  if (magnitude(value.numerator) >= tooLarge || value.denominator >= tooLarge) throw new NoValue();
  return value;
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}
