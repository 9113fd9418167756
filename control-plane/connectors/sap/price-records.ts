import type { Price } from "../../../shared/pricing/records.ts";
import { Fault, unlessZero } from "../cell.ts";
import { isScale, type Bands } from "./bands.ts";
import type { Condition } from "./condition.ts";
import { recordId } from "./ids.ts";
import type { SapOptions } from "./options.ts";
import { unitOf, whoOf, type KeyScope } from "./scope.ts";

/** A condition of the base price, as one price a line of its scale. */
export function priceRecords(
  condition: Condition,
  scope: KeyScope,
  bands: Bands,
  options: SapOptions,
): readonly Price[] | Fault {
  const { sku } = scope;
  if (sku === undefined) return new Fault("price_without_material", "A price needs a material in its key");
  const fault = priceFault(condition, scope, bands, options);
  if (fault !== undefined) return fault;
  const unit = condition.quantityUnit === "" ? undefined : unitOf(condition.quantityUnit, options);
  return bands.bands.map(({ rate }, index): Price => ({
    type: "price",
    id: recordId(condition, index + 1),
    ...ownerOf(scope),
    sku,
    currency: condition.rateUnit,
    amount: rate,
    per: condition.quantity === "1" ? undefined : condition.quantity,
    unit,
    ...quantityBand(bands, index),
    from: condition.from,
    until: condition.until,
    allowDiscount:
      condition.exclusion === "X" && options.exclusionIndicator === "respected" ? false : undefined,
  }));
}

function priceFault(
  condition: Condition,
  scope: KeyScope,
  bands: Bands,
  options: SapOptions,
): Fault | undefined {
  if (scope.customer !== undefined && scope.list !== undefined) {
    return new Fault("key_combination_unsupported", "A price is for a customer or a list, not for both");
  }
  if (scope.category !== undefined || scope.materialAttributes !== undefined) {
    return new Fault("key_combination_unsupported", "A price is for a material, not for a group of them too");
  }
  if (scope.currency !== undefined && scope.currency !== condition.rateUnit) {
    return new Fault("key_currency_differs", "The price is in another currency than its documents");
  }
  if (scope.unit !== undefined && scope.unit !== unitOf(condition.quantityUnit, options)) {
    return new Fault("key_unit_differs", "The price is in another unit than its order lines");
  }
  if (bands.basis === "value") return new Fault("value_scale_on_price", "A price can't depend on the value");
  const { unit } = condition.scale;
  if (isScale(bands) && unit !== "" && unit !== condition.quantityUnit) {
    return new Fault("scale_unit_differs", "The scale counts in another unit than the price");
  }
  return undefined;
}

/** A price has one scope; what else must match narrows it. */
function ownerOf({ customer, list, group, channels, customerAttributes }: KeyScope) {
  const scope = customer !== undefined ? { customer } : list !== undefined ? { list } : { group };
  const groups = group === undefined || "group" in scope ? undefined : [group];
  return { ...scope, who: whoOf({ groups, channels, attributes: customerAttributes }) };
}

/**
 * Of prices `to` a quantity all with a larger end fit too: among prices alike in all else the smaller id is
 * chosen, and theirs count from the smallest end. A graduated price begins where the one before it ends.
 */
function quantityBand({ shape, bands }: Bands, index: number) {
  const bound = bands[index]?.bound;
  switch (shape) {
    case "from":
      return { minQuantity: bound === undefined ? undefined : unlessZero(bound) };
    case "to":
      return { maxQuantity: bound };
    case "graduated":
      return { minQuantity: bands[index - 1]?.bound, graduated: true };
  }
}
