import { withAncestors } from "../../shared/pricing/ancestors.ts";
import type { Company } from "../../shared/pricing/company.ts";
import type { Rule } from "../../shared/pricing/records.ts";
import { standingOf, type Standing } from "../../shared/pricing/standing.ts";
import { noRules, type ClassPlacement } from "../../shared/snapshot/page.ts";
import type { PricingClass } from "./pricing-class.ts";
import type { RuleFacts } from "./rule-facts.ts";
import { RulesByScope } from "./rules-by-scope.ts";
import { reachedIn, variantsOf, type ReachedIn, type Variant, type VariantPair } from "./variant.ts";

interface Counted {
  readonly variant: Variant;
  customers: number;
}

interface ClassVariants {
  readonly bases: Map<string, Counted>;
  readonly layers: Map<string, Counted>;
  /** By what reaches a customer there: the many who are reached by the same share one. */
  readonly known: Map<string, Placed>;
}

interface Placed {
  readonly pair: VariantPair;
  /** Undefined where nothing is for the customer but what is for everyone. */
  readonly placement: ClassPlacement | undefined;
}

/** Each customer's standing and variants, kept from one plan to the next. */
export class Placements {
  /** By customer, then by channel; "" is for no channel and all that no record names. */
  readonly standings = new Map<string, Map<string, Standing>>();
  /** By customer, channel and class. */
  readonly placements = new Map<string, Map<string, Record<string, ClassPlacement>>>();
  /** The customers whose prices a record that names this account changes: the account and its descendants. */
  heirs: ReadonlyMap<string, readonly string[]> = new Map();
  /** The customers whose page may be another than when this was last emptied. */
  readonly changed = new Set<string>();
  readonly #classes = new Map<string, ClassVariants>();

  /** Works out everyone's standing; afterwards all classes have to be placed. */
  standAll(company: Company, channels: readonly string[]): void {
    for (const customer of [...this.standings.keys(), ...company.customers.keys()])
      this.changed.add(customer);
    this.standings.clear();
    this.placements.clear();
    this.#classes.clear();
    for (const customer of company.customers.keys()) this.#stand(customer, company, channels);
    this.#findHeirs();
  }

  /** Works out the standing of the customers that changed and of their descendants, and places these. */
  standAgain(
    ids: ReadonlySet<string>,
    company: Company,
    channels: readonly string[],
    classes: readonly PricingClass[],
    facts: ReadonlyMap<Rule, RuleFacts>,
  ): void {
    const concerned = new Set(ids);
    for (const id of ids) for (const heir of this.heirs.get(id) ?? []) concerned.add(heir);
    for (const id of company.customers.keys()) {
      if (withAncestors(id, company.customers).some((account) => ids.has(account))) concerned.add(id);
    }
    for (const customer of concerned) {
      this.changed.add(customer);
      this.#leave(customer);
      this.#stand(customer, company, channels);
      this.#placeCustomer(customer, classes, facts, company);
    }
    this.#findHeirs();
  }

  /** Works out the variants of classes, all of them anew. */
  placeClasses(
    classes: readonly PricingClass[],
    facts: ReadonlyMap<Rule, RuleFacts>,
    company: Company,
  ): void {
    if (classes.length === 0) return;
    for (const { id } of classes) this.#classes.set(id, noVariants());
    for (const customer of this.standings.keys()) this.#placeCustomer(customer, classes, facts, company);
  }

  dropClass(id: string): void {
    this.#classes.delete(id);
    for (const [customer, byChannel] of this.placements) {
      for (const placement of byChannel.values()) {
        if (placement[id] === undefined) continue;
        delete placement[id];
        this.changed.add(customer);
      }
    }
  }

  variantsOf(pricingClass: string): { bases: readonly Variant[]; layers: readonly Variant[] } {
    const { bases, layers } = this.#variants(pricingClass);
    return { bases: sortedById(bases), layers: sortedById(layers) };
  }

