import type { Preset } from "../full-policy.ts";

/**
 * Odoo's product.pricelist (16 to 18).
 *
 * One pricelist a sale. Its items stand by `applied_on` (variant, product, category, all), larger `min_quantity`,
 * category (by complete name, descending) and newest id; the first applicable one counts, with no search for the
 * best price. The item's base is the list price, the cost or another pricelist, converted to the sale's currency
 * without rounding; `price_round` makes a multiple for the requested unit, then come the surcharge and the margins
 * over the base. Rounding is left to the sale line; a plain percentage is the line's discount, and taken there.
 * `rank` stands for the id, newest first.
 *
 * Source: odoo/odoo, addons/product/models/product_pricelist.py and product_pricelist_item.py. Odoo calculates
 * with binary floats; amounts here are exact, so a price that a float pushes over a rounding border differs.
 */
export const odoo: Preset = {
  sets: {
    lists: "one",
    convert: "inputs",
    tax: { at: "end", mapped: false },
    ruleOrder: "appliedOn",
    ruleUnits: "exact",
    rulesOfListsOnly: true,
    roundIn: "askedUnit",
    line: "discount",
    unitPrice: { places: 2, mode: "half-up" },
  },
};
