import { withAncestors } from "../../shared/pricing/ancestors.ts";
import type { Company } from "../../shared/pricing/company.ts";
import type { Customer, Rule } from "../../shared/pricing/records.ts";
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

/** By the numbers of the classes; a customer whom nothing reaches in a class has nothing there. */
type PlacementsByNumber = (ClassPlacement | undefined)[];

/** Each customer's variants, kept from one plan to the next. */
export class Placements {
  /** The customers whose prices a record that names this account changes: the account and its descendants. */
  heirs: ReadonlyMap<string, readonly string[]> = new Map();
  /** The customers whose page may be another than when this was last emptied. */
  readonly changed = new Set<string>();
  readonly #classes = new Map<string, ClassVariants>();
  /** By customer, then by channel. Customers times classes are many, and an array takes the least for one. */
  readonly #customers = new Map<string, Map<string, PlacementsByNumber>>();
  readonly #numbers = new ClassNumbers();

  /** Forgets where everyone is; afterwards all classes have to be placed. */
  standAll(company: Company, channels: readonly string[]): void {
    for (const customer of [...this.#customers.keys(), ...company.customers.keys()])
      this.changed.add(customer);
    this.#customers.clear();
    this.#classes.clear();
    for (const customer of company.customers.values()) this.#stand(customer, channels);
    this.#findHeirs(company);
  }

  /** Places the customers that changed and their descendants. */
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
    for (const id of concerned) {
      this.changed.add(id);
      this.#leave(id);
      const customer = company.customers.get(id);
      if (customer === undefined) continue;
      this.#stand(customer, channels);
      this.#placeCustomer(customer, classes, facts, company);
    }
    this.#findHeirs(company);
  }

  /** Works out the variants of classes, all of them anew. */
  placeClasses(
    classes: readonly PricingClass[],
    facts: ReadonlyMap<Rule, RuleFacts>,
    company: Company,
  ): void {
    if (classes.length === 0) return;
    for (const { id } of classes) this.#classes.set(id, noVariants());
    for (const customer of company.customers.values()) {
      this.#placeCustomer(customer, classes, facts, company);
    }
  }

  dropClass(id: string): void {
    this.#classes.delete(id);
    const number = this.#numbers.of(id);
    for (const [customer, byChannel] of this.#customers) {
      for (const placements of byChannel.values()) {
        if (placements[number] === undefined) continue;
        placements[number] = undefined;
        this.changed.add(customer);
      }
    }
    this.#numbers.free(id);
  }

  /** A customer's placements by channel and class; none of a customer who has no prices. */
  *of(customer: string): Generator<[channel: string, byClass: Record<string, ClassPlacement>]> {
    for (const [channel, placements] of this.#customers.get(customer) ?? []) {
      const byClass: [string, ClassPlacement][] = [];
      for (const [id, number] of this.#numbers.entries()) {
        const placement = placements[number];
        if (placement !== undefined) byClass.push([id, placement]);
      }
      yield [channel, Object.fromEntries(byClass)];
    }
  }

  variantsOf(pricingClass: string): { bases: readonly Variant[]; layers: readonly Variant[] } {
    const { bases, layers } = this.#variants(pricingClass);
    return { bases: sortedById(bases), layers: sortedById(layers) };
  }

  #stand({ id, status }: Customer, channels: readonly string[]): void {
    if (status === "blocked") return;
    this.#customers.set(id, new Map(["", ...channels].map((channel) => [channel, []])));
  }

  #leave(customer: string): void {
    for (const placements of this.#customers.get(customer)?.values() ?? []) {
      for (const [id, { bases, layers }] of this.#classes) {
        const own = placements[this.#numbers.of(id)];
        release(bases, own?.base ?? noRules);
        if (own?.layer !== undefined) release(layers, own.layer);
      }
    }
    this.#customers.delete(customer);
  }

  #placeCustomer(
    customer: Customer,
    classes: readonly PricingClass[],
    facts: ReadonlyMap<Rule, RuleFacts>,
    company: Company,
  ): void {
    for (const [channel, placements] of this.#customers.get(customer.id) ?? []) {
      const standing = standingOf(customer, channel === "" ? undefined : channel, company);
      const rules = new RulesByScope(standing.rules, facts);
      for (const pricingClass of classes) {
        const { bases, layers, known } = this.#variants(pricingClass.id);
        const reached = reachedIn(standing, pricingClass, rules);
        const key = keyOf(reached, standing, rules);
        const placed = known.get(key) ?? placedAs(variantsOf(standing, reached, facts, company));
        known.set(key, placed);
        count(bases, placed.pair.base);
        if (placed.pair.layer !== undefined) count(layers, placed.pair.layer);
        const number = this.#numbers.of(pricingClass.id);
        const [before, after] = [placements[number], placed.placement];
        if (before === after || JSON.stringify(before) === JSON.stringify(after)) continue;
        this.changed.add(customer.id);
        placements[number] = after;
      }
    }
  }

  #variants(pricingClass: string): ClassVariants {
    const known = this.#classes.get(pricingClass) ?? noVariants();
    this.#classes.set(pricingClass, known);
    return known;
  }

  #findHeirs(company: Company): void {
    const heirs = new Map<string, string[]>();
    for (const customer of this.#customers.keys()) {
      for (const account of withAncestors(customer, company.customers)) {
        const known = heirs.get(account) ?? [];
        heirs.set(account, known);
        known.push(customer);
      }
    }
    this.heirs = heirs;
  }
}

/** Gives classes small numbers, those of dropped ones again. */
class ClassNumbers {
  readonly #numbers = new Map<string, number>();
  readonly #freed: number[] = [];

  of(pricingClass: string): number {
    const known = this.#numbers.get(pricingClass);
    if (known !== undefined) return known;
    const number = this.#freed.pop() ?? this.#numbers.size;
    this.#numbers.set(pricingClass, number);
    return number;
  }

  free(pricingClass: string): void {
    this.#freed.push(this.of(pricingClass));
    this.#numbers.delete(pricingClass);
  }

  entries(): Iterable<[pricingClass: string, number: number]> {
    return this.#numbers;
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
