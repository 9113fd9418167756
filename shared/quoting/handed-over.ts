import type { QuoteEvent } from "./event.ts";
import type { Placed } from "./order.ts";
import type { Quote } from "./quote.ts";

/** What the answer to a hand-over does to a quote; the same answer again, or one after it was placed, does nothing. */
export function handedOver(quote: Quote, placed: Placed): readonly QuoteEvent[] {
  const { order, status } = quote;
  if (status !== "accepted" || order === undefined) return [];
  switch (placed.kind) {
    case "placed":
      return [{ type: "ordered", order: order.id, erpOrder: placed.erpOrder }];
    case "refused":
      return order.status === "refused" && order.problem === placed.problem
        ? []
        : [{ type: "order_refused", order: order.id, problem: placed.problem }];
  }
}
