import { applicableRule, type ApplicableRule } from "./applicable-rule.ts";
import { candidateOf, candidatesBySource, type Candidate, type PriceSources } from "./candidate.ts";
import { fitsAlways } from "./base-price.ts";
import type { Company, ListInForce } from "./company.ts";
import { firstSource } from "./choose-price.ts";
import { ChosenPrices } from "./chosen-prices.ts";
import { minorUnitOf } from "./currency.ts";
import { zero } from "./fraction.ts";
import { unitsOf, type UnitWorth } from "./product-units.ts";
import type { Instant } from "./instant.ts";
import { noteEnds } from "./period.ts";
import { inOrder, type Quantity } from "./quantity-band.ts";
import type { Price, Product, Rule, TaxRule } from "./records.ts";
import { whatMatches } from "./scope.ts";
import { taxesFor } from "./tax.ts";

/** What a price depends on besides the product, its prices and the company. */
export interface Circumstances {
  readonly sources: PriceSources;
  /** The rules that are for the customer and about the product, in order, with the name that steps give them. */
  readonly rules: readonly NamedRule[];
  readonly taxRule: TaxRule | undefined;
  /** The customer's one list, where the policy gives it one. */
  readonly list: ListInForce | undefined;
  /** The currency that is asked for. */
  readonly currency: string;
  /** The product's prices of a list, whoever has it. */
  readonly pricesOfList: (list: string) => readonly Price[];
  /** Whether prices stay in that can never be chosen, as an explanation wants them. */
  readonly beaten: "kept" | "leftOut";
}

export interface NamedRule {
  readonly rule: Rule;
  readonly record: string;
}

/** All that may make the price of one product in one currency, with what can never fit left out. */
export interface Contenders extends Offers {
  readonly rules: readonly ApplicableRule[];
}

/** What there is before any rule: the same for all who have the same sources, tax rule and list. */
export interface Offers {
  readonly company: Company;
  readonly product: Product;
  /** In which prices are worked out. */
  readonly currency: string;
  /** In which they are asked for. */
  readonly askedCurrency: string;
  readonly minorUnit: number;
  readonly units: ReadonlyMap<string, UnitWorth>;
  readonly bySource: readonly (readonly Candidate[])[];
  /** Zero, and where one of the prices begins or ends to count; in order, each once. */
  readonly quantities: readonly Quantity[];
  /** Where one of the prices, their lists or taxes begins or ends to count; without infinite ones, in no order. */
  readonly instants: readonly Instant[];
  readonly chosen: ChosenPrices;
  /** Undefined when it isn't known which taxes stand on the product. */
  readonly taxes: readonly string[] | undefined;
  readonly list: ListInForce | undefined;
  /** What makes a list's own price; undefined when there is no such list, or it is being asked already. */
  ofList(id: string): Contenders | undefined;
}

export function contendersOf(
  product: Product,
  prices: readonly Price[],
  circumstances: Circumstances,
  company: Company,
): Contenders {
  return withRules(offersOf(product, prices, circumstances, company), circumstances.rules);
}

export function offersOf(
  product: Product,
  prices: readonly Price[],
  circumstances: Omit<Circumstances, "rules">,
  company: Company,
): Offers {
  const { sources, taxRule, list, currency: askedCurrency } = circumstances;
  const { policy } = company;
  const units = unitsOf(product);
  const currency =
    policy.convert === "result"
      ? (policy.currency ?? product.listPrice?.currency ?? askedCurrency)
      : askedCurrency;
  const shared = {
    company,
    product,
    currency,
    askedCurrency,
    minorUnit: minorUnitOf(askedCurrency),
    units,
    taxes:
      product.taxes === undefined
        ? undefined
        : taxesFor(product.taxes, policy.tax.mapped ? taxRule : undefined),
  };
  const isOfCurrency = (price: Price) => policy.convert === "inputs" || price.currency === currency;
  const counted = policy.currenciesApart ? prices.filter(isOfCurrency) : prices;
  // Where the first source that has a price decides, one with a price that always fits is the last to be asked.
  const isDecided = circumstances.beaten === "leftOut" && policy.choosePrice === firstSource;
  const bySource = candidatesBySource(
    counted,
    sources,
    company,
    units,
    product.unit,
    (candidates) => isDecided && candidates.some((candidate) => fitsAlways(candidate, policy)),
  );
  return {
    ...shared,
    bySource,
    quantities: quantitiesOf(bySource),
    instants: instantsOf(bySource, list, shared),
    chosen: new ChosenPrices(),
    list,
    ofList: listContenders(shared, circumstances.pricesOfList, isOfCurrency, []),
  };
}

