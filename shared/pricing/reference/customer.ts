import type { Attributes, Customer, PriceList, Product, What, Who } from "../records.ts";
import type { Case } from "./case.ts";

/** 'Who the customer is': everything about it that a price, list or rule may ask for. */
export class Buyer {
  readonly accounts: readonly string[];
  readonly groups: readonly string[];
  readonly lists: readonly PriceList[];
  readonly #case: Case;
  readonly #customer: Customer;

  constructor(asked: Case, customer: Customer) {
    this.#case = asked;
    this.#customer = customer;
    this.accounts = asked.lineage("customer", customer.id);
    this.groups = distinct((customer.groups ?? []).flatMap((group) => asked.lineage("customerGroup", group)));
    this.lists = this.#findLists();
  }

  matches(who: Who = {}): boolean {
    const { channel } = this.#case.question;
    if (who.customers !== undefined && !overlap(who.customers, this.accounts)) return false;
    if (who.groups !== undefined && !overlap(who.groups, this.groups)) return false;
    if (who.channels !== undefined && !overlap(who.channels, channel === undefined ? [] : [channel]))
      return false;
    return Object.keys(who.attributes ?? {}).every((key) =>
      overlap(valuesOf(who.attributes, key) ?? [], this.#attribute(key)),
    );
  }

  #attribute(key: string): readonly string[] {
    const owners = [
      this.#customer.attributes,
      ...this.groups.map((group) => this.#case.find("customerGroup", group)?.attributes),
    ];
    return owners.map((attributes) => valuesOf(attributes, key)).find((values) => values !== undefined) ?? [];
  }

  #findLists(): PriceList[] {
    const found: PriceList[] = [];
    let level: (string | undefined)[] = [
      ...(this.#customer.lists ?? []),
      ...this.groups.flatMap((group) => this.#case.find("customerGroup", group)?.lists ?? []),
    ];
    while (level.length > 0) {
      const added: PriceList[] = [];
      for (const id of level) {
        const list = this.#case.find("priceList", id);
        if (list === undefined || found.includes(list) || !this.matches(list.who)) continue;
        found.push(list);
        added.push(list);
      }
      level = added.map(({ parent }) => parent);
    }
    return found;
  }
}

export function isAbout(what: What | undefined, product: Product, asked: Case): boolean {
  const { skus, categories, brands, attributes } = what ?? {};
  if (skus !== undefined && !skus.includes(product.id)) return false;
  if (categories !== undefined && !overlap(categories, asked.lineage("category", product.category)))
    return false;
  if (brands !== undefined && !overlap(brands, product.brand === undefined ? [] : [product.brand]))
    return false;
  return Object.keys(attributes ?? {}).every((key) =>
    overlap(valuesOf(attributes, key) ?? [], valuesOf(product.attributes, key) ?? []),
  );
}

function valuesOf(attributes: Attributes | undefined, key: string): readonly string[] | undefined {
  if (attributes === undefined || !Object.hasOwn(attributes, key)) return undefined;
  const value = attributes[key];
  return typeof value === "string" ? [value] : value;
}

function overlap(wanted: readonly string[], had: readonly string[]): boolean {
  return wanted.some((value) => had.includes(value));
}

function distinct(ids: readonly string[]): string[] {
  return ids.filter((id, index) => ids.indexOf(id) === index);
}
