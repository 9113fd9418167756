import * as z from "zod";
import { signToken } from "../../shared/snapshot/token.ts";

/** What the routes of intake answer, for the documentation. */

const count = z.int().min(0);

const lineProblem = z.strictObject({
  batch: z.string().optional(),
  line: z.int(),
  type: z.string().optional(),
  id: z.string().optional(),
  code: z.string(),
  pointer: z.string().optional(),
  message: z.string(),
});

/** `counts` add up to `received`; `staged` only for records sent to a sweep. */
export const batchAnswer = z.strictObject({
  batch: z.string(),
  sequence: z.int(),
  token: z.string().meta({
    description:
      "A price question that carries it as `atLeast` is answered with what this batch changed, once it is live",
  }),
  received: count,
  counts: z.strictObject({
    applied: count,
    unchanged: count,
    stale: count,
    invalid: count,
    parked: count,
    staged: count.optional(),
  }),
  problems: z.array(lineProblem).max(1000),
  problemsTruncated: z.boolean(),
  released: count.meta({ description: "Records that were parked before and were applied with this batch" }),
});

export const commitAnswer = batchAnswer.extend({
  deleted: count.meta({ description: "Records that stood in the scope and were not in the set" }),
});

export const recordsAnswer = z.strictObject({
  records: z.array(z.looseObject({ type: z.string(), id: z.string() })),
  next: z.string().nullable(),
});

export const problemsAnswer = z.strictObject({
  problems: z.array(
    lineProblem.extend({ batch: z.string(), state: z.enum(["invalid", "parked"]), at: z.string() }),
  ),
  next: z.string().nullable(),
});

/** A stored answer with the token of its sequence, which is made anew since the secret may be another by now. */
export function withToken(answer: string, signingSecret: string): string {
  const { sequence } = JSON.parse(answer) as { sequence: number };
  const token = signToken({ number: 0, through: sequence }, signingSecret);
  return `${answer.slice(0, -1)},"token":${JSON.stringify(token)}}`;
}
