import { parseInstant } from "../../shared/pricing/instant.ts";
import type { Question } from "../../shared/pricing/question.ts";
import type { Attributes, Effect, PricingRecord, Scope, What, Who } from "../../shared/pricing/records.ts";

/**
 * Scenarios are plain text, for people who know prices: a title after `##`, records one a line, then questions with
 * their answers. `test/scenarios/README.md` has the words. A `#` begins a comment.
 */
export interface Scenario {
  readonly title: string;
  readonly line: number;
  readonly records: readonly PricingRecord[];
  /** What was there once, so that other records could refer to it. */
  readonly deleted: readonly PricingRecord[];
  readonly questions: readonly AskedQuestion[];
}

export interface AskedQuestion {
  readonly line: number;
  readonly question: Question;
  readonly expected: Expected;
}

/** What the text says of an answer; what it leaves out is not compared. */
export type Expected =
  | { readonly unavailable: string }
  | {
      readonly unitPrice: string;
      readonly per?: string;
      readonly total?: string;
      readonly because?: readonly string[];
      readonly until?: string;
    };

const defaultInstant = "2026-06-15T12:00:00Z";
const defaultCurrency = "EUR";

/** A scenario that is still being read. */
interface OpenScenario extends Scenario {
  readonly records: PricingRecord[];
  readonly deleted: PricingRecord[];
  readonly questions: AskedQuestion[];
}

