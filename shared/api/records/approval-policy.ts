import * as z from "zod";
import type { ApprovalNeed, Asked } from "../../quoting/records.ts";
import { NumberLiteral } from "../exact-json.ts";
import { amount, currency, date, id, integer, percentUpTo100, text } from "../values.ts";
import { common } from "./common.ts";
import { textsOnce, wantedIds } from "./fields.ts";
import { refuse } from "./refusal.ts";
import { windowInOrder } from "./window.ts";

const tiersMax = 100;
const needsMax = 20;
const askedMax = 50;
const hoursMax = 8_760;
const daysMax = 36_500;

function integerBetween(least: number, most: number) {
  return integer.check((value) => {
    if (value.value < least || value.value > most)
      refuse(value, "out_of_range", `An integer from ${least} to ${most}`);
  });
}

/** An object with exactly one of these keys, each an id. */
function oneOf<Key extends string>(keys: readonly Key[]) {
  return z
    .unknown()
    .transform((value, context): { [K in Key]: Record<K, string> }[Key] => {
      const given =
        typeof value === "object" &&
        value !== null &&
        !Array.isArray(value) &&
        !(value instanceof NumberLiteral)
          ? Object.entries(value)
          : [];
      const [first] = given;
      const key = keys.find((known) => known === first?.[0]);
      if (first === undefined || key === undefined || given.length !== 1) {
        refuse(context, "wrong_form", `An object with exactly one of the fields ${keys.join(", ")}`);
        return z.NEVER;
      }
      const found = id.safeParse(first[1]);
      if (found.success) return { [key]: found.data } as Record<typeof key, string>; // Made of that one key.
      for (const issue of found.error.issues)
        context.issues.push({ ...issue, path: [key, ...issue.path], input: undefined });
      return z.NEVER;
    })
    .meta({
      oneOf: keys.map((key) => ({
        type: "object",
        properties: { [key]: { type: "string", minLength: 1, maxLength: 200 } },
        required: [key],
        additionalProperties: false,
      })),
    });
}

const asked = oneOf(["role", "person", "team"]) satisfies z.ZodType<Asked>;

const atLeast = z
  .unknown()
  .transform((value, context): number | "all" => {
    if (value === "all") return value;
    const found = integerBetween(1, askedMax).safeParse(value);
    if (found.success) return found.data;
    for (const issue of found.error.issues) context.issues.push({ ...issue, input: undefined });
    return z.NEVER;
  })
  .meta({ anyOf: [{ const: "all" }, { type: "integer", minimum: 1, maximum: askedMax }] });

const need = z
  .strictObject({ atLeast: atLeast.optional(), of: z.array(asked).min(1).max(askedMax) })
  .check(canBeMet);

/** How many have a role, or are in a team, is known only when they are asked. */
function canBeMet(record: z.core.ParsePayload<ApprovalNeed>): void {
  const { atLeast: wanted, of } = record.value;
  if (typeof wanted !== "number" || wanted <= of.length || of.some((one) => !("person" in one))) return;
  refuse(record, "out_of_range", `At least ${wanted} of ${of.length} can't be met`, ["atLeast"]);
}

const when = z.strictObject({
  discountAbove: percentUpTo100.optional(),
  marginBelow: percentUpTo100.optional(),
  totalAbove: z.strictObject({ amount, currency }).optional(),
  paymentTerms: textsOnce.optional(),
  customerGroups: wantedIds.optional(),
  lineDiscountAbove: percentUpTo100.optional(),
  lineMarginBelow: percentUpTo100.optional(),
  categories: wantedIds.optional(),
  priceOlderThanDays: integerBetween(0, daysMax).optional(),
});

export const approvalPolicy = z
  .strictObject({
    ...common("approvalPolicy"),
    name: text.optional(),
    when,
    tier: integerBetween(1, tiersMax),
    needs: z.array(need).min(1).max(needsMax),
    remindAfterHours: integerBetween(1, hoursMax).optional(),
    escalateAfterHours: integerBetween(1, hoursMax).optional(),
    escalateTo: oneOf(["role", "person"]).optional(),
    from: date.optional(),
    until: date.optional(),
  })
  .check(windowInOrder, escalatesOnce);

function escalatesOnce(
  record: z.core.ParsePayload<{ escalateAfterHours?: number | undefined; escalateTo?: object | undefined }>,
): void {
  const { escalateAfterHours, escalateTo } = record.value;
  if (escalateTo !== undefined && escalateAfterHours === undefined)
    refuse(record, "missing_field", "Whom it escalates to needs a time", ["escalateAfterHours"]);
}
