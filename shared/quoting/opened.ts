import type { Asked, PricedSet } from "./command.ts";
import type { QuoteEvent } from "./event.ts";
import { withoutOffers } from "./offered-set.ts";
import { revisionOf } from "./revision.ts";

export interface Opening {
  readonly quote: string;
  readonly customer: string;
  readonly customerName: string;
  readonly currency: string;
  readonly channel?: string;
  readonly set: PricedSet;
}

/** The first event of a quote. */
export function opened(opening: Opening, { actor, at }: Asked): QuoteEvent {
  const { quote, customer, customerName, currency, channel } = opening;
  const set = actor.party === "buyer" ? withoutOffers(opening.set, currency) : opening.set;
  return {
    type: "opened",
    quote,
    customer,
    customerName,
    currency,
    ...(channel === undefined ? {} : { channel }),
    revision: revisionOf(set, { number: 1, by: actor.party, at, currency }),
  };
}
