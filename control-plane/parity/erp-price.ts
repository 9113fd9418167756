import * as z from "zod";
import { JsonError, parseExactJson } from "../../shared/api/exact-json.ts";
import {
  amount,
  currency,
  id,
  instant,
  issueCode,
  issuePointer,
  positiveDecimal,
} from "../../shared/api/values.ts";
import type { ParityProblem } from "./parity-run.ts";

/** One price as the ERP computed it. */
export const erpPrice = z.strictObject({
  customer: id,
  sku: id,
  quantity: positiveDecimal,
  unit: id.optional(),
  currency: currency.optional(),
  channel: id.optional(),
  at: instant.optional(),
  unitPrice: amount.meta({ description: "Net, for `per` of the unit" }),
  per: positiveDecimal.optional(),
});

export type ErpPrice = z.output<typeof erpPrice>;

export function readErpPrice({
  number: line,
  text,
}: {
  number: number;
  text: string;
}): ErpPrice | ParityProblem {
  let value: unknown;
  try {
    value = parseExactJson(text);
  } catch (error) {
    if (error instanceof JsonError) return { line, code: error.fault, message: error.message };
    throw error;
  }
  const result = erpPrice.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  const [first] = result.error.issues;
  if (first === undefined)
    throw new Error("A schema refused a value without saying why", { cause: result.error });
  return { line, code: issueCode(first), pointer: issuePointer(first), message: first.message };
}
