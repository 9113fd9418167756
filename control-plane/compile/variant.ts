import type { PriceSources } from "../../shared/pricing/candidate.ts";
import type { Company } from "../../shared/pricing/company.ts";
import type { Rule, TaxRule } from "../../shared/pricing/records.ts";
import { whoMatches } from "../../shared/pricing/scope.ts";
import type { Standing } from "../../shared/pricing/standing.ts";
import { idOf } from "../../shared/snapshot/hash.ts";
import { noRules } from "../../shared/snapshot/page.ts";
import type { PricingClass } from "./pricing-class.ts";
import type { RuleFacts } from "./rule-facts.ts";
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
}

/** A customer's two variants in a class. */
export interface VariantPair {
  /** The class's rules alone, with everyone's prices: it holds every SKU. */
  readonly base: Variant;
  /** With groups, lists, narrowed prices and point rules: it holds the SKUs that these touch. */
  readonly layer: Variant | undefined;
}

export function variantsOf(
  standing: Standing,
  pricingClass: PricingClass,
  facts: ReadonlyMap<Rule, RuleFacts>,
  company: Company,
): VariantPair {
  const { scopes, pointRules } = pricingClass;
  const isOfClass = (rule: Rule) => {
    const scope = facts.get(rule)?.scope;
    return scope === "" || (scope !== undefined && scopes.has(scope));
  };
  const classRules = standing.rules.filter(isOfClass);
  const allRules = standing.rules.filter((rule) => pointRules.has(rule) || isOfClass(rule));
  const groups = standing.groupChain.filter((id) => pricingClass.groups.has(id));
  const lists = standing.listChain.filter((id) => pricingClass.lists.has(id));
  const whos = [...pricingClass.whos].filter(([, who]) => whoMatches(who, standing)).map(([key]) => key);
  const touches = allRules.length > classRules.length || groups.length + lists.length + whos.length > 0;
  const { taxRule } = standing.customer;
  const isTaxed = taxRule !== undefined && lists.some((id) => company.lists.get(id)?.taxIncluded);
  return {
    base: variant({ rules: classRules, groups: [], lists: [], whos: [], taxRule: undefined }, facts),
    layer: touches
      ? variant(
          {
            rules: allRules,
            groups,
            lists,
            whos,
            taxRule: isTaxed ? company.taxRules.get(taxRule) : undefined,
          },
          facts,
        )
      : undefined,
  };
}

function variant(
  parts: Omit<Variant, "id" | "whos"> & { readonly whos: readonly string[] },
  facts: ReadonlyMap<Rule, RuleFacts>,
): Variant {
  const { rules, groups, lists, taxRule } = parts;
  const whos = parts.whos.toSorted();
  const isPlain = rules.length + groups.length + lists.length + whos.length === 0;
  const definition = [rules.map((rule) => facts.get(rule)?.effect), groups, lists, whos, taxRule?.id];
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
