import type { AppliedOn, Rule } from "../../../shared/pricing/records.ts";
import { Fault, unlessZero } from "../cell.ts";
import type { Made } from "../made.ts";
import type { Row } from "../rows.ts";
import { effectOf } from "./item-effect.ts";
import { unitOf, type Pricelist, type PricelistItem } from "./models.ts";
import type { Skus } from "./skus.ts";
import type { Units } from "./units.ts";

export interface RuleSetting {
  readonly skus: Skus;
  readonly units: Units;
  readonly lists: ReadonlyMap<string, Pricelist>;
  /** Whether sales show discounts on their lines, which then round before the discount is taken. */
  readonly lineDiscounts: boolean;
}

/** The rule of a line of a pricelist, or why there is none. */
export function ruleOf({ source, value: item }: Row<PricelistItem>, setting: RuleSetting): readonly Made[] {
  const found = tryRuleOf(item, setting);
  const problemOf = ({ code, message }: Fault) => ({ source, code, message });
  if (found instanceof Fault) return [problemOf(found)];
  const { record, fault } = found;
  return [{ source, record }, ...(fault === undefined ? [] : [problemOf(fault)])];
}

interface FoundRule {
  readonly record: Rule | { readonly type: "rule"; readonly id: string; readonly op: "delete" };
  /** What of the line could not be told: it keeps its place, so that no other line stands in for it. */
  readonly fault?: Fault;
}

function tryRuleOf(item: PricelistItem, setting: RuleSetting): FoundRule | Fault {
  const list = item.pricelist_id === undefined ? undefined : setting.lists.get(item.pricelist_id.id);
  if (list === undefined)
    return new Fault("unknown_price_list", "The line's pricelist is not in the payload");
  if (!item.active || !list.active) return { record: { type: "rule", id: item.id, op: "delete" } };
  const about = aboutOf(item, setting.skus);
  if (about instanceof Fault) return about;
  const uom = unitOf(item);
  const unit = uom === undefined ? undefined : setting.units.nameOf(uom.id);
  if (uom !== undefined && unit === undefined)
    return new Fault("unknown_unit", "The line's unit of measure is not in the payload");
  const effect = effectOf(item, list, setting.lineDiscounts);
  const fault = effect instanceof Fault ? effect : undefined;
  const record: Rule = {
    type: "rule",
    id: item.id,
    // Of lines that are otherwise alike the newest counts, which has the largest number.
    rank: -Number(item.id),
    list: list.id,
    ...about,
    unit,
    minQuantity: unlessZero(item.min_quantity),
    from: item.date_start,
    until: item.date_end === undefined ? undefined : secondAfter(item.date_end),
    ...(effect instanceof Fault ? { effect: { percentOff: "0" }, unsupported: effect.message } : { effect }),
  };
  return { record, ...(fault === undefined ? {} : { fault }) };
}

/** What a line is about. A line for a template names the SKUs of all its variants. */
function aboutOf(item: PricelistItem, skus: Skus): { appliedOn: AppliedOn; what?: Rule["what"] } | Fault {
  switch (item.applied_on) {
    case "3_global":
      return { appliedOn: "3_global" };
    case "2_product_category":
      if (item.categ_id === undefined) return new Fault("missing_field", "The line names no category");
      return { appliedOn: "2_product_category", what: { categories: [item.categ_id.id] } };
    case "1_product": {
      const variants = item.product_tmpl_id === undefined ? [] : skus.ofTemplate(item.product_tmpl_id.id);
      if (variants.length === 0) return new Fault("unknown_product", "The line's product has no known SKU");
      return { appliedOn: "1_product", what: { skus: variants } };
    }
    case "0_product_variant": {
      const sku = item.product_id === undefined ? undefined : skus.ofProduct(item.product_id.id);
      if (sku === undefined) return new Fault("unknown_product", "The line's variant has no known SKU");
      return { appliedOn: "0_product_variant", what: { skus: [sku] } };
    }
    case undefined:
    default:
      return new Fault("unsupported_applied_on", `Lines applied on ${item.applied_on} are not known`);
  }
}

/** An end is inclusive in Odoo, to the second, and exclusive here. */
function secondAfter(instant: string): string {
  return new Date(Date.parse(instant) + 1000).toISOString().replace(".000Z", "Z");
}