export function withRules(offers: Offers, named: readonly NamedRule[]): Contenders {
  const rules: ApplicableRule[] = [];
  for (const { rule, record } of named) {
    const applicable = applicableRule(rule, record, offers);
    if (applicable !== undefined) rules.push(applicable);
  }
  return { ...offers, rules };
}

type Shared = Pick<
  Contenders,
  "company" | "product" | "currency" | "askedCurrency" | "minorUnit" | "units" | "taxes"
>;

function listContenders(
  shared: Shared,
  pricesOfList: Circumstances["pricesOfList"],
  isOfCurrency: (price: Price) => boolean,
  chain: readonly string[],
): Contenders["ofList"] {
  const known = new Map<string, Contenders | undefined>();
  const make = (id: string): Contenders | undefined => {
    const { company, product, units } = shared;
    const list = company.lists.get(id);
    if (list === undefined || chain.includes(id)) return undefined;
    const candidates = pricesOfList(id)
      .filter((price) => price.who === undefined && isOfCurrency(price))
      .flatMap((price) => candidateOf(price, company, units, product.unit) ?? []);
    const rules = (company.rulesOfList.get(id) ?? [])
      .filter((rule) => rule.who === undefined && whatMatches(rule.what, product, company.categories))
      .flatMap((rule) => applicableRule(rule, `rule/${rule.id}`, shared) ?? [])
      // Whether the list itself is in force is looked at where it is asked.
      .map((applicable) => ({ ...applicable, listPeriod: undefined }));
    const bySource = candidates.length === 0 ? [] : [candidates];
    return {
      ...shared,
      bySource,
      quantities: quantitiesOf(bySource),
      instants: instantsOf(bySource, list, shared),
      chosen: new ChosenPrices(),
      rules,
      list: { ...list, period: always },
      ofList: listContenders(shared, pricesOfList, isOfCurrency, [...chain, id]),
    };
  };
  return (id) => {
    if (!known.has(id)) known.set(id, make(id));
    return known.get(id);
  };
}

function quantitiesOf(bySource: readonly (readonly Candidate[])[]): readonly Quantity[] {
  const quantities: Quantity[] = [{ value: zero, above: false }];
  for (const candidates of bySource) {
    for (const { band } of candidates) {
      if (band.min !== undefined) quantities.push({ value: band.min, above: false });
      if (band.max !== undefined) quantities.push({ value: band.max, above: true });
    }
  }
  return inOrder(quantities);
}

function instantsOf(
  bySource: readonly (readonly Candidate[])[],
  list: ListInForce | undefined,
  { company, taxes }: Pick<Shared, "company" | "taxes">,
): readonly Instant[] {
  const instants: Instant[] = [];
  noteEnds(list === undefined ? undefined : company.lists.get(list.id)?.period, instants);
  let isTaxed = list?.taxIncluded === true;
  for (const candidates of bySource) {
    for (const candidate of candidates) {
      noteEnds(candidate.period, instants);
      noteEnds(candidate.list?.period, instants);
      isTaxed ||= candidate.list?.taxIncluded === true;
    }
  }
  if (isTaxed) for (const id of taxes ?? []) noteEnds(company.taxes.get(id)?.period, instants);
  return instants;
}

const always = { from: -Infinity, until: Infinity };

/** The contenders and those of all lists that their rules ask, and these lists' rules in turn. */
export function withListsAsked(contenders: Contenders): readonly Contenders[] {
  const all = [contenders];
  const { company, list, rules } = contenders;
  const ids: string[] = [];
  if (list?.parent !== undefined && company.policy.listSays === "onBase") ids.push(list.parent);
  for (const { listsAsked } of rules) for (const id of listsAsked) if (!ids.includes(id)) ids.push(id);
  for (const id of ids) {
    const asked = contenders.ofList(id);
    if (asked !== undefined) all.push(...withListsAsked(asked));
  }
  return all;
}
