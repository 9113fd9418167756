import type { Party } from "./actor.ts";
import type { LoggedEvent, QuoteEvent } from "./event.ts";
import type { Audience } from "./view.ts";

/** An entry of the log as one audience may see it. */
export interface EventView {
  readonly seq: number;
  readonly at: string;
  readonly by: Party;
  /** For internal readers: who, by which key. */
  readonly person?: string;
  readonly key?: string;
  readonly type: QuoteEvent["type"];
  /** What it says besides. */
  readonly says: Readonly<Record<string, unknown>>;
}

/** Undefined: this audience may not know of it. */
export function eventFor(audience: Audience, { seq, at, actor, event }: LoggedEvent): EventView | undefined {
  if (audience === "internal") {
    const { type, ...says } = event;
    return { seq, at, by: actor.party, person: actor.person, key: actor.key, type, says };
  }
  const says = buyersWords(event, actor.party);
  return says === undefined ? undefined : { seq, at, by: actor.party, type: event.type, says };
}

/**
 * What a buyer may read of an event. A seller's revision is not in here, sent or not: once it is sent, the quote itself
 * shows it.
 */
function buyersWords(event: QuoteEvent, by: Party): EventView["says"] | undefined {
  switch (event.type) {
    case "opened": {
      const { quote, customer, customerName, currency, revision } = event;
      return { quote, customer, customerName, currency, ...(by === "buyer" ? { revision } : {}) };
    }
    case "revised":
      return by === "buyer" ? { kind: event.kind, revision: event.revision } : undefined;
    case "submitted":
    case "expired":
      return {};
    case "commented":
      return event.internal ? undefined : { text: event.text };
    case "sent":
      return { contentHash: event.contentHash };
    case "accepted": {
      const { contentHash, picks, order, purchaseOrder, contact } = event;
      return {
        contentHash,
        picks,
        order,
        ...(purchaseOrder === undefined ? {} : { purchaseOrder }),
        ...(contact === undefined ? {} : { contact }),
      };
    }
    case "declined":
    case "withdrawn":
      return event.reason === undefined ? {} : { reason: event.reason };
    case "ordered":
      return { order: event.order, erpOrder: event.erpOrder };
    case "offered":
    case "approved":
    case "tier_met":
    case "rejected":
    case "delegated":
    case "reminded":
    case "escalated":
    case "order_refused":
      return undefined;
  }
}
