import type { PriceSources } from "../../shared/pricing/candidate.ts";
import type { Company, ListInForce } from "../../shared/pricing/company.ts";
import type { Rule, TaxRule } from "../../shared/pricing/records.ts";
import { whoMatches } from "../../shared/pricing/scope.ts";
import type { Standing } from "../../shared/pricing/standing.ts";
import { idOf } from "../../shared/snapshot/hash.ts";
import { noRules } from "../../shared/snapshot/page.ts";
import type { PricingClass } from "./pricing-class.ts";
import type { RuleFacts } from "./rule-facts.ts";
import type { RulesByScope } from "./rules-by-scope.ts";
import { whoKey } from "./who-key.ts";

/** One of the outcomes that customers can have within a class: what reaches them there, in order. */
export interface Variant {
  readonly id: string;
  readonly rules: readonly Rule[];
  readonly groups: readonly string[];
  readonly lists: readonly string[];
  /** The `who`s of prices that reach them, as `whoKey` writes them. */
  readonly whos: ReadonlySet<string>;
  readonly taxRule: TaxRule | undefined;
  /** The customers' one list, where the policy gives them one and more depends on it than its prices and rules. */
  readonly list: ListInForce | undefined;
}

/** A customer's two variants in a class. */
export interface VariantPair {
  /** The class's rules alone, with everyone's prices: it holds every SKU. */
  readonly base: Variant;
  /** With groups, lists, narrowed prices and point rules: it holds the SKUs that these touch. */
  readonly layer: Variant | undefined;
}

/** What of a class reaches a customer there. */
export interface ReachedIn {
  /** By its scopes, in order. */
  readonly classRules: readonly Rule[];
  /** With the point rules. */
  readonly allRules: readonly Rule[];
  readonly groups: readonly string[];
  readonly lists: readonly string[];
  readonly whos: readonly string[];
}

export function reachedIn(standing: Standing, pricingClass: PricingClass, rules: RulesByScope): ReachedIn {
  const classRules = rules.ofScopes(pricingClass.scopes);
  return {
    classRules,
    allRules: rules.withPoints(classRules, pricingClass.pointRules),
    groups: standing.groupChain.filter((id) => pricingClass.groups.has(id)),
    lists: standing.listChain.filter((id) => pricingClass.lists.has(id)),
    whos: [...pricingClass.whos].filter(([, who]) => whoMatches(who, standing)).map(([key]) => key),
  };
}

export function variantsOf(
  standing: Standing,
  { classRules, allRules, groups, lists, whos }: ReachedIn,
  facts: ReadonlyMap<Rule, RuleFacts>,
  company: Company,
): VariantPair {
  const touches = allRules.length > classRules.length || groups.length + lists.length + whos.length > 0;
  const list = isTelling(standing.list) ? standing.list : undefined;
  const asksGross = (rules: readonly Rule[]) => company.asksGrossLists && rules.length > 0;
  const taxRule = company.taxRules.get(standing.customer.taxRule ?? "");
  const isTaxed = lists.some((id) => company.lists.get(id)?.taxIncluded) || list?.taxIncluded === true;
  return {
    base: variant(
      {
        rules: classRules,
        groups: [],
        lists: [],
        whos: [],
        list,
        taxRule: list?.taxIncluded === true || asksGross(classRules) ? taxRule : undefined,
      },
      facts,
    ),
    layer: touches
      ? variant(
          {
            rules: allRules,
            groups,
            lists,
            whos,
            list,
            taxRule: isTaxed || asksGross(allRules) ? taxRule : undefined,
          },
          facts,
        )
      : undefined,
  };
}

/** Whether a price depends on the list itself: on how it is taxed, or on its parent. */
function isTelling(list: ListInForce | undefined): boolean {
  return list !== undefined && (list.taxIncluded === true || list.parent !== undefined);
}

function variant(
  parts: Omit<Variant, "id" | "whos"> & { readonly whos: readonly string[] },
  facts: ReadonlyMap<Rule, RuleFacts>,
): Variant {
  const { rules, groups, lists, taxRule, list } = parts;
  const whos = parts.whos.toSorted();
  const isPlain = rules.length + groups.length + lists.length + whos.length === 0 && list === undefined;
  const effects = rules.map((rule) => facts.get(rule)?.effect);
  const ofList = list === undefined ? null : [list.taxIncluded, list.parent];
  const definition = [effects, groups, lists, whos, taxRule?.id, ofList];
  return { ...parts, id: isPlain ? noRules : idOf(JSON.stringify(definition)), whos: new Set(whos) };
}

/** The prices that a variant's customers get: everyone's, its groups' and its lists'. */
export function sourcesOfVariant({ groups, lists, whos }: Variant): PriceSources {
  return {
    accountChain: [],
    groupChain: groups,
    listChain: lists,
    matches: (who) => who === undefined || (who.customers === undefined && whos.has(whoKey(who))),
  };
}

/** The prices that one customer gets. */
export function sourcesOfStanding(standing: Standing): PriceSources {
  return { ...standing, matches: (who) => whoMatches(who, standing) };
}
