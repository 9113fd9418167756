import type { ApplyRules } from "./apply-rules.ts";
import type { Arithmetic } from "./arithmetic.ts";
import type { ChoosePrice } from "./choose-price.ts";
import type { Exclusion, Policy, RoundingMode, Scope } from "./records.ts";

/** A policy with nothing left out: data, and the few functions by which systems differ. */
export interface FullPolicy {
  readonly timeZone: string;
  /** The company's own currency, if it is known. */
  readonly currency: string | undefined;
  readonly defaultLists: readonly string[];
  /** Which lists a customer has: see ./list-chain.ts. */
  readonly lists: "all" | "one" | "matching" | "cascade";
  readonly precedence: readonly Scope[];
  readonly choosePrice: ChoosePrice;
  /** Which unit a price fits: any, by conversion; only the asked one; or that, or the base unit if it names none. */
  readonly units: "convert" | "exact" | "exactOrBlank";
  /** Whether a price in one currency has a say about those in another. */
  readonly currenciesApart: boolean;
  /** Whether a base price is rounded as a unit price, for one of the asked unit, before anything is made of it. */
  readonly roundsBasePrice: boolean;
  /** From which quantity of its unit a price without `minQuantity` counts. */
  readonly leastQuantity: "none" | "one";
  readonly fallback: "listPrice" | "none";
  /** Where amounts in another currency are converted: nowhere, where they enter, or at the end. */
  readonly convert: "none" | "inputs" | "result";
  /** Where gross prices are turned net, and whether the customer's tax rule maps the taxes. */
  readonly tax: { readonly at: "price" | "end"; readonly mapped: boolean };
  readonly applyRules: ApplyRules;
  readonly ruleOrder: "rank" | "appliedOn" | "priority";
  /** Whether only rules of the customer's lists count. */
  readonly rulesOfListsOnly: boolean;
  /** How a rule's unit is read: converted, as the only unit that it is for, or as its list counts. */
  readonly ruleUnits: "convert" | "exact" | "list";
  /** Whether the ERP counts quantities in binary doubles. */
  readonly quantities: "exact" | "doubles";
  /** Whether only the first matching rule of each condition type counts. */
  readonly onePerConditionType: boolean;
  readonly exclusions: readonly Exclusion[];
  /** The unit that an effect's `round.to` counts in. */
  readonly roundIn: "ruleUnit" | "askedUnit";
  /** What a list says: a price of its own, or what its rules make of the base price. */
  readonly listSays: "ownPrice" | "onBase";
  /** Whether a product without cost costs nothing, and one without list price has the base price as one. */
  readonly missingInputs: "none" | "filled";
  readonly arithmetic: Arithmetic;
  /** What a line total follows from. */
  readonly line: "unitPrice" | "conditions" | "discount";
  /** Whether, with `conditions`, the unit price is what the line total comes to for one unit. */
  readonly unitPriceOfLine: boolean;
  readonly unitPrice: { readonly places: number | "currency"; readonly mode: RoundingMode };
  readonly lineRounding: LineRounding;
}

export interface LineRounding {
  readonly mode: RoundingMode;
  /** By currency, the smallest amount of a line value where it isn't the minor unit. */
  readonly to?: Readonly<Record<string, string>> | undefined;
}

/** What an ERP does by its own rules. */
export interface Preset {
  readonly sets: Partial<FullPolicy>;
  /** The fields that a policy record may still say, besides those that it always may. */
  readonly open?: readonly PolicyField[];
  /** What `choose` means here, where it is open. */
  readonly choose?: Readonly<Record<"first" | "lowest", ChoosePrice>>;
}

export type PolicyField = Exclude<keyof Policy, "type" | "id" | "preset">;
