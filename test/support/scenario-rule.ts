import type { Bound, Change, Effect, EffectInput, Rule } from "../../shared/pricing/records.ts";
import { whatOf, whoOf } from "./scenario-scopes.ts";
import { oneOf, type Words } from "./scenario-words.ts";

/** The rule that the words after `rule` say. */
export function parseRule(words: Words): Rule {
  const id = words.next();
  const effect = parseEffect(words);
  const margin = words.option("margin") ? percentOrAmount(words, "percent", "amount") : undefined;
  const given = words.options({
    rank: 1,
    list: 1,
    for: 1,
    about: 1,
    currency: 1,
    exclusive: 0,
    unsupported: 0,
    unit: 1,
    min: 1,
    max: 1,
    minamount: 1,
    maxamount: 1,
    from: 1,
    until: 1,
    type: 1,
    priority: 1,
    multiple: 0,
    onrate: 0,
    applied: 1,
  });
  return {
    type: "rule",
    id,
    rank: Number(given.rank ?? 0),
    list: given.list,
    who: whoOf(given.for),
    what: whatOf(given.about),
    unit: given.unit,
    minQuantity: given.min,
    maxQuantity: given.max,
    minAmount: given.minamount,
    maxAmount: given.maxamount,
    from: given.from,
    until: given.until,
    currency: given.currency,
    effect,
    exclusive: given.exclusive === undefined ? undefined : true,
    unsupported: given.unsupported,
    margin,
    conditionType: given.type,
    priority: given.priority === undefined ? undefined : Number(given.priority),
    applyMultiplePricingRules: given.multiple === undefined ? undefined : true,
    applyDiscountOnRate: given.onrate === undefined ? undefined : true,
    appliedOn:
      given.applied === undefined
        ? undefined
        : oneOf(given.applied, ["0_product_variant", "1_product", "2_product_category", "3_global"]),
  };
}

/** `off 5% on list round 0.05 half-up then -0.01 least 5.00 EUR most cost+10%` */
function parseEffect(words: Words): Effect {
  const change = parseChange(words);
  const on = words.option("on") ? { on: inputOf(words.next()) } : {};
  const round = words.option("round")
    ? {
        round: {
          to: words.next(),
          mode: oneOf(words.next(), ["half-up", "half-even", "down", "up"]),
          ...(words.option("then") ? { then: words.next() } : {}),
        },
      }
    : {};
  const min = words.option("least") ? { min: parseBound(words) } : {};
  const max = words.option("most") ? { max: parseBound(words) } : {};
  return { ...change, ...on, ...round, ...min, ...max };
}

function parseChange(words: Words): Change {
  const kind = words.next();
  switch (kind) {
    case "off":
      return percentOrAmount(words, "percentOff", "amountOff");
    case "markup":
      return percentOrAmount(words, "percentMarkup", "amountMarkup");
    case "sets":
      return {
        price: words.next(),
        currency: words.next(),
        ...(words.option("per") ? { per: words.next() } : {}),
      };
    case "formula":
      return { formula: words.next() };
    default:
      throw new SyntaxError(`'${kind}' is no effect: off, markup, sets or formula`);
  }
}

/** `5%`, or `1.00 EUR`. */
function percentOrAmount<Percent extends string, Amount extends string>(
  words: Words,
  percentName: Percent,
  amountName: Amount,
): { [Key in Percent]: string } | ({ [Key in Amount]: string } & { currency: string }) {
  const value = words.next();
  return (
    value.endsWith("%")
      ? { [percentName]: value.slice(0, -1) }
      : { [amountName]: value, currency: words.next() }
  ) as ReturnType<typeof percentOrAmount<Percent, Amount>>; // The names are the keys.
}

function inputOf(text: string): EffectInput {
  return text.startsWith("list:")
    ? { list: text.slice("list:".length) }
    : oneOf(text, ["price", "base", "list", "cost"]);
}

/** `5.00 EUR`, `cost+10%`, or `input+2.00 EUR`. */
function parseBound(words: Words): Bound {
  const text = words.next();
  if (text.startsWith("cost+")) return { marginOnCost: text.slice("cost+".length).replace(/%$/, "") };
  const currency = words.next();
  return text.startsWith("input+")
    ? { aboveInput: text.slice("input+".length), currency }
    : { amount: text, currency };
}
