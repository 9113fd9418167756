import type { Effect, Rule, What, Who } from "../../../shared/pricing/records.ts";
import { Fault } from "../cell.ts";
import type { Made } from "../made.ts";
import type { Row } from "../rows.ts";
import { salesPartnerAttribute, territoryAttribute } from "./customers.ts";
import type { PricingRule } from "./doctypes.ts";
import type { PriceLists } from "./item-prices.ts";
import type { Skus } from "./items.ts";
import { refusalOf } from "./rule-refusals.ts";

/** The rules of a pricing rule: one for each unit of measure that its rows name. */
export function pricingRuleRecords(
  { source, value: rule }: Row<PricingRule>,
  skus: Skus,
  lists: PriceLists,
  company: string,
): readonly Made[] {
  const { for_price_list: list } = rule;
  // What is disabled, for purchases or another company's is no rule for customers of this one.
  if (rule.disable || !rule.selling || (rule.company !== undefined && rule.company !== company)) return [];
  if (list !== undefined && lists.isUnused(list)) return [];
  const refuse = ({ code, message }: Fault) => [{ source, code, message }];
  const refusal = refusalOf(rule);
  if (refusal !== undefined) return refuse(refusal);
  if (list !== undefined && !lists.isUsable(list))
    return refuse(new Fault("unknown_price_list", `The price list ${list} is not there, or was refused`));
  const effect = effectOf(rule);
  if (effect instanceof Fault) return refuse(effect);
  const who = whoOf(rule);
  if (who instanceof Fault) return refuse(who);
  const margin = marginOf(rule);
  if (margin instanceof Fault) return refuse(margin);
  const abouts = aboutOf(rule, skus);
  if (abouts instanceof Fault) return refuse(abouts);
  const common = {
    type: "rule",
    rank: 0,
    list,
    who,
    minQuantity: rule.min_qty,
    maxQuantity: rule.max_qty,
    minAmount: rule.min_amt,
    maxAmount: rule.max_amt,
    currency: rule.min_amt === undefined && rule.max_amt === undefined ? undefined : rule.currency,
    from: rule.valid_from,
    until: rule.valid_upto,
    effect,
    margin,
    priority: rule.priority === undefined || /^0*$/.test(rule.priority) ? undefined : Number(rule.priority),
    applyMultiplePricingRules: rule.apply_multiple_pricing_rules ? true : undefined,
    applyDiscountOnRate: rule.apply_discount_on_rate ? true : undefined,
  } as const;
  return abouts.map(({ unit, what }): Made => {
    const id = abouts.length === 1 || unit === undefined ? rule.name : `${rule.name}/${unit}`;
    const record: Rule = { ...common, id, unit, what };
    return { source, record };
  });
}

function effectOf(rule: PricingRule): Effect | Fault {
  const { currency } = rule;
  if (currency === undefined) return new Fault("missing_field", "The rule has no currency");
  switch (rule.rate_or_discount) {
    case "Rate":
      if (rule.rate === undefined) return new Fault("zero_price", "The rule's rate is zero");
      return { price: rule.rate, currency };
    case "Discount Percentage":
      return { percentOff: rule.discount_percentage ?? "0" };
    case "Discount Amount":
      return { amountOff: rule.discount_amount ?? "0", currency };
    case undefined:
    default:
      return new Fault("unsupported_rate_or_discount", `The rule sets ${rule.rate_or_discount ?? "nothing"}`);
  }
}

function marginOf({ margin_type: type, margin_rate_or_amount: margin, currency }: PricingRule) {
  if (margin === undefined || type === undefined) return undefined;
  if (type === "Percentage") return { percent: margin };
  if (type === "Amount" && currency !== undefined) return { amount: margin, currency };
  return new Fault("unsupported_margin", `Margins of the type ${type} are not known`);
}

function whoOf(rule: PricingRule): Who | undefined | Fault {
  const named = (value: string | undefined, who: (name: string) => Who) =>
    value === undefined ? new Fault("missing_field", `The rule names no ${rule.applicable_for}`) : who(value);
  switch (rule.applicable_for) {
    case undefined:
      return undefined;
    case "Customer":
      return named(rule.customer, (name) => ({ customers: [name] }));
    case "Customer Group":
      return named(rule.customer_group, (name) => ({ groups: [name] }));
    case "Territory":
      return named(rule.territory, (name) => ({ attributes: { [territoryAttribute]: name } }));
    case "Sales Partner":
      return named(rule.sales_partner, (name) => ({ attributes: { [salesPartnerAttribute]: name } }));
    default:
      return new Fault("unsupported_applicable_for", `Rules for a ${rule.applicable_for} are not known`);
  }
}

interface About {
  readonly unit: string | undefined;
  readonly what: What;
}

/** What the rule is about, by the unit of measure that a line must be in. */
function aboutOf(rule: PricingRule, skus: Skus): readonly About[] | Fault {
  switch (rule.apply_on) {
    case "Item Code": {
      const found = rule.items.flatMap(({ item_code: code, uom }) =>
        (code === undefined ? [] : skus.meantBy(code)).map(({ sku }) => ({ uom, id: sku })),
      );
      return (
        byUnit(found, (ids) => ({ skus: ids })) ?? new Fault("unknown_item", "The rule's items are not known")
      );
    }
    case "Item Group": {
      const found = rule.item_groups.flatMap(({ item_group: id, uom }) =>
        id === undefined ? [] : [{ uom, id }],
      );
      return byUnit(found, (ids) => ({ categories: ids })) ?? nothing;
    }
    case "Brand": {
      const found = rule.brands.flatMap(({ brand: id, uom }) => (id === undefined ? [] : [{ uom, id }]));
      return byUnit(found, (ids) => ({ brands: ids })) ?? nothing;
    }
    case undefined:
    default:
      return new Fault(
        "unsupported_apply_on",
        `Rules that apply on ${rule.apply_on ?? "nothing"} are not known`,
      );
  }
}

const nothing = new Fault("missing_field", "The rule names nothing that it applies to");

function byUnit(
  rows: readonly { readonly uom: string | undefined; readonly id: string }[],
  whatOf: (ids: readonly string[]) => What,
): readonly About[] | undefined {
  if (rows.length === 0) return undefined;
  return [...Map.groupBy(rows, ({ uom }) => uom)].map(([unit, same]) => ({
    unit,
    what: whatOf([...new Set(same.map(({ id }) => id))]),
  }));
}
