import type { Company } from "./company.ts";
import type { Formula } from "./formula/parse.ts";
import { parseDecimal, type Fraction } from "./fraction.ts";
import { periodOf, type Period } from "./period.ts";
import type { UnitWorth } from "./product-units.ts";
import { bandOf, type QuantityBand } from "./quantity-band.ts";
import type { Product, Rule } from "./records.ts";

/** A rule that is for the customer and about the product, ready to be matched and applied. */
export interface ApplicableRule {
  readonly rule: Rule;
  /** What steps call it. */
  readonly record: string;
  readonly period: Period;
  readonly listPeriod: Period | undefined;
  /** In base units. */
  readonly band: QuantityBand;
  /** The unit that the band counts in. */
  readonly counted: UnitWorth;
  /** Of the goods value; undefined without bounds. */
  readonly amounts: { readonly min: Fraction | undefined; readonly max: Fraction | undefined } | undefined;
  /** Of the unit that its amounts are for. */
  readonly worth: UnitWorth;
  readonly formula: Formula | undefined;
  /** The list whose parent a formula asks, and lists named as inputs. */
  readonly listsAsked: readonly string[];
  readonly parentList: string | undefined;
}

/** The rule for one product in one currency, or undefined when it can never match there. */
export function applicableRule(
  rule: Rule,
  record: string,
  about: {
    readonly company: Company;
    readonly product: Product;
    readonly currency: string;
    readonly units: ReadonlyMap<string, UnitWorth>;
  },
): ApplicableRule | undefined {
  const { company, product, currency, units } = about;
  const { policy } = company;
  const list = rule.list === undefined ? undefined : company.lists.get(rule.list);
  if (rule.list !== undefined && list === undefined) return undefined;
  if (rule.currency !== undefined && rule.currency !== currency) return undefined;
  if (policy.convert !== "inputs" && currenciesOfEffect(rule).some((other) => other !== currency))
    return undefined;
  const worth = units.get(rule.unit ?? product.unit);
  const counted =
    policy.ruleUnits === "list"
      ? units.get(list?.unit === "product_sale" ? (product.saleUnit ?? product.unit) : product.unit)
      : worth;
  if (worth === undefined || counted === undefined) return undefined;
  const formula = company.formulas.get(rule);
  const parentList = formula?.names.has("parent_unit_price") === true ? list?.parent : undefined;
  const input = "on" in rule.effect ? rule.effect.on : undefined;
  return {
    rule,
    record,
    period: periodOf(rule, policy.timeZone),
    listPeriod: list?.period,
    band: bandOf(rule, counted.worth),
    counted,
    amounts:
      rule.minAmount === undefined && rule.maxAmount === undefined
        ? undefined
        : {
            min: rule.minAmount === undefined ? undefined : parseDecimal(rule.minAmount),
            max: rule.maxAmount === undefined ? undefined : parseDecimal(rule.maxAmount),
          },
    worth,
    formula,
    listsAsked: [
      ...(parentList === undefined ? [] : [parentList]),
      ...(typeof input === "object" ? [input.list] : []),
    ],
    parentList,
  };
}

/** The currencies of the amounts that stand in a rule's effect. */
export function currenciesOfEffect({ effect, margin }: Rule): readonly string[] {
  const currencies: string[] = [];
  for (const part of [effect, margin, effect.min, effect.max]) {
    if (part !== undefined && "currency" in part) currencies.push(part.currency);
  }
  return currencies;
}

/** Whether the rule makes a price of its own, and so applies without a base price. */
export function makesPrice({ effect }: Rule): boolean {
  if ("price" in effect) return true;
  const on = "on" in effect ? effect.on : undefined;
  return on !== undefined && on !== "price" && on !== "base";
}
