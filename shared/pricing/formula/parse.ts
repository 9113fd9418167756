import { multiply, parseDecimal, divide, powerOfTen, type Fraction } from "../fraction.ts";
import { FormulaError } from "./formula-error.ts";
import { depthMax, nodesMax } from "./limits.ts";
import { checkedNumber, tokensOf, type Token } from "./tokens.ts";

/** An expression of the subset of Python that price formulas are written in; ../README.md says what it means. */
export interface Formula {
  readonly root: Node;
  /** The names that stand in it. */
  readonly names: ReadonlySet<FormulaName>;
}

export const formulaNames = ["unit_price", "list_price", "cost_price", "parent_unit_price"] as const;
export type FormulaName = (typeof formulaNames)[number];

export type BinaryOperator = "+" | "-" | "*" | "/" | "//" | "%" | "**";
export type Comparison = "<" | "<=" | ">" | ">=" | "==" | "!=";
export type FunctionName = "min" | "max" | "abs" | "round" | "quantize" | "sqrt";

export type Node =
  | { readonly kind: "number"; readonly value: Fraction; readonly places: number }
  | { readonly kind: "name"; readonly name: FormulaName }
  | { readonly kind: "negate"; readonly of: Node }
  | { readonly kind: "plus"; readonly of: Node }
  | { readonly kind: "not"; readonly of: Node }
  | {
      readonly kind: "binary";
      readonly operator: BinaryOperator;
      readonly left: Node;
      readonly right: Node;
    }
  | {
      readonly kind: "compare";
      readonly first: Node;
      readonly links: readonly { readonly operator: Comparison; readonly right: Node }[];
    }
  | { readonly kind: "and" | "or"; readonly left: Node; readonly right: Node }
  | { readonly kind: "choose"; readonly condition: Node; readonly chosen: Node; readonly otherwise: Node }
  | { readonly kind: "call"; readonly function: FunctionName; readonly arguments: readonly Node[] };

/** @throws {FormulaError} for anything that is no formula, says more than the limits allow, or names what there is not */
export function parseFormula(text: string): Formula {
  const parser = new Parser(tokensOf(text));
  const root = parser.whole();
  return { root, names: parser.names };
}

const functions: Readonly<
  Record<string, { readonly name: FunctionName; readonly least: number; readonly most: number }>
> = {
  min: { name: "min", least: 2, most: 10 },
  max: { name: "max", least: 2, most: 10 },
  abs: { name: "abs", least: 1, most: 1 },
  round: { name: "round", least: 1, most: 2 },
};

// Of a value: `x.quantize(y)`; the value itself is the first argument.
const methods: Readonly<
  Record<string, { readonly name: FunctionName; readonly least: number; readonly most: number }>
> = {
  quantize: { name: "quantize", least: 2, most: 2 },
  min: { name: "min", least: 2, most: 2 },
  max: { name: "max", least: 2, most: 2 },
  sqrt: { name: "sqrt", least: 1, most: 1 },
};

const comparisons: ReadonlySet<string> = new Set(["<", "<=", ">", ">=", "==", "!="]);
const words: ReadonlySet<string> = new Set(["if", "else", "and", "or", "not"]);