  #stand(id: string, company: Company, channels: readonly string[]): void {
    const customer = company.customers.get(id);
    if (customer === undefined || customer.status === "blocked") return;
    const byChannel = new Map<string, Standing>();
    for (const channel of ["", ...channels]) {
      byChannel.set(channel, standingOf(customer, channel === "" ? undefined : channel, company));
    }
    this.standings.set(id, byChannel);
    this.placements.set(id, new Map([...byChannel.keys()].map((channel) => [channel, {}])));
  }

  #leave(customer: string): void {
    for (const placement of this.placements.get(customer)?.values() ?? []) {
      for (const [id, { bases, layers }] of this.#classes) {
        const own = placement[id];
        release(bases, own?.base ?? noRules);
        if (own?.layer !== undefined) release(layers, own.layer);
      }
    }
    this.standings.delete(customer);
    this.placements.delete(customer);
  }

  #placeCustomer(
    customer: string,
    classes: readonly PricingClass[],
    facts: ReadonlyMap<Rule, RuleFacts>,
    company: Company,
  ): void {
    for (const [channel, standing] of this.standings.get(customer) ?? []) {
      const placements = this.placements.get(customer)?.get(channel);
      if (placements === undefined) continue;
      const rules = new RulesByScope(standing.rules, facts);
      for (const pricingClass of classes) {
        const { bases, layers, known } = this.#variants(pricingClass.id);
        const reached = reachedIn(standing, pricingClass, rules);
        const key = keyOf(reached, standing, rules);
        const placed = known.get(key) ?? placedAs(variantsOf(standing, reached, facts, company));
        known.set(key, placed);
        count(bases, placed.pair.base);
        if (placed.pair.layer !== undefined) count(layers, placed.pair.layer);
        const [before, after] = [placements[pricingClass.id], placed.placement];
        if (before === after || JSON.stringify(before) === JSON.stringify(after)) continue;
        this.changed.add(customer);
        if (after === undefined) delete placements[pricingClass.id];
        else placements[pricingClass.id] = after;
      }
    }
  }

  #variants(pricingClass: string): ClassVariants {
    const known = this.#classes.get(pricingClass) ?? noVariants();
    this.#classes.set(pricingClass, known);
    return known;
  }

  #findHeirs(): void {
    const heirs = new Map<string, string[]>();
    for (const [customer, byChannel] of this.standings) {
      for (const account of byChannel.get("")?.accountChain ?? []) {
        const known = heirs.get(account) ?? [];
        heirs.set(account, known);
        known.push(customer);
      }
    }
    this.heirs = heirs;
  }
}

function noVariants(): ClassVariants {
  return { bases: new Map(), layers: new Map(), known: new Map() };
}

/** Equal for customers who get the same variants, under the same names of rules. */
function keyOf(
  { classRules, allRules, groups, lists, whos }: ReachedIn,
  { list, customer }: Standing,
  rules: RulesByScope,
): string {
  const numbers = (some: readonly Rule[]) => some.map((rule) => rules.numberOf(rule));
  const ofRules = allRules.length === classRules.length ? [allRules] : [classRules, allRules];
  return JSON.stringify([ofRules.map(numbers), groups, lists, whos, list?.id, customer.taxRule]);
}

function placedAs(pair: VariantPair): Placed {
  return { pair, placement: placementOf(pair) };
}

function placementOf({ base, layer }: VariantPair): ClassPlacement | undefined {
  if (base.id === noRules && layer === undefined) return undefined;
  return {
    base: base.id,
    ...(base.rules.length === 0 ? {} : { baseRules: base.rules.map(({ id }) => id) }),
    ...(layer === undefined ? {} : { layer: layer.id }),
    ...(layer === undefined || layer.rules.length === 0
      ? {}
      : { layerRules: layer.rules.map(({ id }) => id) }),
  };
}

function count(counted: Map<string, Counted>, variant: Variant): void {
  const known = counted.get(variant.id);
  if (known === undefined) counted.set(variant.id, { variant, customers: 1 });
  else known.customers++;
}

function release(counted: Map<string, Counted>, id: string): void {
  const known = counted.get(id);
  if (known !== undefined && --known.customers === 0) counted.delete(id);
}

function sortedById(variants: ReadonlyMap<string, Counted>): Variant[] {
  return [...variants.values()].map(({ variant }) => variant).sort((a, b) => (a.id < b.id ? -1 : 1));
}
