import type { Exclusion, Policy, PresetName, RoundingMode, Scope } from "../records.ts";

/** How a company prices, with nothing left open. The words beyond the record's are explained by who reads them. */
export interface Settings {
  readonly preset: PresetName | undefined;
  readonly timeZone: string;
  readonly currency: string | undefined;
  readonly convert: "none" | "rates" | "at-end";
  readonly lists: "all" | "one" | "matching" | "cascade";
  readonly defaultLists: readonly string[];
  readonly base: "sources" | "item-price" | "best-line" | "most-rules" | "most-specific" | "slots";
  readonly precedence: readonly Scope[];
  readonly choose: "first" | "lowest";
  readonly fallback: "listPrice" | "none";
  readonly rules: "first" | "best" | "stack" | "levels" | "largest-percentage" | "condition-types";
  /** Whether only rules of lists take part. */
  readonly listRulesOnly: boolean;
  /** When a gross price becomes net. */
  readonly tax: "entering" | "at-end";
  readonly arithmetic: "exact" | "decimal28";
  readonly exclusions: readonly Exclusion[];
  readonly unitPrice: { readonly places: number | "currency"; readonly mode: RoundingMode };
  readonly line: "unitPrice" | "conditions" | "discount";
  readonly lineMode: RoundingMode;
  readonly lineTo: Readonly<Record<string, string>>;
}

export function settingsOf(policy: Policy | undefined): Settings {
  const preset = policy?.preset;
  const start: Settings = { ...withoutPolicy, ...(preset === undefined ? {} : presets[preset]) };
  const isOpen = (field: "precedence" | "choose") =>
    preset === undefined || openFields[preset]?.includes(field) === true;
  return {
    ...start,
    preset,
    timeZone: policy?.timeZone ?? start.timeZone,
    currency: policy?.currency,
    defaultLists: policy?.defaultLists ?? [],
    exclusions: policy?.exclusions ?? [],
    precedence: (isOpen("precedence") ? policy?.precedence : undefined) ?? start.precedence,
    choose: (isOpen("choose") ? policy?.choose : undefined) ?? start.choose,
    convert: (preset === undefined ? policy?.convert : undefined) ?? start.convert,
    fallback: (preset === undefined ? policy?.fallback : undefined) ?? start.fallback,
    rules: (preset === undefined ? policy?.rules : undefined) ?? start.rules,
    unitPrice: policy?.rounding?.unitPrice ?? start.unitPrice,
    lineMode: policy?.rounding?.line?.mode ?? start.lineMode,
    lineTo: policy?.rounding?.line?.to ?? start.lineTo,
  };
}

/** 'Without a policy'. */
const withoutPolicy: Settings = {
  preset: undefined,
  timeZone: "UTC",
  currency: undefined,
  convert: "none",
  lists: "all",
  defaultLists: [],
  base: "sources",
  precedence: ["customer", "group", "list", "everyone"],
  choose: "first",
  fallback: "listPrice",
  rules: "first",
  listRulesOnly: false,
  tax: "entering",
  arithmetic: "exact",
  exclusions: [],
  unitPrice: { places: 4, mode: "half-up" },
  line: "unitPrice",
  lineMode: "half-up",
  lineTo: {},
};

/** What a policy may say beside `timeZone`, `currency`, `defaultLists`, `rounding` and `exclusions`. */
const openFields: Partial<Record<PresetName, readonly ("precedence" | "choose")[]>> = {
  sap: ["precedence"],
  oro: ["choose"],
};

/** 'Presets': what each sets otherwise. */
const presets: Readonly<Record<PresetName, Partial<Settings>>> = {
  tryton: {
    lists: "one",
    convert: "at-end",
    listRulesOnly: true,
    tax: "at-end",
    arithmetic: "decimal28",
    unitPrice: { places: 4, mode: "half-even" },
    lineMode: "half-even",
  },
  odoo: {
    lists: "one",
    convert: "rates",
    listRulesOnly: true,
    tax: "at-end",
    unitPrice: { places: 2, mode: "half-up" },
    line: "discount",
  },
  erpnext: {
    lists: "one",
    base: "item-price",
    fallback: "none",
    rules: "levels",
    unitPrice: { places: 2, mode: "half-up" },
  },
  "business-central": {
    base: "best-line",
    convert: "rates",
    rules: "largest-percentage",
    unitPrice: { places: 5, mode: "half-up" },
    line: "conditions",
  },
  sap: {
    precedence: ["customer", "list", "group", "everyone"],
    convert: "rates",
    fallback: "none",
    rules: "condition-types",
    unitPrice: { places: "currency", mode: "half-up" },
    line: "conditions",
  },
  medusa: {
    lists: "matching",
    base: "most-rules",
    fallback: "none",
    unitPrice: { places: 8, mode: "half-even" },
  },
  commercetools: {
    base: "most-specific",
    fallback: "none",
    unitPrice: { places: "currency", mode: "half-even" },
    lineMode: "half-even",
  },
  oro: {
    lists: "cascade",
    base: "slots",
    choose: "lowest",
    fallback: "none",
    unitPrice: { places: 4, mode: "half-up" },
  },
};
