import * as z from "zod";
import { integer } from "../../shared/api/values.ts";

const limitMax = 1000;
const limitDefault = 100;

/** How many entries a page may have. */
export const limit = z
  .string()
  .regex(/^[1-9][0-9]{0,3}$/)
  .transform(Number)
  .pipe(z.number().max(limitMax))
  .default(limitDefault)
  .meta({ type: "integer", minimum: 1, maximum: limitMax, default: limitDefault });

/** A whole number in a body. */
export function whole(minimum: number, maximum: number, description: string) {
  const inBounds = z.number().min(minimum).max(maximum);
  return integer.pipe(inBounds).meta({ type: "integer", minimum, maximum, description });
}

/** The `next` of the page before. */
export const after = z.string().max(4000);

export const sequence = z
  .string()
  .regex(/^(?:0|[1-9][0-9]{0,14})$/)
  .transform(Number)
  .meta({ type: "integer", minimum: 0 });

/** A batch as answers name it, read as its number. */
export const batch = z
  .string()
  .regex(/^b[1-9][0-9]{0,14}$/)
  .transform((id) => Number(id.slice(1)))
  .meta({ type: "string", examples: ["b12"] });

/** The number of the last entry of the page before, for lists that go back in time. */
export const before = z
  .string()
  .regex(/^[1-9][0-9]{0,14}$/)
  .transform(Number)
  .meta({ type: "string", description: "The `next` of the page before" });
