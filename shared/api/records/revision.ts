import * as z from "zod";
import { parseInstant } from "../../pricing/instant.ts";
import { NumberLiteral } from "../exact-json.ts";
import { instant } from "../values.ts";
import { refuse } from "./refusal.ts";

/** A record's version in the ERP. */
export interface Revision {
  /** As the ERP wrote it: the digits of an integer, or an instant. */
  readonly text: string;
  /** Sorts as revisions of one kind do; its first letter is the kind. */
  readonly order: string;
  /** For an instant only: the milliseconds it stands for. */
  readonly at?: number | undefined;
}

const integerDigitsMax = 30;
const integerText = /^(-?)(0|[1-9][0-9]*)$/;

export const revision = z
  .unknown()
  .transform((value, context): Revision => {
    if (value instanceof NumberLiteral) {
      const order = integerOrder(value.text);
      if (order !== undefined) return { text: value.text, order };
    } else if (typeof value === "string" && instant.safeParse(value).success) {
      const found = instantOrder(value);
      if (found !== undefined) return { text: value, ...found };
    }
    refuse(context, "invalid_rev", "A rev is a JSON integer or an RFC 3339 instant with an offset");
    return z.NEVER;
  })
  .meta({
    description: "An integer or an RFC 3339 instant from the ERP",
    examples: [7, "2026-11-23T10:00:00Z"],
  });

function integerOrder(text: string): string | undefined {
  const [, sign, digits] = integerText.exec(text) ?? [];
  if (digits === undefined || digits.length > integerDigitsMax) return undefined;
  const padded = digits.padStart(integerDigitsMax, "0");
  // Below zero the larger magnitude comes first, so each digit is turned round.
  if (sign === "-" && digits !== "0")
    return `in${padded.replace(/[0-9]/g, (digit) => String(9 - Number(digit)))}`;
  return `ip${padded}`;
}

// Shifts all seconds since the year 0 to be positive and of equal length.
const secondsShift = 10 ** 12;

function instantOrder(text: string): { order: string; at: number } | undefined {
  const at = parseInstant(text);
  if (at === undefined) return undefined;
  const fraction = /\.(\d{1,9})/.exec(text)?.[1] ?? "";
  return { order: `t${Math.floor(at / 1000) + secondsShift}${fraction.padEnd(9, "0")}`, at };
}
