import type { Attributes, Effect, PricingRecord, Scope, What, Who } from "../../shared/pricing/records.ts";
import { oneOf, Words } from "./scenario-words.ts";

const dates = { from: 1, until: 1 } as const;
const band = { unit: 1, min: 1, max: 1 } as const;

/** The record that a scenario's line means. */
export function parseRecord(content: string): PricingRecord {
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
