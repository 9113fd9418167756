import { decimal28 } from "../arithmetic.ts";
import type { Preset } from "../full-policy.ts";

/**
 * Tryton 6.0 with sale_price_list, product_price_list_dates and product_price_list_parent.
 *
 * One price list a sale: the party's, else the configuration's. Its lines stand by sequence (null first), then id;
 * the first that matches counts, and no line leaves the list price. A line matches by category (with ancestors),
 * variant, dates (both ends included) and quantity, counted in the product's default unit or, for lists of the
 * unit `product_sale`, in its sale unit, and converted in
 * binary doubles. A formula has `unit_price`, `list_price`, `cost_price` (0 where there is
 * none) and, with a parent list, `parent_unit_price`, which is worked out whether it is used or not. Amounts are
 * decimals of 28 digits, half even after every operation. A tax-included list is turned net after the formula,
 * then comes the unit, then the currency; only the order line rounds, to 4 digits.
 *
 * Source: trytond 6.0, modules product_price_list, product_price_list_dates, product_price_list_parent,
 * sale_price_list, sale, product, currency, account; every price of a seeded company is compared with a running
 * server in `npm run test:peers`.
 */
export const tryton: Preset = {
  sets: {
    lists: "one",
    convert: "result",
    tax: { at: "end", mapped: true },
    ruleUnits: "list",
    quantities: "doubles",
    rulesOfListsOnly: true,
    listSays: "onBase",
    missingInputs: "filled",
    arithmetic: decimal28,
    unitPrice: { places: 4, mode: "half-even" },
    lineRounding: { mode: "half-even" },
  },
};
