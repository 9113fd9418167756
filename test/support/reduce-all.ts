import type { LoggedEvent } from "../../shared/quoting/event.ts";
import type { Quote } from "../../shared/quoting/quote.ts";
import { reduce } from "../../shared/quoting/reduce.ts";

export function reduceAll(log: readonly LoggedEvent[]): Quote {
  let quote: Quote | undefined;
  for (const entry of log) quote = reduce(quote, entry);
  if (quote === undefined) throw new Error("A log without events is no quote");
  return quote;
}
