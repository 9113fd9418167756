import { expect, it } from "vitest";
import { orderOf } from "../../shared/quoting/order-of.ts";
import { playText } from "../support/play-text.ts";

const accepted = `
price BIKE 100.00
sally opens 40 BIKE at 90.00 po 4711 -> draft
sally offers -> approved
sally sends -> sent
buyer accepts -> accepted
`;

it("an order is booked once, whatever else is answered later", () => {
  const { world } = playText(accepted);
  expect(world.handOver({ kind: "placed", erpOrder: "SO-1" })).toHaveLength(1);
  expect(world.handOver({ kind: "placed", erpOrder: "SO-1" })).toEqual([]);
  expect(world.handOver({ kind: "placed", erpOrder: "SO-2" })).toEqual([]);
  expect(world.handOver({ kind: "refused", problem: "too late" })).toEqual([]);
  expect(world.quote.order).toEqual({ id: "Q-1", status: "placed", erpOrder: "SO-1" });
});

it("the same problem is told once, another one again", () => {
  const { world } = playText(accepted);
  expect(world.handOver({ kind: "refused", problem: "unknown address" })).toHaveLength(1);
  expect(world.handOver({ kind: "refused", problem: "unknown address" })).toEqual([]);
  expect(world.handOver({ kind: "refused", problem: "credit limit" })).toHaveLength(1);
  expect(world.quote.order).toEqual({ id: "Q-1", status: "refused", problem: "credit limit" });
});

it("nothing is handed over before acceptance", () => {
  const { world } = playText(accepted.replace("buyer accepts -> accepted", ""));
  expect(orderOf(world.quote)).toBeUndefined();
  expect(world.handOver({ kind: "placed", erpOrder: "SO-1" })).toEqual([]);
});

it("the buyer's own purchase order number stands above the quote's", () => {
  expect(orderOf(playText(accepted).world.quote)?.purchaseOrder).toBe("4711");
  const told = accepted.replace("buyer accepts", "buyer accepts po 4712");
  expect(orderOf(playText(told).world.quote)?.purchaseOrder).toBe("4712");
});
