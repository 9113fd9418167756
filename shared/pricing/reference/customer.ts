import type { Customer, PriceList, Rule, Who } from "../records.ts";
import type { Case } from "./case.ts";
import { listsOf } from "./lists.ts";
import { distinct, overlap, valuesOf } from "./matching.ts";
import type { View } from "./view.ts";

/** 'Who the customer is': everything about it that a price, list or rule may ask for. */
export class Buyer implements View {
  readonly customer: Customer;
  readonly accounts: readonly string[];
  readonly groups: readonly string[];
  /** The customer's lists, whether in force or not. */
  readonly allLists: readonly PriceList[];
  readonly lists: readonly PriceList[];
  readonly everyone = true;
  readonly takesListPrice: boolean;
  readonly needed: readonly string[] = [];
  readonly #case: Case;

  constructor(asked: Case, customer: Customer) {
    this.#case = asked;
    this.customer = customer;
    this.accounts = asked.lineage("customer", customer.id);
    this.groups = distinct((customer.groups ?? []).flatMap((group) => asked.lineage("customerGroup", group)));
    this.allLists = listsOf(this, asked);
    this.lists = this.allLists.filter((list) => asked.isInForce(list));
    this.takesListPrice = asked.policy.fallback === "listPrice";
  }

  matches(who: Who = {}): boolean {
    const { channel } = this.#case.question;
    if (who.customers !== undefined && !overlap(who.customers, this.accounts)) return false;
    if (who.groups !== undefined && !overlap(who.groups, this.groups)) return false;
    if (who.channels !== undefined && !overlap(who.channels, channel === undefined ? [] : [channel]))
      return false;
    return Object.keys(who.attributes ?? {}).every((key) =>
      overlap(valuesOf(who.attributes, key) ?? [], this.attribute(key)),
    );
  }

  hasRule({ list }: Rule): boolean {
    if (list === undefined) return !this.#case.policy.listRulesOnly;
    return this.lists.some(({ id }) => id === list);
  }

  attribute(key: string): readonly string[] {
    const owners = [
      this.customer.attributes,
      ...this.groups.map((group) => this.#case.find("customerGroup", group)?.attributes),
    ];
    return owners.map((attributes) => valuesOf(attributes, key)).find((values) => values !== undefined) ?? [];
  }
}
