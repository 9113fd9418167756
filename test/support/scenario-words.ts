/** A line's words, taken one after another. */
export class Words {
  readonly #words: string[];

  constructor(text: string) {
    this.#words = (text.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replace(/^"(.*)"$/, "$1"));
  }

  next(expected?: string): string {
    const word = this.#words.shift();
    if (word === undefined) throw new SyntaxError("the line ends too early");
    if (expected !== undefined && word !== expected) throw new SyntaxError(`'${expected}' is expected`);
    return word;
  }

  /** Takes the word if it comes next. */
  option(word: string): boolean {
    if (this.#words[0] !== word) return false;
    this.#words.shift();
    return true;
  }

  get isAtEnd(): boolean {
    return this.#words.length === 0;
  }

  rest(): string[] {
    return this.#words.splice(0);
  }

  /** All words that are left, as options with that many arguments, in any order. */
  options<Name extends string>(arity: Readonly<Record<Name, 0 | 1>>): { [Key in Name]?: string } {
    const found: { [Key in Name]?: string } = {};
    while (this.#words.length > 0) {
      const name = oneOf(this.next(), Object.keys(arity) as Name[]);
      found[name] = arity[name] === 0 ? name : this.next();
    }
    return found;
  }
}

/** The text as one of the values; else the scenario says something that there is not. */
export function oneOf<const Value extends string>(text: string, values: readonly Value[]): Value {
  const found = values.find((value) => value === text);
  if (found === undefined) throw new SyntaxError(`'${text}' is none of ${values.join(", ")}`);
  return found;
}
