import { withAncestors } from "./ancestors.ts";
import type { Attributes, Category, Product, What, Who } from "./records.ts";

/** What a `who` is matched against: one customer, or what is the same for all customers of a variant. */
export interface Audience {
  readonly accounts: ReadonlySet<string>;
  readonly groups: ReadonlySet<string>;
  readonly channel: string | undefined;
  /** The attribute's values, the customer's own or else those of its first group that has it. */
  attribute(key: string): readonly string[];
}

export function whoMatches(who: Who | undefined, audience: Audience): boolean {
  if (who === undefined) return true;
  return (
    (who.customers === undefined || who.customers.some((id) => audience.accounts.has(id))) &&
    (who.groups === undefined || who.groups.some((id) => audience.groups.has(id))) &&
    (who.channels === undefined ||
      (audience.channel !== undefined && who.channels.includes(audience.channel))) &&
    attributesMatch(who.attributes, (key) => audience.attribute(key))
  );
}

export function whatMatches(
  what: What | undefined,
  product: Product,
  categories: ReadonlyMap<string, Category>,
): boolean {
  if (what === undefined) return true;
  return (
    (what.skus === undefined || what.skus.includes(product.id)) &&
    (what.categories === undefined || isInCategory(product, what.categories, categories)) &&
    (what.brands === undefined || (product.brand !== undefined && what.brands.includes(product.brand))) &&
    attributesMatch(what.attributes, (key) => valuesOf(product.attributes, key))
  );
}

/** Whether one of the product's categories, or an ancestor of one, is among the wanted. */
function isInCategory(
  { category, categories: further = [] }: Product,
  wanted: readonly string[],
  categories: ReadonlyMap<string, Category>,
): boolean {
  return [...(category === undefined ? [] : [category]), ...further].some((own) =>
    withAncestors(own, categories).some((id) => wanted.includes(id)),
  );
}

function attributesMatch(
  wanted: Attributes | undefined,
  valuesOfKey: (key: string) => readonly string[],
): boolean {
  return Object.keys(wanted ?? {}).every((key) => {
    const values = valuesOfKey(key);
    return valuesOf(wanted, key).some((value) => values.includes(value));
  });
}

export function valuesOf(attributes: Attributes | undefined, key: string): readonly string[] {
  if (attributes === undefined || !Object.hasOwn(attributes, key)) return [];
  const value = attributes[key];
  return value === undefined ? [] : typeof value === "string" ? [value] : value;
}
