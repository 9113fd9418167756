import { wrapTime } from "hono/timing";
import { Problem } from "../../shared/api/problem.ts";
import type { Considered } from "../../shared/pricing/considered.ts";
import type { AskedLine } from "../../shared/snapshot/line-answer.ts";
import type { Answered, Asking } from "./asking.ts";

/** For each line, in order, what was looked at; undefined where there was nothing to look at. */
export type FullExplanation = readonly (readonly Considered[] | undefined)[];

const linesMax = 20;

/**
 * Asks the control plane what it looked at for these prices: the records as they were in the snapshot that answered.
 * It takes a look into the catalogue, so it is for support, and no shop page should wait for it.
 */
export async function explainFully(
  { question, result }: Answered,
  lines: readonly AskedLine[],
  { caller, c }: Asking,
): Promise<FullExplanation> {
  if (caller.kind !== "key") throw new Problem("forbidden", { detail: "A full explanation is for keys" });
  if (lines.length > linesMax) {
    throw new Problem("too_many_lines", { detail: `A full explanation is for at most ${linesMax} lines` });
  }
  const { asked, at, snapshot } = question;
  const { customer, channel } = asked;
  const { sequence } = snapshot.head;
  const toExplain = { sequence, customer, channel, currency: result.currency, at, lines };
  try {
    return await wrapTime(c, "explain", c.env.EXPLAINER.explain(toExplain));
  } catch (cause) {
    throw new Problem("explanation_unavailable", { cause });
  }
}