export function parseScenarios(text: string): Scenario[] {
  const scenarios: OpenScenario[] = [];
  for (const [index, whole] of text.split("\n").entries()) {
    const line = index + 1;
    if (whole.startsWith("## ")) {
      scenarios.push({ title: whole.slice(3).trim(), line, records: [], deleted: [], questions: [] });
      continue;
    }
    const content = whole.replace(/(^|\s)#.*$/, "").trim();
    if (content === "") continue;
    const scenario = scenarios.at(-1);
    if (scenario === undefined)
      throw new SyntaxError(`line ${line}: a scenario begins with '## ' and its title`);
    try {
      if (content.startsWith("buy ")) scenario.questions.push({ line, ...parseQuestion(content) });
      else if (content.startsWith("deleted "))
        scenario.deleted.push(parseRecord(content.slice("deleted ".length)));
      else scenario.records.push(parseRecord(content));
    } catch (error) {
      throw new SyntaxError(`line ${line}: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    }
  }
  return scenarios;
}

function parseQuestion(content: string): Omit<AskedQuestion, "line"> {
  const [asked = "", answer] = content.split("->").map((part) => part.trim());
  if (answer === undefined) throw new SyntaxError("a question needs '->' and its answer");
  const words = new Words(asked);
  words.next("buy");
  const [customer, sku, quantity] = [words.next(), words.next(), words.next()];
  const { unit, in: currency, at, via } = words.options({ unit: 1, in: 1, at: 1, via: 1 });
  const instant = parseInstant(at ?? defaultInstant);
  if (instant === undefined) throw new SyntaxError(`${at} is no instant`);
  return {
    question: {
      customer,
      sku,
      quantity,
      unit,
      currency: currency ?? defaultCurrency,
      at: instant,
      channel: via,
    },
    expected: parseExpected(answer),
  };
}

function parseExpected(text: string): Expected {
  const words = new Words(text);
  const first = words.next();
  if (/^[a-z_]+$/.test(first)) return { unavailable: first };
  const { per, total, because, until } = words.options({ per: 1, total: 1, because: 1, until: 1 });
  return {
    unitPrice: first,
    ...(per === undefined ? {} : { per }),
    ...(total === undefined ? {} : { total }),
    ...(because === undefined ? {} : { because: because.split(",") }),
    ...(until === undefined ? {} : { until }),
  };
}

const dates = { from: 1, until: 1 } as const;
const band = { unit: 1, min: 1, max: 1 } as const;

function parseRecord(content: string): PricingRecord {
  const words = new Words(content);
  const type = words.next();
  switch (type) {
    case "category": {
      const id = words.next();
      return { type, id, parent: words.options({ in: 1 }).in };
    }
    case "product": {
      const id = words.next();
      const listPrice = words.option("costs")
        ? {
            amount: words.next(),
            currency: words.next(),
            per: words.option("per") ? words.next() : undefined,
          }
        : undefined;
      const given = words.options({
        in: 1,
        brand: 1,
        unit: 1,
        units: 1,
        min: 1,
        multiple: 1,
        discontinued: 0,
        taxes: 1,
        untaxed: 0,
        with: 1,
      });
      return {
        type,
        id,
        name: id,
        category: given.in,
        brand: given.brand,
        unit: given.unit ?? "EA",
        units: given.units?.split(",").map((pair) => {
          const [unit = "", factor = ""] = pair.split("=");
          return { unit, factor };
        }),
        listPrice,
        minQuantity: given.min,
        multiple: given.multiple,
        status: given.discontinued === undefined ? "active" : "discontinued",
        taxes: given.untaxed === undefined ? given.taxes?.split(",") : [],
        attributes: attributesOf(given.with),
      };
    }
    case "group": {
      const id = words.next();
      const { in: parent, lists, with: has } = words.options({ in: 1, lists: 1, with: 1 });
      return { type: "customerGroup", id, parent, lists: lists?.split(","), attributes: attributesOf(has) };
    }
    case "customer": {
      const id = words.next();
      const given = words.options({
        groups: 1,
        lists: 1,
        under: 1,
        currency: 1,
        taxrule: 1,
        blocked: 0,
        with: 1,
      });
      return {
        type,
        id,
        name: id,
        groups: given.groups?.split(","),
        lists: given.lists?.split(","),
        parent: given.under,
        currency: given.currency,
        taxRule: given.taxrule,
        status: given.blocked === undefined ? "active" : "blocked",
        attributes: attributesOf(given.with),
      };
    }
    case "list": {
      const [id, currency] = [words.next(), words.next()];
      const { in: parent, gross, for: who, ...period } = words.options({ in: 1, gross: 0, for: 1, ...dates });
      return {
        type: "priceList",
        id,
        currency,
        parent,
        taxIncluded: gross === undefined ? undefined : true,
        who: whoOf(who),
        ...period,
      };
    }
    case "price": {
      const [id, sku, amount, currency] = [words.next(), words.next(), words.next(), words.next()];
      const given = words.options({
        list: 1,
        customer: 1,
        group: 1,
        per: 1,
        fixed: 0,
        for: 1,
        ...band,
        ...dates,
      });
      const { min, max, fixed, for: who, ...rest } = given;
      return {
        type,
        id,
        sku,
        amount,
        currency,
        ...rest,
        minQuantity: min,
        maxQuantity: max,
        allowDiscount: fixed === undefined ? undefined : false,
        who: whoOf(who),
      };
    }
    case "rule": {
      const id = words.next();
      const effect = parseEffect(words);
      const given = words.options({
        rank: 1,
        list: 1,
        for: 1,
        about: 1,
        currency: 1,
        exclusive: 0,
        ...band,
        ...dates,
      });
      const { rank, min, max, exclusive, for: who, about, ...rest } = given;
      return {
        type,
        id,
        rank: Number(rank ?? 0),
        ...rest,
        minQuantity: min,
        maxQuantity: max,
        effect,
        exclusive: exclusive === undefined ? undefined : true,
        who: whoOf(who),
        what: whatOf(about),
      };
    }
    case "tax": {
      const [id, percent] = [words.next(), words.next()];
      return { type, id, percent, ...words.options(dates) };
    }
    case "taxrule": {
      const id = words.next();
      const replace = words.rest().map((pair) => {
        const [from = "", to = ""] = pair.split(">");
        return { ...(from === "" ? {} : { from }), ...(to === "" ? {} : { to }) };
      });
      return { type: "taxRule", id, replace };
    }
    case "policy": {
      const given = words.options({
        zone: 1,
        precedence: 1,
        choose: 1,
        fallback: 1,
        rules: 1,
        places: 1,
        mode: 1,
        line: 1,
      });
      const mode = oneOf(given.mode ?? "half-up", ["half-up", "half-even", "down", "up"]);
      return {
        type,
        id: "default",
        timeZone: given.zone,
        precedence: given.precedence
          ?.split(",")
          .map((scope): Scope => oneOf(scope, ["customer", "group", "list", "everyone"])),
        choose: given.choose === undefined ? undefined : oneOf(given.choose, ["first", "lowest"] as const),
        fallback:
          given.fallback === undefined ? undefined : oneOf(given.fallback, ["listPrice", "none"] as const),
        rules:
          given.rules === undefined ? undefined : oneOf(given.rules, ["first", "best", "stack"] as const),
        rounding: {
          unitPrice: given.places === undefined ? undefined : { places: Number(given.places), mode },
          line:
            given.line === undefined
              ? undefined
              : { mode: oneOf(given.line, ["half-up", "half-even", "down", "up"]) },
        },
      };
    }
    default:
      throw new SyntaxError(`'${type}' is no kind of record`);
  }
}

function parseEffect(words: Words): Effect {
  const kind = words.next();
  const amount = words.next();
  switch (kind) {
    case "off":
      return amount.endsWith("%")
        ? { percentOff: amount.slice(0, -1) }
        : { amountOff: amount, currency: words.next() };
    case "markup":
      return { percentMarkup: amount.replace(/%$/, "") };
    case "sets":
      return {
        price: amount,
        currency: words.next(),
        ...(words.option("per") ? { per: words.next() } : {}),
      };
    default:
      throw new SyntaxError(`'${kind}' is no effect: off, markup or sets`);
  }
}

function whoOf(text: string | undefined): Who | undefined {
  if (text === undefined) return undefined;
  const { customers, groups, channels, ...others } = scopeOf(text, ["customers", "groups", "channels"]);
  return { customers, groups, channels, attributes: others.attributes };
}

function whatOf(text: string | undefined): What | undefined {
  if (text === undefined) return undefined;
  const { skus, categories, brands, ...others } = scopeOf(text, ["skus", "categories", "brands"]);
  return { skus, categories, brands, attributes: others.attributes };
}

/** `groups:gold+silver,region=north`: keys that must all match, values of which one must. */
function scopeOf<Key extends string>(
  text: string,
  keys: readonly Key[],
): { [K in Key]?: string[] } & { attributes?: Attributes } {
  const scope: { [K in Key]?: string[] } = {};
  const attributes: string[] = [];
  for (const part of text.split(",")) {
    const [name = "", values] = part.split(":");
    if (values === undefined) attributes.push(part);
    else scope[oneOf(name, keys)] = values.split("+");
  }
  const found = attributesOf(attributes.length === 0 ? undefined : attributes.join(","));
  return { ...scope, ...(found === undefined ? {} : { attributes: found }) };
}

function attributesOf(text: string | undefined): Attributes | undefined {
  if (text === undefined) return undefined;
  return Object.fromEntries(
    text.split(",").map((pair) => {
      const [key = "", values = ""] = pair.split("=");
      return [key, values.split("+")];
    }),
  );
}

function oneOf<Value extends string>(text: string, values: readonly Value[]): Value {
  const found = values.find((value) => value === text);
  if (found === undefined) throw new SyntaxError(`'${text}' is none of ${values.join(", ")}`);
  return found;
}

/** A line's words, taken one after another. */
class Words {
  readonly #words: string[];

  constructor(text: string) {
    this.#words = text.split(/\s+/);
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
