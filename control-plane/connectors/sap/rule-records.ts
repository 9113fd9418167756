import { divide, fractionText, parseDecimal } from "../../../shared/pricing/fraction.ts";
import type { Effect, Rule } from "../../../shared/pricing/records.ts";
import { Fault, isNegative, isZero, magnitude, unlessZero } from "../cell.ts";
import { isScale, type Band, type Bands } from "./bands.ts";
import type { Condition } from "./condition.ts";
import { recordId } from "./ids.ts";
import type { SapOptions } from "./options.ts";
import { unitOf, whatOf, whoOf, type KeyScope } from "./scope.ts";

/** A condition of a later step of the procedure, as one rule a line of its scale. */
export function ruleRecords(
  condition: Condition,
  scope: KeyScope,
  bands: Bands,
  options: SapOptions,
): readonly Rule[] | Fault {
  const access = accessOf(condition, options);
  if (access instanceof Fault) return access;
  if (bands.shape === "graduated") return new Fault("graduated_rule", "Only prices are graduated");
  const unit = ruleUnit(condition, scope, bands);
  if (unit instanceof Fault) return unit;
  const currency = ruleCurrency(condition, scope, bands);
  if (currency instanceof Fault) return currency;
  const rules: Rule[] = [];
  for (const [index, band] of bands.bands.entries()) {
    const effect = effectOf(condition, band, options);
    if (effect instanceof Fault) return effect;
    rules.push({
      type: "rule",
      id: recordId(condition, index + 1),
      rank: rankOf(options.steps[condition.key.type] ?? 0, access, index),
      list: scope.list,
      who: whoOf({
        customers: listed(scope.customer),
        groups: listed(scope.group),
        channels: scope.channels,
        attributes: scope.customerAttributes,
      }),
      what: whatOf({
        skus: listed(scope.sku),
        categories: listed(scope.category),
        attributes: scope.materialAttributes,
      }),
      unit: unit === "" ? undefined : unitOf(unit, options),
      ...boundsOf(bands, band),
      from: condition.from,
      until: condition.until,
      currency,
      effect,
      exclusive: condition.exclusion === "X" && options.exclusionIndicator === "respected" ? true : undefined,
      conditionType: condition.key.type,
    });
  }
  return rules;
}

/**
 * Steps first; of one condition type then the tables in the order of its access sequence, and of one table the
 * lines of the scale in the order of `Bands`, since the `sap` preset keeps the first rule that matches.
 */
function rankOf(step: number, access: number, line: number): number {
  return step * 1_000_000 + access * 10_000 + line;
}

function accessOf({ key }: Condition, { accesses }: SapOptions): number | Fault {
  const tables = Object.hasOwn(accesses, key.type) ? accesses[key.type] : undefined;
  const access = tables === undefined ? 0 : tables.indexOf(key.table);
  if (access >= 0) return access;
  return new Fault("table_undeclared", `The access sequence of ${key.type} doesn't name table ${key.table}`);
}

function ruleUnit(condition: Condition, scope: KeyScope, bands: Bands): string | Fault {
  const isPercentage = condition.calculationType === "A";
  const scaleUnit = isScale(bands) && bands.basis === "quantity" ? condition.scale.unit : "";
  if (scope.unit !== undefined) {
    return new Fault("key_field_unsupported", "A rule is not kept to the unit of the order line");
  }
  if (isPercentage) return scaleUnit;
  if (scaleUnit === "" || scaleUnit === condition.quantityUnit) return condition.quantityUnit;
  return new Fault("scale_unit_differs", "The scale counts in another unit than the amount");
}

function ruleCurrency(condition: Condition, scope: KeyScope, bands: Bands): string | undefined | Fault {
  const hasValues = bands.basis === "value";
  const scaleCurrency = hasValues ? condition.scale.currency : "";
  if (hasValues && scaleCurrency === "") {
    return new Fault("missing_field", "A scale of values needs its currency");
  }
  if (scope.currency === undefined) return scaleCurrency === "" ? undefined : scaleCurrency;
  if (scaleCurrency === "" || scaleCurrency === scope.currency) return scope.currency;
  return new Fault("key_currency_differs", "The scale is in another currency than its documents");
}

function effectOf(condition: Condition, { rate }: Band, options: SapOptions): Effect | Fault {
  const { key, rateUnit: currency, quantity } = condition;
  if (condition.calculationType === "A") {
    const on = options.onBase.includes(key.type) ? "base" : undefined;
    return isNegative(rate) || isZero(rate)
      ? { percentOff: magnitude(rate), on }
      : { percentMarkup: rate, on };
  }
  if (options.prices.includes(key.type)) {
    return { price: rate, currency, per: quantity === "1" ? undefined : quantity };
  }
  const amount = fractionText(divide(parseDecimal(magnitude(rate)), parseDecimal(quantity ?? "1")));
  if (amount.includes("/")) {
    return new Fault("amount_not_exact", `${rate} for ${quantity} is no decimal amount for one`);
  }
  return isNegative(rate) || isZero(rate)
    ? { amountOff: amount, currency }
    : { amountMarkup: amount, currency };
}

function boundsOf({ basis, shape }: Bands, { bound }: Band) {
  if (bound === undefined) return {};
  if (basis === "value") return shape === "to" ? { maxAmount: bound } : { minAmount: bound };
  return shape === "to" ? { maxQuantity: bound } : { minQuantity: unlessZero(bound) };
}

function listed(id: string | undefined): readonly string[] | undefined {
  return id === undefined ? undefined : [id];
}
