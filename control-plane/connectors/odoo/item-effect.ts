import { add, divide, fractionText, hundred, parseDecimal } from "../../../shared/pricing/fraction.ts";
import type { Bound, Effect, EffectInput } from "../../../shared/pricing/records.ts";
import { Fault, isNegative, isZero, magnitude } from "../cell.ts";
import { unitOf, type Pricelist, type PricelistItem } from "./models.ts";

/**
 * What a line makes of its base: the base less a discount, then rounded, then plus a surcharge, then held within
 * margins over the base. A discount below zero is a markup.
 */
export function effectOf(item: PricelistItem, list: Pricelist, lineDiscounts: boolean): Effect | Fault {
  const currency = list.currency_id?.name;
  if (currency === undefined) return new Fault("missing_field", "The pricelist has no currency");
  switch (item.compute_price) {
    case "fixed":
      if (isZero(item.fixed_price)) return new Fault("zero_price", "The fixed price is zero");
      return { price: item.fixed_price, currency };
    case "percentage":
      return percentage(item, list, lineDiscounts);
    case "formula":
      return formula(item, currency);
    case undefined:
    default:
      return new Fault("unsupported_compute_price", `Lines computed by ${item.compute_price} are not known`);
  }
}

function percentage(item: PricelistItem, list: Pricelist, lineDiscounts: boolean): Effect | Fault {
  const on = inputOf(item);
  if (on instanceof Fault) return on;
  // Up to version 17 the pricelist decides whether a discount is shown or is part of the price.
  const isShown =
    list.discount_policy === undefined ? lineDiscounts : list.discount_policy === "without_discount";
  if (isShown || on !== "list" || isNegative(item.percent_price)) return change(item.percent_price, on);
  return { formula: less("list_price", item.percent_price) };
}

function formula(item: PricelistItem, currency: string): Effect | Fault {
  const on = inputOf(item);
  if (on instanceof Fault) return on;
  const discount = discountOf(item);
  if (isZero(item.price_round)) return unrounded(item, discount, on, currency);
  const bounds = {
    min: marginOf(item.price_min_margin, currency),
    max: marginOf(item.price_max_margin, currency),
  };
  // oxlint-disable-next-line unicorn/no-thenable -- The record's field is called so, and nobody awaits it.
  const surcharge = isZero(item.price_surcharge) ? {} : { then: item.price_surcharge };
  return {
    ...change(discount, on),
    round: { to: item.price_round, mode: "half-up", ...surcharge },
    ...bounds,
  };
}

/** Without rounding nothing adds the surcharge after the discount, so the whole becomes an expression. */
function unrounded(item: PricelistItem, discount: string, on: EffectInput, currency: string): Effect | Fault {
  const surcharge = item.price_surcharge;
  const base = on === "list" ? "list_price" : on === "cost" ? "cost_price" : undefined;
  const amounts = [surcharge, item.price_min_margin, item.price_max_margin];
  // Names in an expression are for the base unit, so a line's own unit leaves no room for amounts.
  if (base !== undefined && (unitOf(item) === undefined || amounts.every(isZero))) {
    const raised = isZero(surcharge)
      ? less(base, discount)
      : `${less(base, discount)} + ${operand(surcharge)}`;
    const least = isZero(item.price_min_margin)
      ? raised
      : `max(${raised}, ${base} + ${operand(item.price_min_margin)})`;
    const most = isZero(item.price_max_margin)
      ? least
      : `min(${least}, ${base} + ${operand(item.price_max_margin)})`;
    return { formula: most };
  }
  const bounds = {
    min: marginOf(item.price_min_margin, currency),
    max: marginOf(item.price_max_margin, currency),
  };
  if (isZero(surcharge)) return { ...change(discount, on), ...bounds };
  if (!isZero(discount))
    return new Fault(
      "surcharge_without_rounding",
      "A discount and a surcharge need a rounding between them here",
    );
  const amount = magnitude(surcharge);
  return isNegative(surcharge)
    ? { amountOff: amount, currency, on, ...bounds }
    : { amountMarkup: amount, currency, on, ...bounds };
}

function inputOf({ base, base_pricelist_id: other }: PricelistItem): EffectInput | Fault {
  switch (base) {
    case "list_price":
    case undefined:
      return "list";
    case "standard_price":
      return "cost";
    case "pricelist":
      // Without one, Odoo takes the sales price.
      return other === undefined ? "list" : { list: other.id };
    default:
      return new Fault("unsupported_base", `Lines based on ${base} are not known`);
  }
}

/** On cost, newer versions show a markup; where it is there it is the discount turned round. */
function discountOf({ base, price_discount: discount, price_markup: markup }: PricelistItem): string {
  if (base !== "standard_price" || isZero(markup)) return discount;
  return isNegative(markup) ? magnitude(markup) : `-${markup}`;
}

function change(discount: string, on: EffectInput) {
  return isNegative(discount) ? { percentMarkup: magnitude(discount), on } : { percentOff: discount, on };
}

function marginOf(margin: string, currency: string): Bound | undefined {
  return isZero(margin) ? undefined : { aboveInput: margin, currency };
}

/** The share of a base that a discount leaves, as an expression. */
function less(base: string, discount: string): string {
  const left = add(hundred, parseDecimal(isNegative(discount) ? magnitude(discount) : `-${discount}`));
  return `${base} * ${operand(fractionText(divide(left, hundred)))}`;
}

function operand(decimal: string): string {
  return isNegative(decimal) ? `(${decimal})` : decimal;
}
