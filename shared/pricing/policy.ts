import { applyBest, applyFirst, applyStack } from "./apply-rules.ts";
import { exact } from "./arithmetic.ts";
import { firstSource, lowestSource } from "./choose-price.ts";
import type { FullPolicy, PolicyField } from "./full-policy.ts";
import { presets } from "./presets/presets.ts";
import type { Policy, PresetName } from "./records.ts";

const plain: FullPolicy = {
  timeZone: "UTC",
  currency: undefined,
  defaultLists: [],
  lists: "all",
  precedence: ["customer", "group", "list", "everyone"],
  choosePrice: firstSource,
  units: "convert",
  currenciesApart: true,
  roundsBasePrice: false,
  leastQuantity: "none",
  fallback: "listPrice",
  convert: "none",
  tax: { at: "price", mapped: true },
  applyRules: applyFirst,
  ruleOrder: "rank",
  rulesOfListsOnly: false,
  ruleUnits: "convert",
  quantities: "exact",
  onePerConditionType: false,
  exclusions: [],
  roundIn: "ruleUnit",
  listSays: "ownPrice",
  missingInputs: "none",
  arithmetic: exact,
  line: "unitPrice",
  unitPriceOfLine: false,
  unitPrice: { places: 4, mode: "half-up" },
  lineRounding: { mode: "half-up" },
};

/** The policy that a record stands for: what it says, else what its preset says, else the plain policy. */
export function fullPolicy(policy: Policy | undefined): FullPolicy {
  const preset = policy?.preset === undefined ? undefined : presets[policy.preset];
  const base = { ...plain, ...preset?.sets };
  if (policy === undefined) return base;
  const { timeZone, currency, defaultLists, precedence, fallback, exclusions, rounding } = policy;
  return {
    ...base,
    timeZone: timeZone ?? base.timeZone,
    currency: currency ?? base.currency,
    defaultLists: defaultLists ?? base.defaultLists,
    precedence: precedence ?? base.precedence,
    choosePrice:
      policy.choose === undefined
        ? base.choosePrice
        : (preset?.choose ?? { first: firstSource, lowest: lowestSource })[policy.choose],
    fallback: fallback ?? base.fallback,
    convert: policy.convert === undefined ? base.convert : policy.convert === "rates" ? "inputs" : "none",
    applyRules:
      policy.rules === undefined
        ? base.applyRules
        : { first: applyFirst, best: applyBest, stack: applyStack }[policy.rules],
    exclusions: exclusions ?? base.exclusions,
    unitPrice: rounding?.unitPrice ?? base.unitPrice,
    lineRounding: rounding?.line ?? base.lineRounding,
  };
}

const alwaysOpen: readonly PolicyField[] = ["timeZone", "currency", "defaultLists", "rounding", "exclusions"];

/** Whether a policy with a preset may say a field itself. */
export function isOpen(preset: PresetName, field: PolicyField): boolean {
  return alwaysOpen.includes(field) || (presets[preset].open?.includes(field) ?? false);
}
