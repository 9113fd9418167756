import type { Company, CompanyRecord } from "../../shared/pricing/company.ts";
import type { PriceList, Rule } from "../../shared/pricing/records.ts";
import { contentHash } from "../../shared/snapshot/hash.ts";

/**
 * Of what every bucket's prices depend on besides its variants and its records: policy, rates, taxes, currencies and
 * lists. Equal for equal prices.
 */
export function sharedDigest(company: Company, records: readonly CompanyRecord[]): string {
  const asked = askedLists(company);
  const rules = company.rules.filter(({ list, who }) => asked.has(list ?? "") && who === undefined);
  const whats = [...rules, ...company.rules.filter(({ what }) => what?.skus !== undefined)];
  const asksCategories = whats.some(({ what }) => what?.categories !== undefined);
  const parts = records.flatMap((record): unknown[] => {
    switch (record.type) {
      case "policy":
      case "rate":
      case "tax":
      case "taxRule":
        return [record];
      case "priceList":
        return [pricingPart(record)];
      case "category":
        return asksCategories ? [[record.id, record.parent]] : [];
      case "customer":
      case "customerGroup":
      case "rule":
        return [];
    }
  });
  const text = JSON.stringify([parts, [...company.currencies].sort(), company.asksGrossLists, rules]);
  return contentHash(new TextEncoder().encode(text));
}

/** Without what says whose list it is, which is in the customers' standings. */
function pricingPart({ name: _name, attributes: _attributes, who: _who, ...part }: PriceList): object {
  return part;
}

/** The lists whose own prices other prices are made from, with their rules. */
function askedLists({ lists, rules }: Company): ReadonlySet<string> {
  const ofRules = rules.flatMap(({ effect }: Rule) =>
    "on" in effect && typeof effect.on === "object" ? [effect.on.list] : [],
  );
  const parents = [...lists.values()].flatMap(({ parent }) => parent ?? []);
  return new Set([...ofRules, ...parents]);
}