/** Recursive descent, a method a level of precedence, from `if` down to a power. */
class Parser {
  readonly names = new Set<FormulaName>();
  readonly #tokens: readonly Token[];
  #next = 0;
  #nodes = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): Node {
    const root = this.#choice();
    const left = this.#peek();
    if (left.kind !== "end") throw this.#unexpected(left);
    return root;
  }

  #choice(): Node {
    return this.#deeper(() => {
      const chosen = this.#or();
      if (!this.#take("if")) return chosen;
      const condition = this.#or();
      this.#expect("else");
      return this.#node({ kind: "choose", condition, chosen, otherwise: this.#choice() });
    });
  }

  #or(): Node {
    let left = this.#and();
    while (this.#take("or")) left = this.#node({ kind: "or", left, right: this.#and() });
    return left;
  }

  #and(): Node {
    let left = this.#not();
    while (this.#take("and")) left = this.#node({ kind: "and", left, right: this.#not() });
    return left;
  }

  #not(): Node {
    if (!this.#take("not")) return this.#comparison();
    return this.#deeper(() => this.#node({ kind: "not", of: this.#not() }));
  }

  #comparison(): Node {
    const first = this.#sum();
    const links: { operator: Comparison; right: Node }[] = [];
    while (this.#peek().kind === "sign" && comparisons.has(this.#peek().text)) {
      const operator = this.#advance().text as Comparison;
      links.push({ operator, right: this.#sum() });
    }
    return links.length === 0 ? first : this.#node({ kind: "compare", first, links });
  }

  #sum(): Node {
    return this.#binary(["+", "-"], () => this.#product());
  }

  #product(): Node {
    return this.#binary(["*", "/", "//", "%"], () => this.#signed());
  }

  #binary(operators: readonly BinaryOperator[], operand: () => Node): Node {
    let left = operand();
    for (;;) {
      const operator = operators.find((sign) => this.#take(sign));
      if (operator === undefined) return left;
      left = this.#node({ kind: "binary", operator, left, right: operand() });
    }
  }

  #signed(): Node {
    for (const [sign, kind] of [
      ["-", "negate"],
      ["+", "plus"],
    ] as const) {
      if (this.#take(sign)) return this.#deeper(() => this.#node({ kind, of: this.#signed() }));
    }
    return this.#power();
  }

  // Binds closer than a sign before it, not closer than one after it; and from the right.
  #power(): Node {
    const left = this.#postfix();
    if (!this.#take("**")) return left;
    return this.#deeper(() => this.#node({ kind: "binary", operator: "**", left, right: this.#signed() }));
  }

  #postfix(): Node {
    let value = this.#atom();
    while (this.#take(".")) {
      const token = this.#advance();
      const method =
        token.kind === "name" && Object.hasOwn(methods, token.text) ? methods[token.text] : undefined;
      if (method === undefined) throw this.#unexpected(token);
      value = this.#call(method, token, [value]);
    }
    return value;
  }

  #atom(): Node {
    const token = this.#advance();
    if (token.kind === "number") return this.#number(token);
    if (token.kind === "sign" && token.text === "(") {
      const inner = this.#choice();
      this.#expect(")");
      return inner;
    }
    if (token.kind !== "name" || words.has(token.text)) throw this.#unexpected(token);
    if (token.text === "Decimal") return this.#decimal();
    if (Object.hasOwn(functions, token.text)) {
      const found = functions[token.text];
      if (found !== undefined) return this.#call(found, token, []);
    }
    const name = formulaNames.find((known) => known === token.text);
    if (name === undefined) {
      throw new FormulaError(
        "unknown_name",
        `'${token.text}' is none of ${formulaNames.join(", ")}`,
        token.at,
      );
    }
    this.names.add(name);
    return this.#node({ kind: "name", name });
  }

  #call(
    { name, least, most }: { readonly name: FunctionName; readonly least: number; readonly most: number },
    token: Token,
    given: readonly Node[],
  ): Node {
    this.#expect("(");
    const values = [...given];
    if (!this.#take(")")) {
      do values.push(this.#choice());
      while (this.#take(","));
      this.#expect(")");
    }
    if (values.length < least || values.length > most) {
      throw new FormulaError("no_formula", `'${token.text}' has another number of values`, token.at);
    }
    return this.#node({ kind: "call", function: name, arguments: values });
  }

  /** `Decimal('1.50')`, or `Decimal(1.50)`, which means the same here. */
  #decimal(): Node {
    this.#expect("(");
    const token = this.#advance();
    const text = token.kind === "text" ? token.text.slice(1, -1).trim() : token.text;
    if (
      token.kind !== "number" &&
      !/^[+-]?(?:[0-9][0-9_]*\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/.test(text)
    ) {
      throw this.#unexpected(token);
    }
    const node = this.#number({ kind: "number", text: checkedNumber(text, token.at), at: token.at });
    this.#expect(")");
    return node;
  }

  #number({ text }: Token): Node {
    const [digits = "", exponent = "0"] = text.replaceAll("_", "").replace(/^\+/, "").split(/[eE]/);
    const [whole = "", decimals = ""] = digits.split(".");
    const scale = Number(exponent);
    const plain = parseDecimal(
      `${whole === "" || whole === "-" ? `${whole}0` : whole}${decimals === "" ? "" : `.${decimals}`}`,
    );
    const power: Fraction = { numerator: powerOfTen(Math.abs(scale)), denominator: 1n };
    const value = scale >= 0 ? multiply(plain, power) : divide(plain, power);
    return this.#node({ kind: "number", value, places: decimals.length - scale });
  }

  #node(node: Node): Node {
    this.#nodes++;
    if (this.#nodes > nodesMax) {
      throw new FormulaError("too_complex", `A formula has at most ${nodesMax} parts`, this.#peek().at);
    }
    return node;
  }

  #deeper(parse: () => Node): Node {
    this.#depth++;
    if (this.#depth > depthMax) {
      throw new FormulaError("too_complex", `A formula is at most ${depthMax} levels deep`, this.#peek().at);
    }
    const node = parse();
    this.#depth--;
    return node;
  }

  #peek(): Token {
    return this.#tokens[this.#next] ?? { kind: "end", text: "", at: 0 };
  }

  #advance(): Token {
    const token = this.#peek();
    this.#next++;
    return token;
  }

  /** Takes a sign or a word if it comes next. */
  #take(text: string): boolean {
    const token = this.#peek();
    if (token.text !== text || token.kind === "text" || token.kind === "end") return false;
    this.#next++;
    return true;
  }

  #expect(text: string): void {
    if (!this.#take(text)) throw this.#unexpected(this.#peek(), text);
  }

  #unexpected(token: Token, wanted?: string): FormulaError {
    const found = token.kind === "end" ? "The formula ends too early" : `'${token.text}' can't stand there`;
    return new FormulaError(
      "no_formula",
      wanted === undefined ? found : `${found}, '${wanted}' is expected`,
      token.at,
    );
  }
}
