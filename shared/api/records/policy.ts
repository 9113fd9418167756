import * as z from "zod";
import { isTimeZone } from "../../pricing/time-zone.ts";
import { isOpen } from "../../pricing/policy.ts";
import { presetNames, type Exclusion, type Policy } from "../../pricing/records.ts";
import { currency, id, integer, positiveDecimal } from "../values.ts";
import { ids } from "./fields.ts";
import { refuse } from "./refusal.ts";
import { revision } from "./revision.ts";

const placesMax = 8;
const scope = z.enum(["customer", "group", "list", "everyone"]);
const mode = z.enum(["half-up", "half-even", "down", "up"]);

const timeZone = z.string().check((zone) => {
  if (!isTimeZone(zone.value))
    refuse(zone, "unknown_time_zone", "A time zone is an IANA name, such as Europe/Berlin");
});

const precedence = z
  .array(scope)
  .min(1)
  .check((list) => {
    const twice = list.value.findIndex((value, index) => list.value.indexOf(value) < index);
    if (twice !== -1) refuse(list, "duplicate_value", "Each scope may stand in the list once", [twice]);
  });

const places = integer.check((value) => {
  if (value.value < 0 || value.value > placesMax) refuse(value, "out_of_range", `0 to ${placesMax} places`);
});

const types = z.array(id).min(1).max(100);

const exclusion = z
  .strictObject({
    procedure: z.enum(["A", "B", "C", "D", "E", "F", "L"]),
    types,
    against: types.optional(),
  })
  .transform((value, context): Exclusion => {
    const { procedure, types: named, against } = value;
    if (procedure === "C" || procedure === "D" || procedure === "F") {
      if (against !== undefined) return { procedure, types: named, against };
      refuse(context, "missing_field", `Procedure ${procedure} compares with other types`, ["against"]);
      return z.NEVER;
    }
    if (against === undefined) return { procedure, types: named };
    refuse(context, "unknown_field", `Procedure ${procedure} compares with no other types`, ["against"]);
    return z.NEVER;
  });

const smallestAmounts = z.record(z.string(), positiveDecimal).check((record) => {
  for (const code of Object.keys(record.value)) {
    if (!currency.safeParse(code).success)
      refuse(record, "invalid_currency", "The key is a currency", [code]);
  }
});

const placesOrCurrency = z
  .unknown()
  .transform((value, context): number | "currency" => {
    if (value === "currency") return value;
    const found = places.safeParse(value);
    if (found.success) return found.data;
    for (const issue of found.error.issues) context.issues.push({ ...issue, input: undefined });
    return z.NEVER;
  })
  .meta({ anyOf: [{ const: "currency" }, { type: "integer", minimum: 0, maximum: placesMax }] });

export const policy = z
  .strictObject({
    type: z.literal("policy"),
    id: z.literal("default"),
    op: z.literal("upsert").optional(),
    rev: revision.optional(),
    timeZone: timeZone.optional(),
    preset: z.enum(presetNames).optional(),
    currency: currency.optional(),
    convert: z.enum(["none", "rates"]).optional(),
    defaultLists: ids.optional(),
    precedence: precedence.optional(),
    choose: z.enum(["first", "lowest"]).optional(),
    fallback: z.enum(["listPrice", "none"]).optional(),
    rules: z.enum(["first", "best", "stack"]).optional(),
    exclusions: z.array(exclusion).max(20).optional(),
    rounding: z
      .strictObject({
        unitPrice: z.strictObject({ places: placesOrCurrency, mode }).optional(),
        line: z.strictObject({ mode, to: smallestAmounts.optional() }).optional(),
      })
      .optional(),
  })
  .check(openInPreset);

function openInPreset(record: z.core.ParsePayload<Policy>): void {
  const { preset } = record.value;
  if (preset === undefined) return;
  for (const field of ["precedence", "choose", "fallback", "rules", "convert"] as const) {
    if (record.value[field] === undefined || isOpen(preset, field)) continue;
    refuse(record, "set_by_preset", `The preset ${preset} says what ${field} is`, [field]);
  }
}
