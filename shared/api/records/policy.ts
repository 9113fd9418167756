import * as z from "zod";
import { isTimeZone } from "../../pricing/time-zone.ts";
import { integer } from "../values.ts";
import { unsupported } from "./fields.ts";
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

export const policy = z.strictObject({
  type: z.literal("policy"),
  id: z.literal("default"),
  op: z.literal("upsert").optional(),
  rev: revision.optional(),
  timeZone: timeZone.optional(),
  preset: unsupported("unsupported_preset", "Presets are not priced yet; the fields themselves are"),
  precedence: precedence.optional(),
  choose: z.enum(["first", "lowest"]).optional(),
  fallback: z.enum(["listPrice", "none"]).optional(),
  rules: z.enum(["first", "best", "stack"]).optional(),
  rounding: z
    .strictObject({
      unitPrice: z.strictObject({ places, mode }).optional(),
      line: z.strictObject({ mode }).optional(),
    })
    .optional(),
});
