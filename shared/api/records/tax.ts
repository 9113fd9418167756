import * as z from "zod";
import { date, id, nonNegativeDecimal } from "../values.ts";
import { common } from "./common.ts";
import { refuse } from "./refusal.ts";
import { windowInOrder } from "./window.ts";

export const tax = z
  .strictObject({
    ...common("tax"),
    percent: nonNegativeDecimal,
    from: date.optional(),
    until: date.optional(),
  })
  .check(windowInOrder);

const replacements = z
  .array(z.strictObject({ from: id.optional(), to: id.optional() }))
  .max(1000)
  .check((list) => {
    const seen = new Set<string>();
    for (const [index, { from, to }] of list.value.entries()) {
      if (from === undefined && to === undefined) {
        refuse(list, "missing_field", "A replacement has from, to or both", [index]);
      }
      if (from === undefined) continue;
      if (seen.has(from)) refuse(list, "duplicate_value", "Each tax is replaced once", [index, "from"]);
      seen.add(from);
    }
  });

export const taxRule = z.strictObject({ ...common("taxRule"), replace: replacements });
