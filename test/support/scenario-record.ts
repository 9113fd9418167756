import type { PricingRecord } from "../../shared/pricing/records.ts";
import { parsePolicy } from "./scenario-policy.ts";
import { parseRule } from "./scenario-rule.ts";
import { attributesOf, whoOf } from "./scenario-scopes.ts";
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
      const cost = words.option("cost") ? { amount: words.next(), currency: words.next() } : undefined;
      const given = words.options({
        in: 1,
        categories: 1,
        sold: 1,
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
        categories: given.categories?.split(","),
        brand: given.brand,
        unit: given.unit ?? "EA",
        units: given.units?.split(",").map((pair) => {
          const [unit = "", worth = ""] = pair.split("=");
          const [factor = "", per] = worth.split("/");
          return { unit, factor, per };
        }),
        saleUnit: given.sold,
        listPrice,
        cost,
        minQuantity: given.min,
        multiple: given.multiple,
        status: given.discontinued === undefined ? "active" : "discontinued",
        taxes: given.untaxed === undefined ? given.taxes?.split(",") : [],
        attributes: attributesOf(given.with),
      };
    }
    case "group": {
      const id = words.next();
      const {
        in: parent,
        lists,
        with: has,
        nofallback,
      } = words.options({ in: 1, lists: 1, with: 1, nofallback: 0 });
      return {
        type: "customerGroup",
        id,
        parent,
        lists: lists?.split(","),
        listsFallback: nofallback === undefined ? undefined : false,
        attributes: attributesOf(has),
      };
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
        nofallback: 0,
        with: 1,
      });
      return {
        type,
        id,
        name: id,
        groups: given.groups?.split(","),
        lists: given.lists?.split(","),
        listsFallback: given.nofallback === undefined ? undefined : false,
        parent: given.under,
        currency: given.currency,
        taxRule: given.taxrule,
        status: given.blocked === undefined ? "active" : "blocked",
        attributes: attributesOf(given.with),
      };
    }
    case "list": {
      const [id, currency] = [words.next(), words.next()];
      const given = words.options({ in: 1, gross: 0, for: 1, kind: 1, nomerge: 0, counts: 1, ...dates });
      return {
        type: "priceList",
        id,
        currency,
        parent: given.in,
        taxIncluded: given.gross === undefined ? undefined : true,
        unit:
          given.counts === undefined
            ? undefined
            : oneOf(`product_${given.counts}`, ["product_default", "product_sale"]),
        kind: given.kind === undefined ? undefined : oneOf(given.kind, ["sale", "override"]),
        merge: given.nomerge === undefined ? undefined : false,
        who: whoOf(given.for),
        from: given.from,
        until: given.until,
      };
    }
    case "rate": {
      const [id, rate] = [words.next(), words.next()];
      return { type, id, rate, from: words.options({ from: 1 }).from ?? "1900-01-01" };
    }
    case "price": {
      const [id, sku, amount, currency] = [words.next(), words.next(), words.next(), words.next()];
      const given = words.options({
        list: 1,
        customer: 1,
        group: 1,
        per: 1,
        fixed: 0,
        graduated: 0,
        inherited: 0,
        for: 1,
        ...band,
        ...dates,
      });
      const { min, max, fixed, graduated, inherited, for: who, ...rest } = given;
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
        graduated: graduated === undefined ? undefined : true,
        inherited: inherited === undefined ? undefined : true,
        who: whoOf(who),
      };
    }
    case "rule":
      return parseRule(words);
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
    case "policy":
      return parsePolicy(words);
    default:
      throw new SyntaxError(`'${type}' is no kind of record`);
  }
}
