import type { DecimalText } from "../pricing/records.ts";

/** What the edge knows of a product besides its prices. */
export interface ProductPage {
  /** `class.number`: where its prices are. */
  readonly bucket: string;
  readonly unit: string;
  /** The other units: `per` (default 1) of each are `factor` base units. */
  readonly units?: readonly (readonly [unit: string, factor: DecimalText, per?: DecimalText])[];
  readonly minQuantity?: DecimalText;
  readonly multiple?: DecimalText;
  readonly discontinued?: true;
  readonly replacedBy?: string;
}

/** Which prices a customer gets. */
export interface CustomerPage {
  readonly currency?: string;
  readonly blocked?: true;
  /** By channel; "" is for no channel and for every one that is not named here. */
  readonly placements: Readonly<Record<string, Placement>>;
}

export interface Placement {
  /** By pricing class; a class that is left out has the variant `noRules`. */
  readonly classes: Readonly<Record<string, ClassPlacement>>;
  /** The customer's own prices, above its variants', by currency. */
  readonly overlay?: Readonly<Record<string, string>>;
}

/** The variants of a customer within one class: the upper layer holds only what differs from the lower. */
export interface ClassPlacement {
  readonly base: string;
  /** The names of the rules that the base's explanations number. */
  readonly baseRules?: readonly string[];
  readonly layer?: string;
  readonly layerRules?: readonly string[];
}

/** The base variant of customers that no rule of the class reaches. */
export const noRules = "0";

/** In a variant's explanation a rule is numbered, since variants with the same effects share it. */
export function numberedRule(index: number): string {
  return `rule#${index}`;
}

/** The record's name for an explanation's, given the names that the customer's page lists. */
export function nameRule(record: string, names: readonly string[] | undefined): string {
  const match = /^rule#(\d+)$/.exec(record);
  return match === null ? record : `rule/${names?.[Number(match[1])] ?? ""}`;
}

/** The name of a bucket's segment in the manifest. */
export function variantKey(variant: string, currency: string): string {
  return `${variant}/${currency}`;
}
