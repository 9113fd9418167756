import * as z from "zod";
import { Problem } from "./problem.ts";

const printable = /^[\x20-\x7e]{1,200}$/;

/** The header as a route describes it: that it is required is checked by `idempotencyKeyOf`, with a code of its own. */
export const idempotencyKeyHeader = z.string().optional().meta({
  description: "1 to 200 printable ASCII characters. The same key and bytes get the same answer again",
  "x-required": true,
});

/** The header's value as a key. */
export function idempotencyKeyOf(header: string | undefined): string {
  if (header !== undefined && printable.test(header)) return header;
  throw new Problem("idempotency_key_required", {
    detail:
      "Idempotency-Key is 1 to 200 printable ASCII characters, new for each request and kept for its repetition",
  });
}
