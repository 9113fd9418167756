import fc from "fast-check";
import { expect, it } from "vitest";
import { quoteCommands } from "../../shared/quoting/command.ts";
import { quoteStatuses } from "../../shared/quoting/quote.ts";
import { plain, runArbitrary, type Attempt } from "../support/quote-attempt.ts";
import { QuotePair } from "../support/quote-pair.ts";

it(
  "does what an independent model of the rules does, refuses what it refuses, and shows a buyer no secret",
  { timeout: 60_000 },
  () => {
    fc.assert(
      fc.property(runArbitrary, (run) => {
        play(run);
      }),
      { numRuns: 300 },
    );
  },
);

it("has runs that reach every state, every command and every reason to refuse", { timeout: 60_000 }, () => {
  const reached = new Set<string>();
  const outcomes = new Set<string>();
  for (const run of fc.sample(runArbitrary, { numRuns: 200, seed: 1 })) {
    const pair = play(run);
    for (const status of pair.reached) reached.add(status);
    for (const outcome of pair.outcomes) outcomes.add(outcome);
  }
  expect(quoteStatuses.filter((status) => !reached.has(status))).toEqual([]);
  const reasons = [
    "not_for_party",
    "wrong_state",
    "expired",
    "self_approval",
    "not_asked",
    "beyond_authority",
    "already_decided",
    "not_a_delegate",
    "incomplete",
    "unknown_pick",
  ];
  expect([...quoteCommands, ...reasons].filter((each) => !outcomes.has(each))).toEqual([]);
});

function play({
  isBuyers,
  attempts,
}: {
  readonly isBuyers: boolean;
  readonly attempts: readonly Attempt[];
}): QuotePair {
  const pair = new QuotePair(isBuyers, plain);
  for (const attempt of attempts) pair.attempt(attempt);
  pair.finish();
  return pair;
}
