import { log } from "../../shared/api/log.ts";
import type { QuoteEvent } from "../../shared/quoting/event.ts";
import type { OrderTaker, QuotedOrder } from "../../shared/quoting/order.ts";

/** For how long a claim holds: longer than a call may take, with what an ERP may still do after it. */
export const claimMilliseconds = 90_000;

const timeoutMilliseconds = 30_000;

/**
 * Has the order booked. It may have been booked by an attempt of which nobody knows how it ended, so it is looked for
 * first, always: an order is never placed blindly.
 *
 * @returns what became of it
 * @throws when that is not known; to be tried again when the claim has ended
 */
export async function handOver(order: QuotedOrder, taker: OrderTaker): Promise<QuoteEvent> {
  const booked = await inTime(taker.find(order.id));
  if (booked !== undefined && booked !== null) return { type: "ordered", order: order.id, erpOrder: booked };
  const placed = await inTime(taker.place(order));
  switch (placed.kind) {
    case "placed":
      return { type: "ordered", order: order.id, erpOrder: placed.erpOrder };
    case "refused":
      log("order_refused", { order: order.id, quote: order.quote });
      return { type: "order_refused", order: order.id, problem: placed.problem };
  }
}
