import * as z from "zod";
import { id } from "../values.ts";
import { revision } from "./revision.ts";

/** What every record has. */
export function common<Type extends string>(type: Type) {
  return { type: z.literal(type), id, op: z.literal("upsert").optional(), rev: revision.optional() };
}
