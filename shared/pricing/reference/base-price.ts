import {
  add,
  compare,
  divide,
  hundred,
  multiply,
  one,
  parseDecimal,
  zero,
  type Fraction,
} from "../fraction.ts";
import { periodOf } from "../period.ts";
import type { Step, Unavailable } from "../question.ts";
import type { DecimalText, Price, Product } from "../records.ts";
import type { Case } from "./case.ts";
import type { Buyer } from "./customer.ts";
import { factorOf, isInBand } from "./quantity.ts";

/** A price on the way, by what one base unit costs. */
export interface Running {
  readonly each: Fraction;
  readonly per: DecimalText;
}

export interface Told {
  readonly step: Step["step"];
  readonly record?: string;
  readonly each: Fraction;
}

export interface Base extends Running {
  readonly allowDiscount: boolean;
  readonly told: readonly Told[];
}

/** 'The base price'. */
export function basePrice(
  asked: Case,
  buyer: Buyer,
  product: Product,
  quantity: Fraction,
): Base | Unavailable | undefined {
  const fitting = asked
    .all("price")
    .filter(
      (price) =>
        price.sku === product.id &&
        price.currency === asked.question.currency &&
        asked.isInForce(price) &&
        buyer.matches(price.who) &&
        isInBand(price, quantity, product),
    );
  let lowest: Base | undefined;
  for (const isOfSource of sourcesInOrder(asked, buyer)) {
    const [best] = fitting.filter(isOfSource).sort((a, b) => better(a, b, asked, product));
    if (best === undefined) continue;
    const found = net(best, asked, buyer, product);
    if ("unavailable" in found || asked.policy.choose === "first") return found;
    if (lowest === undefined || compare(found.each, lowest.each) < 0) lowest = found;
  }
  return lowest ?? fallback(asked, product);
}

function sourcesInOrder(asked: Case, buyer: Buyer): ((price: Price) => boolean)[] {
  return asked.policy.precedence.flatMap((scope) => {
    switch (scope) {
      case "customer":
        return buyer.accounts.map((account) => (price: Price) => price.customer === account);
      case "group":
        return buyer.groups.map((group) => (price: Price) => price.group === group);
      case "list":
        return buyer.lists
          .filter((list) => asked.isInForce(list))
          .map((list) => (price: Price) => price.list === list.id);
      case "everyone":
        return [({ customer, group, list }: Price) => (customer ?? group ?? list) === undefined];
    }
  });
}

/** The order within a source: the better price first. */
function better(a: Price, b: Price, asked: Case, product: Product): number {
  const unit = asked.question.unit ?? product.unit;
  const isAsked = (price: Price) => (price.unit ?? product.unit) === unit;
  if (isAsked(a) !== isAsked(b)) return isAsked(a) ? -1 : 1;
  const min = (price: Price) =>
    multiply(parseDecimal(price.minQuantity ?? "0"), factorOf(price.unit, product) ?? one);
  const byQuantity = compare(min(b), min(a));
  if (byQuantity !== 0) return byQuantity;
  const [first, second] = [a, b].map((price) => periodOf(price, asked.policy.timeZone));
  if (first === undefined || second === undefined) return 0;
  const [firstWidth, secondWidth] = [first.until - first.from, second.until - second.from];
  if (firstWidth !== secondWidth) return firstWidth < secondWidth ? -1 : 1;
  if (first.from !== second.from) return first.from > second.from ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}

function net(price: Price, asked: Case, buyer: Buyer, product: Product): Base | Unavailable {
  const { amount, per = "1", allowDiscount = true } = price;
  const each = divide(
    parseDecimal(amount),
    multiply(parseDecimal(per), factorOf(price.unit, product) ?? one),
  );
  const told: Told[] = [{ step: "price", record: `price/${price.id}`, each }];
  if (asked.find("priceList", price.list)?.taxIncluded !== true) return { each, per, allowDiscount, told };
  if (product.taxes === undefined) return { unavailable: "tax_unknown" };
  const percent = taxesOn(product.taxes, asked, buyer)
    .map((id) => asked.find("tax", id))
    .filter((tax) => tax !== undefined && asked.isInForce(tax))
    .reduce((sum, tax) => add(sum, parseDecimal(tax?.percent ?? "0")), zero);
  const without = divide(each, add(one, divide(percent, hundred)));
  return { each: without, per, allowDiscount, told: [...told, { step: "tax", each: without }] };
}

function taxesOn(taxes: readonly string[], asked: Case, buyer: Buyer): string[] {
  const rule = asked.find("taxRule", asked.find("customer", buyer.accounts[0])?.taxRule);
  const entries = rule?.replace ?? [];
  const replaced = taxes.map((tax) => {
    const entry = entries.find(({ from }) => from === tax);
    return entry === undefined ? tax : entry.to;
  });
  const added = entries.filter(({ from }) => from === undefined).map(({ to }) => to);
  return [...replaced, ...added].filter((tax) => tax !== undefined);
}

function fallback(asked: Case, product: Product): Base | undefined {
  const { listPrice } = product;
  if (asked.policy.fallback !== "listPrice" || listPrice?.currency !== asked.question.currency)
    return undefined;
  const { amount, per = "1" } = listPrice;
  const each = divide(parseDecimal(amount), parseDecimal(per));
  return {
    each,
    per,
    allowDiscount: true,
    told: [{ step: "listPrice", record: `product/${product.id}`, each }],
  };
}
