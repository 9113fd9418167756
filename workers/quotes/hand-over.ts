import type { OrderTaker, Placed, QuotedOrder } from "../../shared/quoting/order.ts";

/**
 * For how long nobody tries again after an attempt has begun: longer than both its calls may take, and with time for
 * an ERP to end what it still does of a call that was given up.
 */
export const claimMilliseconds = 120_000;

const timeoutMilliseconds = 30_000;

/**
 * Has the order booked. It may have been booked by an attempt of which nobody knows how it ended, so it is looked for
 * first, always: an order is never placed blindly.
 *
 * @throws when nobody knows what became of it; to be tried again when the claim has ended
 */
export async function handOver(order: QuotedOrder, taker: OrderTaker): Promise<Placed> {
  const erpOrder = (await inTime("find", taker.find(order.id))) ?? undefined;
  if (erpOrder !== undefined) return { kind: "placed", erpOrder };
  return inTime("place", taker.place(order));
}

async function inTime<Result>(call: string, answer: Promise<Result>): Promise<Result> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const error = new Error(`The ERP did not answer to ${call} in time`);
  const timer = setTimeout(() => reject(error), timeoutMilliseconds);
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}
