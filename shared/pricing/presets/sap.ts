import { applyStack } from "../apply-rules.ts";
import type { Preset } from "../full-policy.ts";

/**
 * SAP's condition technique, as far as it does not need the whole document.
 *
 * The price comes from the first hit of its access sequence, which is the policy's `precedence`. Discounts and
 * surcharges stand in the steps of the procedure (`rank`); of one condition type the first access that hits
 * counts. Exclusion procedures A to F and L take conditions out. Percentages are of the running value, or with
 * `on: base` of the gross price; every condition value is rounded for the whole line, in the currency.
 *
 * Source: SAP Help, pricing procedure, access sequence, condition exclusion; domain PRC_COND_EXCLUSION_PROCEDURE.
 */
export const sap: Preset = {
  sets: {
    precedence: ["customer", "list", "group", "everyone"],
    fallback: "none",
    convert: "inputs",
    applyRules: applyStack,
    onePerConditionType: true,
    line: "conditions",
    unitPriceOfLine: true,
    unitPrice: { places: "currency", mode: "half-up" },
  },
  open: ["precedence"],
};
