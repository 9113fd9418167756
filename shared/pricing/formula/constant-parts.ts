import { exact } from "../arithmetic.ts";
import { evaluateFormula } from "./evaluate.ts";
import { FormulaError } from "./formula-error.ts";
import type { Formula, Node } from "./parse.ts";

/**
 * Refuses a formula with a part that can never have a value, whatever the product: `1 / 0`, `9 ** 9 ** 9`.
 * @throws {FormulaError}
 */
export function requireValues(formula: Formula): void {
  if (isConstant(formula.root)) requireValue(formula.root);
  else for (const child of childrenOf(formula.root)) requireValues({ ...formula, root: child });
}

function requireValue(root: Node): void {
  // A truth is a value within a condition; as a whole formula it is none.
  const whole: Node = { kind: "plus", of: root };
  if (evaluateFormula({ root: whole, names: new Set() }, new Map(), exact) !== undefined) return;
  throw new FormulaError("no_value", "A part of the formula has no value", 0);
}

function isConstant(node: Node): boolean {
  return node.kind !== "name" && childrenOf(node).every(isConstant);
}

function childrenOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case "number":
    case "name":
      return [];
    case "negate":
    case "plus":
    case "not":
      return [node.of];
    case "binary":
    case "and":
    case "or":
      return [node.left, node.right];
    case "compare":
      return [node.first, ...node.links.map(({ right }) => right)];
    case "choose":
      return [node.condition, node.chosen, node.otherwise];
    case "call":
      return node.arguments;
  }
}
